// What `falaj store` asks of the program behind it; app fills it in.
// Threads:  called from the main thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "operate/store_view.hpp"

namespace falaj::cli {

struct NewStore {
  std::string name;
  Secret token;
};

struct StoreServices {
  std::function<Result<std::vector<operate::StoreView>>(const std::string& home)> list;
  std::function<Result<operate::StoreView>(const std::string& home, const std::string& name)> show;
  // Asks each store who it is and keeps its token; stops at the first that fails.
  std::function<Result<std::vector<operate::StoreView>>(const std::string& home,
                                                        const std::vector<NewStore>& stores)>
      add;
  std::function<Status(const std::string& home, const std::string& name)> remove;
  // `new_key` in base64, or empty: a new one is made.
  std::function<Status(const std::string& home, const Secret& new_key)> rekey;
};

}  // namespace falaj::cli
