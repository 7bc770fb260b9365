#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/waits.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {
namespace {

constexpr Micros kFirstWait = std::chrono::milliseconds(20);
constexpr Micros kLongestWait = std::chrono::seconds(2);

Status run_once(Session& session, const std::function<Status(Session&)>& work) {
  FALAJ_TRY(session.begin());
  Status done = work(session);
  if (done.ok()) done = session.commit();
  if (done.ok()) return {};
  // What went wrong first is what counts; a rollback after a failed commit has nothing to do.
  const Status undone = session.rollback();
  if (!undone.ok()) log_debug("rollback failed: {}", undone.error().to_text());
  return done;
}

}  // namespace

bool is_out_of_memory(const Error& error) {
  return error.vendor_code == "Out of Memory";
}

Status in_transaction(Session& session, Clock& clock, int attempts,
                      const std::function<Status(Session&)>& work) {
  Micros wait = kFirstWait;
  for (int attempt = 1;; ++attempt) {
    Status done = run_once(session, work);
    if (done.ok() || done.error().kind() != ErrorKind::kConflict) return done;
    if (attempt >= attempts) {
      done.error().while_doing(fmt::format("running a transaction for the {}. time", attempt));
      return done;
    }
    log_debug("transaction runs again (attempt {} of {}): {}", attempt + 1, attempts,
              done.error().to_text());
    const ShownWait shown(&clock, {WaitFor::kConflict, "the warehouse",
                                   fmt::format("try {} of {}", attempt + 1, attempts), wait});
    clock.wait_for(wait, {});
    wait = std::min(wait * 2, kLongestWait);
  }
}

}  // namespace falaj::warehouse
