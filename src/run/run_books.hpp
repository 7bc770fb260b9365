// What the books in the warehouse say that a run has loaded, in all of its processes: of a run that was
// stopped and taken up again, each process knows its own part only.
// Shape:    tables that count sets of lines are left out; the books say which those are, whatever the
//           catalogue has become since.
// Units:    rows.
// Threads:  functions.
// Errors:   the session's.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "run/run_report.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::run {

// One entry a stream, without requests and pages.
Result<std::vector<StreamReport>> read_books(warehouse::Session& session, const std::string& run);

// By run, of those that are asked for; one that has loaded nothing is left out.
Result<std::map<std::string, int64_t>> rows_loaded_by(warehouse::Session& session,
                                                      const std::vector<std::string>& runs);

}  // namespace falaj::run
