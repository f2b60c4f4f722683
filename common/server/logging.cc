#include "common/server/logging.h"
