// What a run or a backfill would take of one store, as `falaj plan` prints it.
// Shape:    a line a stream, of orders one a part; windows of lists that are cut.
// Units:    requests and rows as the report of a run counts them (`requests`, `fetched`); minutes of
//           the store's quota.
// Threads:  values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/count_range.hpp"
#include "base/json.hpp"

namespace falaj::operate {

struct PlanItem {
  std::string stream;
  std::string part;  // of orders: list, details or confirmations; else empty
  CountRange requests;
  std::optional<CountRange> rows;  // unknown before they are asked for
  std::string reason;
  bool is_of_customers = false;  // also draws on the limit that all stores of an address share
};

struct PlanWindow {
  std::string stream;
  std::string from;  // YYYY-MM-DD; empty: all days
  std::string to;
  std::string status;  // empty: all
  int64_t rows = 0;
  int64_t requests = 0;
};

struct PlanReport {
  int64_t store_id = 0;
  std::string store_name;
  std::string store_plan;
  std::string task;  // "run", "backfill of 2025-01-01 to 2025-03-31"
  std::optional<int64_t> limit_per_minute;
  std::vector<PlanItem> items;
  std::vector<PlanWindow> windows;
  std::vector<std::string> notes;
  int64_t requests_made = 0;  // by the plan itself
  // The customers' requests of this machine's address, in any ten minutes.
  int64_t customers_limit = 500;
  int64_t customers_used = 0;  // of them, by all stores

  CountRange requests() const;
  CountRange customers_requests() const;
  // Minutes of quota that so many requests are; nothing without a limit.
  std::optional<double> quota_minutes(int64_t requests) const;
  // At least so long nothing else can be done: by the store's limit and by the customers'.
  double customers_minutes() const;
};

// "orders (details)"
std::string name_of(const PlanItem& item);

Json to_json(const PlanReport& plan);
// One store: its object; several: {"stores": [...]}.
Json to_json(const std::vector<PlanReport>& plans);

}  // namespace falaj::operate
