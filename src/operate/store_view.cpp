#include "operate/store_view.hpp"

#include "operate/report_shapes.hpp"

namespace falaj::operate {

const Described<StoreView>& store_shape() {
  static const auto kShape =
      Described<StoreView>("store")
          .field("store_id", &StoreView::id, "the store")
          .field("name", &StoreView::name, "its name in this home")
          .field("title", &StoreView::title, "what it calls itself")
          .field("plan", &StoreView::plan, "its plan at Salla")
          .field("access", &StoreView::access,
                 "how its token came here: static token, authorized, installed")
          .field("state", &StoreView::state, "active, burnt, unclear or uninstalled")
          .field("remark", &StoreView::remark, "why, and what to do; empty: nothing")
          .field("can_refresh", &StoreView::can_refresh, "whether falaj refreshes its token")
          .time("added_at", &StoreView::added_at, "when it came into the home")
          .time("issued_at", &StoreView::issued_at, "when its token was made")
          .time(
              "expires_at",
              [](const StoreView& store) {
                return store.expires_at.empty() ? std::nullopt : std::optional(store.expires_at);
              },
              "when its token ends; null: not known")
          .field("scopes", &StoreView::scopes, "what the token allows");
  return kShape;
}

Json to_json(const StoreView& store) {
  return store_shape().to_json(store);
}

Json to_json(const std::vector<StoreView>& stores) {
  return store_shape().to_json(stores);
}

}  // namespace falaj::operate
