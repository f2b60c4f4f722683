#include "common/config/flags.h"
