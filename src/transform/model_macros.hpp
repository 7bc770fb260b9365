// What models say in a few words about which payload of BRONZE counts: the rule of docs/models.md,
// "Which payload wins", in one place.
// Shape:    {{newest(b)}}                 order of the payloads b, newest first
//           {{lives(orders, b, id, z)}}   a join that gives each b the last deletion of its id as z
//           {{stamp(b, z)}}               the store's own time of change, if it can be one
//           {{dated(payloads, id)}}       a SELECT: payloads, and the latest stamps of their id
//           {{late(b)}}                   1 if the store says that b is older than others, else 0
//           {{known(TABLE, id, a, b)}}    a FROM item: one row a store and id with the columns a, b
//           {{gone(orders)}}              a FROM item: the newest deletion of each id
//           {{is_gone(g, n)}}             a condition: deletion g is newer than what n says
// Threads:  values.
// Errors:   kInvalidConfig for a macro that is not closed or lacks an argument.
#pragma once

#include <string>

#include "base/result.hpp"

namespace falaj::transform {

// Its {{changed(...)}} stay for Model::render(), and {{known}} brings one more.
Result<std::string> expand_macros(std::string sql);

}  // namespace falaj::transform
