// Documented resources that are the same in every simulated store: advertisements, routes, zones,
// banks, templates. Their rows are JSON texts in the shapes of the documentation.
// Shape:    api.cpp says which paths they answer.
// Threads:  functions without state.
// Facts:    salla-api.md 4; the examples that Salla's documentation shows for each path
#pragma once

#include "http_server/response.hpp"
#include "simulator/api.hpp"

namespace falaj::simulator {

http_server::Response fixed_list(ApiCall& call);
http_server::Response fixed_entity(ApiCall& call);
// What hangs on one order or company; any known id has the same.
http_server::Response order_assignment(ApiCall& call);
http_server::Response company_options(ApiCall& call);
// The store's zone, as events about it have it.
std::string_view shipping_zone();

}  // namespace falaj::simulator
