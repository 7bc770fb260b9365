// One store of a home, as `falaj store` prints it. Never a token.
// Threads:  values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace falaj::operate {

struct StoreView {
  int64_t id = 0;
  std::string name;   // chosen by the user
  std::string title;  // what the store calls itself
  std::string plan;
  std::string access;  // how it came here: "static token", "authorized", "installed"
  std::string state;   // active, burnt, uninstalled
  std::string remark;  // why, and what to do; empty when nothing is to be done
  bool can_refresh = false;
  std::string added_at;
  std::string issued_at;
  std::string expires_at;  // empty: the token has no end that is known
  std::string scopes;
};

Json to_json(const StoreView& store);
Json to_json(const std::vector<StoreView>& stores);

}  // namespace falaj::operate
