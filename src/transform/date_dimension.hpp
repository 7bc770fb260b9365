// GOLD.gold_dim_date: one row a day with the Hijri calendar (Umm al-Qura); 2015 to 2050, and whole
// years before or after where orders need them.
// Facts:    ICU 72's "islamic-umalqura" calendar, the official one of Saudi Arabia; weekend Friday
//           and Saturday; Founding Day 22 Feb, Flag Day 11 Mar, National Day 23 Sep; Eid al-Fitr
//           1-4 Shawwal, Eid al-Adha 10-13 Dhu al-Hijja; salaries on the 27th.
// Threads:  functions.
// Errors:   kBug when ICU lacks the calendar.
#pragma once

#include "base/result.hpp"
#include "rows/row_batch.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::transform {

warehouse::TableDefinition date_dimension_definition();

// Orders of other years have dates that no calendar should have (1 or 9999), and get no row.
constexpr int kEarliestYear = 1990;
constexpr int kLatestYear = 2100;

struct YearRange {
  int first = 2015;
  int last = 2050;
};

// Every day of these years.
Result<rows::RowBatch> date_dimension(YearRange years);

// One row, key -1, for orders whose day is not known or not in the table: names "unknown", the rest NULL.
rows::RowBatch unknown_date();

}  // namespace falaj::transform
