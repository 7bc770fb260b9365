#include "warehouse/books/commits.hpp"

#include <fmt/format.h>

#include "warehouse/books/sql_literal.hpp"

namespace falaj::warehouse {

Result<int64_t> last_commit(Session& session) {
  FALAJ_ASSIGN(const auto last, session.query("SELECT MAX(seq) FROM OPS.commits"));
  return last.scalar_int();
}

Status record_commit(Session& session, int64_t seq, std::string_view kind,
                     const std::string& run_id, UtcTime now) {
  FALAJ_TRY(session.execute(fmt::format(
      "INSERT INTO OPS.commits (seq, kind, run_id, committed_at) VALUES ({}, {}, {}, {})", seq,
      text_literal(kind), run_id.empty() ? "NULL" : text_literal(run_id), timestamp_literal(now))));
  return {};
}

Result<bool> has_commit(Session& session, int64_t seq, std::string_view kind,
                        const std::string& run_id) {
  FALAJ_ASSIGN(const auto found,
               session.query(fmt::format(
                   "SELECT COUNT(*) FROM OPS.commits WHERE seq = {} AND kind = {} AND run_id = {}",
                   seq, text_literal(kind), text_literal(run_id))));
  return found.scalar_int() > 0;
}

}  // namespace falaj::warehouse
