// Keeps long texts out of the lake's catalog.
// DuckLake writes an insert of up to ten rows into the catalog instead of a file, as the text of an
// SQL statement, and its columns' smallest and largest values whole into the tables of statistics,
// which every statement on the table reads. For rows of some hundred bytes that is cheaper than a
// file. A text of 24 MB costs nine seconds a row there, and the memory limit of all that follow. In
// a file it costs 0.2 s, and the statistics of a file have the first 256 bytes of it.
// Shape:    tables that were given a long text write files from then on, however few rows. If it is
//           in a column that models read, so do all tables that models write.
// Threads:  functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rows/row_batch.hpp"

namespace falaj::warehouse {

struct LongTexts {
  bool in_payloads = false;  // raw_data: no model reads it
  bool in_values = false;    // any other column

  bool any() const { return in_payloads || in_values; }
};

LongTexts long_texts_of(const rows::RowBatch& batch);

// The table that an INSERT names: {"BRONZE", "bronze_orders"}; empty for other statements and for
// names without a schema.
struct InsertTarget {
  std::string schema;
  std::string table;
};
InsertTarget insert_target(std::string_view sql);

// What to run before the insert, in its transaction. The options hold for all processes once it is
// committed. `schemas` are those of the lake.
std::vector<std::string> keep_out_of_catalog_sql(std::string_view database,
                                                 const std::vector<std::string>& schemas,
                                                 const InsertTarget& target,
                                                 const LongTexts& found);

}  // namespace falaj::warehouse
