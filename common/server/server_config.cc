#include "common/server/server_config.h"
