#include "common/concurrency/worker_pool.h"
