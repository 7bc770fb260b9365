#include "operate/store_view.hpp"

namespace falaj::operate {

Json to_json(const StoreView& store) {
  Json json;
  json.set("store_id", store.id);
  json.set("name", store.name);
  json.set("title", store.title);
  json.set("plan", store.plan);
  json.set("access", store.access);
  json.set("state", store.state);
  json.set("remark", store.remark);
  json.set("can_refresh", store.can_refresh);
  json.set("added_at", store.added_at);
  json.set("issued_at", store.issued_at);
  json.set("expires_at", store.expires_at.empty() ? Json() : Json(store.expires_at));
  json.set("scopes", store.scopes);
  return json;
}

Json to_json(const std::vector<StoreView>& stores) {
  Json::Array rows;
  for (const auto& store : stores) rows.push_back(to_json(store));
  return rows;
}

}  // namespace falaj::operate
