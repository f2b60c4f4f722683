#include "common/hash/hash.h"
