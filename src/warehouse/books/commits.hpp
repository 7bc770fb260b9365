// OPS.commits: one row a write transaction. Its numbers say what is newer; no clock does.
// Threads:  of the session.
// Errors:   of the session. Two transactions that take the same number conflict: one of them runs again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

// The newest commit's number; 0 when there is none.
Result<int64_t> last_commit(Session& session);
// `kind`: load, transform, days, purge. `run_id` empty: of no run.
Status record_commit(Session& session, int64_t seq, std::string_view kind,
                     const std::string& run_id, UtcTime now);
// Whether the commit of that number is this run's: the answer to a COMMIT may have been lost.
Result<bool> has_commit(Session& session, int64_t seq, std::string_view kind,
                        const std::string& run_id);

}  // namespace falaj::warehouse
