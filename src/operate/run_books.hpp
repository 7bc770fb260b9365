// What the books in the warehouse say that a run has loaded, in all of its processes: of a run that was
// stopped and taken up again, each process knows its own part only.
// Units:    rows.
// Threads:  functions.
// Errors:   the session's.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "operate/run_report.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::operate {

// One entry a stream, without requests and pages. `helpers`: tables whose rows are no stream's
// ("bronze_order_item_sets").
Result<std::vector<StreamReport>> read_books(warehouse::Session& session, const std::string& run,
                                             const std::vector<std::string>& helpers);

// By run, of those that are asked for; one that has loaded nothing is left out.
Result<std::map<std::string, int64_t>> rows_loaded_by(warehouse::Session& session,
                                                      const std::vector<std::string>& runs,
                                                      const std::vector<std::string>& helpers);

}  // namespace falaj::operate
