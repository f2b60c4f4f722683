#include "common/server/unary.h"
