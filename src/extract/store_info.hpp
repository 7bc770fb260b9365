// Who a token belongs to, from /store/info: asked before anything else.
// Facts:    salla-api.md 4.6 (`data` is an object; `plan` tells the rate limit)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace falaj::extract {

constexpr const char* kStoreInfoRequest = "/store/info";

struct StoreInfo {
  int64_t id = 0;
  std::string name;
  std::string plan;
  std::string currency;
};

Result<StoreInfo> parse_store_info(std::string_view body);

}  // namespace falaj::extract
