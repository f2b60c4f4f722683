#include "common/client/channel.h"
