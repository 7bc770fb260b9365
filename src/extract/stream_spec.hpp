// One stream of a store's API as data: where it is asked for, how it is paged, what it may cost, how
// changes show, and the table that its rows become.
// Shape:    declared by a connector's catalogue; paths start at the API's base and may hold one of
//           {id} (an entity of the stream) and {parent} (one of the parent stream).
// Threads:  values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decode/table_spec.hpp"

namespace falaj::extract {

// salla-api.md 2.1 has the four shapes.
enum class Paging { kPages, kOpaqueCursor, kIntegerCursor, kNone };

enum class Changes {
  kLatestFirst,     // the list can be sorted by latest change: walked from the top
  kNewestFirst,     // read whole once, then what was created since and reread_days before
  kCompare,         // read whole each time; payloads that did not change are counted
  kWithParent,      // asked again when the parent changed
  kWrittenByFalaj,  // no request: our own records
};

struct StreamSpec {
  std::string name;         // "orders"
  std::string path;         // "/orders", "/orders/items?order_id={parent}"; empty: nothing to ask
  std::string entity_path;  // "/orders/{id}"; empty: entities cannot be asked for alone
  Paging paging = Paging::kNone;
  std::string from_parameter;  // of the day filter on creation; empty: there is none
  std::string to_parameter;
  std::string parent;  // stream whose entities are asked about one by one; empty: a list of its own
  std::string scope;   // "orders.read"; empty: none is needed
  std::string bucket = "store";  // quota that a request draws on: "store" or "customers"
  Changes changes = Changes::kCompare;
  int reread_days = 30;  // kNewestFirst: how long an entity is taken to go on changing
  // Written with the deletion of an entity that a whole list no longer has; "sweep" unless absence
  // has a meaning of its own, which also needs no proof.
  std::string gone_reason = "sweep";
  // Entities whose newest payload has one of these values in this column of their table have left the
  // list for good: that it lacks them says nothing of them, and nobody asks for them again.
  std::string settled_column;
  std::vector<std::string> settled_values;
  bool is_enabled = true;
  std::string note;      // why it is off by default, what it costs, what is assumed
  std::string document;  // where the facts come from
  decode::TableSpec table;
};

inline constexpr std::string_view kSweepReason = "sweep";

std::string_view to_string(Paging paging);
std::string_view to_string(Changes changes);
// What asking for the whole stream costs: "1 a page of 60", "1 an entity of orders", "1".
std::string cost_of(const StreamSpec& stream);

}  // namespace falaj::extract
