// Filters of lists that look at the rows as they are written: by a member's value, a keyword, a yes
// or no. One table says which documented parameter looks at what; one that a simulated store cannot
// answer is refused with 422, never ignored.
// Threads:  functions without state.
// Facts:    salla-api.md 2.2
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http_server/response.hpp"
#include "simulator/api.hpp"

namespace falaj::simulator {

// All rows of a list, whatever its paging; an answer when it refuses. `has_pages`: it says so itself.
std::optional<http_server::Response> read_whole_list(ApiCall& call, const ApiRoute& route,
                                                     std::vector<std::string>& rows,
                                                     bool& has_pages);

// The list with the rows that the request's filters leave, or a refusal; nothing when it names none.
std::optional<http_server::Response> filtered_list(ApiCall& call, const ApiRoute& route);

}  // namespace falaj::simulator
