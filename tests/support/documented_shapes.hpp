// What Salla's documentation shows of each endpoint, and how to ask salla-sim for the same.
// Shape:    a place is a path of members, "[]" for elements: "data[].customer.mobile". Its types are the JSON
//           ones; integers and fractions are both numbers.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace falaj::test {

using Places = std::map<std::string, std::set<std::string>>;  // place -> types

void collect_places(const Json& value, const std::string& place, Places& places);

struct DocumentedEndpoint {
  std::string path;                         // "/brands/{brand}"
  std::map<std::string, Places> by_status;  // "200": all examples of it together
};

// Of every file of the folder; files without examples too.
std::vector<DocumentedEndpoint> documented_endpoints(const std::string& folder);

// A difference that is meant, and why.
struct AcceptedDifference {
  std::string path;
  std::string status;
  std::string what;  // as differences() says it
  std::string why;
};

const std::vector<AcceptedDifference>& accepted_differences();

// "lacks data.uuid", "adds data.x", "data.x is a number, documented a string".
std::vector<std::string> differences(const Places& documented, const Places& served);

}  // namespace falaj::test
