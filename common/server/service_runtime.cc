#include "common/server/service_runtime.h"
