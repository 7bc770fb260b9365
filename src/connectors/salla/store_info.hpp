// Who a store is, as its API tells it: under names of this folder.
// Threads:  values.
#pragma once

#include "extract/page_loop.hpp"
#include "extract/store_info.hpp"

namespace falaj::connectors::salla {

using extract::kStoreInfoRequest;
using extract::parse_store_info;
using extract::StoreInfo;

}  // namespace falaj::connectors::salla
