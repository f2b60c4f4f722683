#include "common/log/rocksdb_log.h"
