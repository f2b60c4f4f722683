#include "common/storage/keys.h"
