// What the warehouse already knows of a store, and what extraction remembers between runs: the two
// things that an extractor asks of the program around it.
// Threads:  called on the extracting thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace falaj::extract {

// A live (not deleted) order.
struct KnownOrder {
  int64_t id = 0;
  int64_t list_key = 0;  // payload_key of its newest list row: tells whether the row has changed
  bool is_deep = false;  // details and items are known
  uint16_t day = 0;      // on which it was created, as day_window.hpp counts; 0: not known
  float value = 0;       // roughly its total
};

struct KnownStore {
  const KnownOrder* find_order(int64_t id) const;

  std::vector<KnownOrder> orders;  // sorted by id
  std::vector<int64_t> customers;  // live ids, sorted
  std::vector<int64_t> products;
};

// Reads it when it is first needed, which is after the first answers.
using ReadKnownStore = std::function<Result<KnownStore>()>;

// Small texts by name, kept between runs of one store.
struct CursorStore {
  std::function<Result<std::optional<std::string>>(const std::string& name)> get;
  std::function<Status(const std::string& name, const std::string& value)> set;
};

}  // namespace falaj::extract
