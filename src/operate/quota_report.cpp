#include "operate/quota_report.hpp"

#include "operate/report_shapes.hpp"

namespace falaj::operate {

namespace {

// The requests to /customers, as a part of the report.
struct Customers {
  int64_t used = 0;
  int64_t limit = 0;
  double waits_secs = 0;
};

const Described<StoreQuota>& store_quota_shape() {
  static const auto kShape =
      Described<StoreQuota>("quota.store")
          .field("store_id", &StoreQuota::store_id, "the store")
          .field("name", &StoreQuota::name, "its name")
          .field("limit_per_minute", &StoreQuota::limit, "null: the store announces none",
                 "requests")
          .field("remaining", &StoreQuota::remaining, "of this minute", "requests")
          .field("used_changes", &StoreQuota::changes, "used for fresh changes", "requests")
          .field("used_deepening", &StoreQuota::deepening, "used for details and items", "requests")
          .field("used_backfill", &StoreQuota::backfill, "used by backfills", "requests")
          .field("used_by_others", &StoreQuota::used_by_others,
                 "that no falaj on this machine sent", "requests")
          .field("in_flight", &StoreQuota::in_flight, "not answered yet", "requests")
          .field("clients", &StoreQuota::clients, "runs that share the limit", "processes")
          .field("window_ends_in_secs", &StoreQuota::window_ends_in, "until the limit is whole",
                 "s")
          .field("waits_secs", &StoreQuota::waits_for, "nobody may ask before", "s")
          .field(
              "last_answer_secs_ago",
              [](const StoreQuota& store) {
                return store.last_answer_ago < 0 ? std::nullopt
                                                 : std::optional(store.last_answer_ago);
              },
              "null: none came yet", "s");
  return kShape;
}

}  // namespace

const Described<QuotaReport>& quota_shape() {
  static const auto kCustomers =
      Described<Customers>("quota.customers")
          .field("used", &Customers::used, "in the last ten minutes", "requests")
          .field("limit", &Customers::limit, "in any ten minutes", "requests")
          .field("waits_secs", &Customers::waits_secs, "until the next may be sent", "s");
  static const auto kShape =
      Described<QuotaReport>("quota")
          .records("stores", &QuotaReport::stores, store_quota_shape(), "each store's limit")
          .records(
              "customers",
              [](const QuotaReport& report) {
                return Customers{report.customers_used, report.customers_limit,
                                 report.customers_wait};
              },
              kCustomers, "requests to /customers, which all stores behind an address share");
  return kShape;
}

Json to_json(const QuotaReport& report) {
  return quota_shape().to_json(report);
}

}  // namespace falaj::operate
