#include "common/paging/page_token.h"
