#include "operate/quota_report.hpp"

namespace falaj::operate {

Json to_json(const QuotaReport& report) {
  Json json;
  Json::Array stores;
  for (const auto& store : report.stores) {
    Json row;
    row.set("store_id", store.store_id);
    row.set("name", store.name);
    row.set("limit_per_minute", store.limit ? Json(*store.limit) : Json());
    row.set("remaining", store.remaining);
    row.set("used_changes", store.changes);
    row.set("used_deepening", store.deepening);
    row.set("used_backfill", store.backfill);
    row.set("used_by_others", store.used_by_others);
    row.set("in_flight", store.in_flight);
    row.set("clients", store.clients);
    row.set("window_ends_in_secs", store.window_ends_in);
    row.set("waits_secs", store.waits_for);
    row.set("last_answer_secs_ago",
            store.last_answer_ago < 0 ? Json() : Json(store.last_answer_ago));
    stores.push_back(std::move(row));
  }
  json.set("stores", std::move(stores));
  Json customers;
  customers.set("used", report.customers_used);
  customers.set("limit", report.customers_limit);
  customers.set("waits_secs", report.customers_wait);
  json.set("customers", std::move(customers));
  return json;
}

}  // namespace falaj::operate
