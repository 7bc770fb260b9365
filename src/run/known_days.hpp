// Which days of a store's orders are known whole: OPS.known_days. Sums by day of other days are of a
// part of their orders; GOLD.mv_daily_sales flags them.
// Shape:    pieces that do not overlap, each with the commit that added it. A day is whole when its
//           list was read to the end after the day was over.
// Units:    days since 1970-01-01, in Asia/Riyadh; both ends belong to a piece.
// Threads:  uses the session it is given, on the caller's thread.
// Errors:   of the session.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::run {

struct DayPiece {
  int64_t first = 0;
  int64_t last = 0;
  friend bool operator==(const DayPiece&, const DayPiece&) = default;
};

struct WholeDays {
  int64_t store_id = 0;
  DayPiece days;
};

// What of `days` is in none of `known`.
std::vector<DayPiece> pieces_without(DayPiece days, std::vector<DayPiece> known);

// Adds what is not known yet, in one write transaction; before the models run, which read it. Without
// `has_news` only what changes a flag.
Status note_known_days(warehouse::Session& session, Clock& clock, const std::string& run_id,
                       const std::vector<WholeDays>& whole, bool has_news);

}  // namespace falaj::run
