#include "common/server/metrics.h"
