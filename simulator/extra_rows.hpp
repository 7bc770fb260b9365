// Rows that a test adds to a store's lists, as JSON texts: entities with values that no generator
// would think of. They follow the list's own rows and are found by id.
// Shape:    docs/salla-sim.md, "/_sim/extra-rows". A row with a day shows where a filter of days has it.
// Threads:  confined to one.
// Errors:   add() returns kUsage and says what is wrong; rows before that one stay.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "http_server/response.hpp"

namespace falaj::simulator {

struct ApiCall;
struct ApiRoute;

class ExtraRows {
 public:
  // {"rows": [{"list": "/brands", "id": 7, "day": "2026-11-20", "row": "{\"id\":7}"}]}
  Status add(const Json& body);
  void clear() { lists_.clear(); }
  bool is_empty() const { return lists_.empty(); }
  // By list: how many rows were added.
  Json to_json() const;

  // The answer to a call for a list with such rows, or for one of them; nothing when it is neither.
  std::optional<http_server::Response> answer(ApiCall& call, const ApiRoute& route) const;

 private:
  struct Row {
    int64_t id = 0;
    std::optional<int64_t> day;
    std::string text;
  };

  http_server::Response list(ApiCall& call, const ApiRoute& route,
                             const std::vector<Row>& extra) const;

  std::map<std::string, std::vector<Row>, std::less<>> lists_;
};

}  // namespace falaj::simulator
