// The request limits of a home's stores as all falaj processes of the machine know them.
// Units:    requests; waits in seconds; -1: not known.
// Threads:  values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace falaj::operate {

struct StoreQuota {
  int64_t store_id = 0;
  std::string name;
  std::optional<int64_t> limit;  // a minute; nothing: none announced, or never asked
  int64_t remaining = 0;
  int64_t changes = 0;  // used in this minute, by what it was for
  int64_t deepening = 0;
  int64_t backfill = 0;
  int64_t used_by_others = 0;  // by programs that are not falaj
  int64_t in_flight = 0;
  int64_t clients = 0;  // that share it now
  double window_ends_in = 0;
  double waits_for = 0;  // nobody may ask before
  double last_answer_ago = -1;
};

struct QuotaReport {
  std::vector<StoreQuota> stores;
  // Requests to /customers of this machine's address, all stores together.
  int64_t customers_used = 0;
  int64_t customers_limit = 0;
  double customers_wait = 0;
};

Json to_json(const QuotaReport& report);

}  // namespace falaj::operate
