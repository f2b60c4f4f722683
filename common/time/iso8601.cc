#include "common/time/iso8601.h"
