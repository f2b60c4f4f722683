#include "common/time/clock.h"
