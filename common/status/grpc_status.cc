#include "common/status/grpc_status.h"
