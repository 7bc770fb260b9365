#include "run/known_days.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "warehouse/books/commits.hpp"
#include "warehouse/books/sql_literal.hpp"

namespace falaj::run {
namespace {

int64_t number(const std::optional<std::string>& cell) {
  return cell ? std::strtoll(cell->c_str(), nullptr, 10) : 0;
}

std::string day_sql(int64_t day) {
  return fmt::format("CAST(DATEADD('day', {}, CAST('1970-01-01' AS DATE)) AS DATE)", day);
}

Result<std::vector<DayPiece>> known_pieces(warehouse::Session& session, int64_t store_id) {
  FALAJ_ASSIGN(const auto table,
               session.query(fmt::format(
                   "SELECT DATEDIFF('day', CAST('1970-01-01' AS DATE), first_day), DATEDIFF('day', "
                   "CAST('1970-01-01' AS DATE), last_day) FROM OPS.known_days WHERE store_id = {}",
                   store_id)));
  std::vector<DayPiece> pieces;
  for (const auto& row : table.rows) pieces.push_back({number(row[0]), number(row[1])});
  return pieces;
}

Result<bool> has_flagged(warehouse::Session& session, int64_t store_id, const DayPiece& piece) {
  FALAJ_ASSIGN(const auto count,
               session.query(fmt::format(
                   "SELECT COUNT(*) FROM GOLD.mv_daily_sales WHERE store_id = {} AND full_date "
                   "BETWEEN {} AND {} AND NOT COALESCE(is_complete, FALSE)",
                   store_id, day_sql(piece.first), day_sql(piece.last))));
  return count.scalar_int() > 0;
}

Status write(warehouse::Session& session, UtcTime now, const std::string& run_id,
             const std::vector<WholeDays>& added) {
  FALAJ_ASSIGN(const int64_t last, warehouse::last_commit(session));
  const auto seq = last + 1;
  const auto at = warehouse::timestamp_literal(now);
  for (const auto& [store, piece] : added) {
    FALAJ_TRY(session.execute(fmt::format(
        "INSERT INTO OPS.known_days (store_id, first_day, last_day, known_at, load_seq) SELECT {}, "
        "{}, {}, {}, {}",
        store, day_sql(piece.first), day_sql(piece.last), at, seq)));
  }
  return warehouse::record_commit(session, seq, "days", run_id, now);
}

}  // namespace

std::vector<DayPiece> pieces_without(DayPiece days, std::vector<DayPiece> known) {
  std::sort(known.begin(), known.end(),
            [](const DayPiece& a, const DayPiece& b) { return a.first < b.first; });
  std::vector<DayPiece> pieces;
  for (const auto& piece : known) {
    if (piece.last < days.first) continue;
    if (piece.first > days.last) break;
    if (days.first < piece.first) pieces.push_back({days.first, piece.first - 1});
    days.first = piece.last + 1;
  }
  if (days.first <= days.last) pieces.push_back(days);
  return pieces;
}

Status note_known_days(warehouse::Session& session, Clock& clock, const std::string& run_id,
                       const std::vector<WholeDays>& whole, bool has_news) {
  if (whole.empty()) return {};
  constexpr int kAttempts = 5;
  return warehouse::in_transaction(
      session, clock, kAttempts, [&](warehouse::Session& inside) -> Status {
        std::vector<WholeDays> added;
        for (const auto& [store, days] : whole) {
          FALAJ_ASSIGN(auto known, known_pieces(inside, store));
          for (const auto& piece : pieces_without(days, std::move(known))) {
            FALAJ_ASSIGN(const bool changes_a_flag, has_flagged(inside, store, piece));
            if (has_news || changes_a_flag) added.push_back({store, piece});
          }
        }
        return added.empty() ? Status() : write(inside, clock.now(), run_id, added);
      });
}

}  // namespace falaj::run
