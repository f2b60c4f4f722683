#include "common/storage/database.h"
