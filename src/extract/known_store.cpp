#include "extract/known_store.hpp"

#include <algorithm>

namespace falaj::extract {

const KnownOrder* KnownStore::find_order(int64_t id) const {
  const auto found =
      std::lower_bound(orders.begin(), orders.end(), id,
                       [](const KnownOrder& order, int64_t wanted) { return order.id < wanted; });
  return found != orders.end() && found->id == id ? &*found : nullptr;
}

}  // namespace falaj::extract
