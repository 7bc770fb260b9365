// The stores that a home knows by any means: its token vault, its control state, what has landed and
// its warehouse; and which of them somebody means.
// Threads:  functions.
// Errors:   kNotFound with the name that is closest, kUsage when a name is of several.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace falaj::stores {

struct KnownName {
  int64_t store_id = 0;
  std::string name;
  bool was_given = false;  // by whoever added the store; else the store calls itself so
};

struct FoundStore {
  int64_t store_id = 0;
  std::string name;  // the id where it has none
};

// `word`: a name or an id. A name that was given wins over what a store calls itself.
Result<FoundStore> find_store(const std::vector<KnownName>& known, const std::string& word);

// kNotFound: there is no store of that name, with what may have been meant.
Error unknown_store(const std::string& word, const std::vector<std::string>& names);

}  // namespace falaj::stores
