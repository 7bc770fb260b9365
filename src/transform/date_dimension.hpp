// GOLD.gold_dim_date: one row a day from 2015 to 2050, with the Hijri calendar (Umm al-Qura).
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

// All its rows.
Result<rows::RowBatch> date_dimension();

}  // namespace falaj::transform
