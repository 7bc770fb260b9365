#include "operate/store_operations.hpp"

#include "stores/store_authorize.hpp"
#include "stores/store_commands.hpp"

namespace falaj::operate {
namespace {

std::vector<StoreView> to_views(const std::vector<state::VaultStore>& stores) {
  std::vector<StoreView> views;
  for (const auto& store : stores) views.push_back(to_view(store));
  return views;
}

}  // namespace

StoreView to_view(const state::VaultStore& store) {
  StoreView view;
  view.id = store.id.value();
  view.name = store.name;
  view.title = store.title;
  view.plan = store.plan;
  view.access = to_string(store.origin);
  view.state = to_string(store.state);
  view.remark = store.state_reason;
  view.can_refresh = store.can_refresh;
  view.added_at = to_iso8601(store.added_at);
  view.issued_at = to_iso8601(store.issued_at);
  if (store.expires_at) view.expires_at = to_iso8601(*store.expires_at);
  view.scopes = store.scopes;
  return view;
}

Result<std::vector<StoreView>> list_stores(const home::Home& home) {
  FALAJ_ASSIGN(const auto stores, stores::list_stores(home));
  return to_views(stores);
}

Result<StoreView> show_store(const home::Home& home, const std::string& name) {
  FALAJ_ASSIGN(const auto store, stores::show_store(home, name));
  return to_view(store);
}

Result<std::vector<StoreView>> add_stores(const home::Home& home,
                                          const std::vector<NewStore>& given) {
  FALAJ_ASSIGN(const auto added, stores::add_stores(home, given));
  return to_views(added);
}

Result<StoreView> authorize_store(const home::Home& home, stores::CallbackListener& listener,
                                  const AuthorizeRequest& request, const ShowAddress& show) {
  FALAJ_ASSIGN(const auto store, stores::authorize_store(home, request, show, listener));
  return to_view(store);
}

Result<std::vector<StoreView>> refresh_stores(const home::Home& home,
                                              const RefreshRequest& request) {
  FALAJ_ASSIGN(const auto refreshed, stores::refresh_stores(home, request));
  return to_views(refreshed);
}

}  // namespace falaj::operate
