#include "common/client/stream_follower.h"
