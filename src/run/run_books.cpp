#include "run/run_books.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "warehouse/books/row_cells.hpp"
#include "warehouse/books/sql_literal.hpp"

namespace falaj::run {
namespace {

// NULL: written before the books said so.
constexpr const char* kIsOfStream =
    "NOT COALESCE(is_set, table_name IN ('bronze_order_item_sets', 'bronze_product_variant_sets'))";

}  // namespace

Result<std::vector<StreamReport>> read_books(warehouse::Session& session, const std::string& run) {
  FALAJ_ASSIGN(const auto books,
               session.query(fmt::format(
                   "SELECT stream, CAST(SUM(fetched) AS BIGINT), CAST(SUM(loaded) AS BIGINT), "
                   "CAST(SUM(unchanged) AS BIGINT), CAST(SUM(quarantined) AS BIGINT) FROM "
                   "OPS.load_packages WHERE run_id IN ({}) AND {} GROUP BY stream ORDER BY stream",
                   warehouse::text_literal(run), kIsOfStream)));
  std::vector<StreamReport> streams;
  for (const auto& row : books.rows) {
    StreamReport stream;
    stream.stream = row[0].value_or("");
    stream.fetched = warehouse::number(row[1]);
    stream.loaded = warehouse::number(row[2]);
    stream.unchanged = warehouse::number(row[3]);
    stream.quarantined = warehouse::number(row[4]);
    streams.push_back(std::move(stream));
  }
  return streams;
}

Result<std::map<std::string, int64_t>> rows_loaded_by(warehouse::Session& session,
                                                      const std::vector<std::string>& runs) {
  std::map<std::string, int64_t> loaded;
  if (runs.empty()) return loaded;
  FALAJ_ASSIGN(const auto books,
               session.query(fmt::format("SELECT run_id, CAST(SUM(loaded) AS BIGINT) FROM "
                                         "OPS.load_packages WHERE run_id IN ({}) AND {} GROUP BY "
                                         "run_id",
                                         warehouse::text_list(runs), kIsOfStream)));
  for (const auto& row : books.rows) loaded[row[0].value_or("")] = warehouse::number(row[1]);
  return loaded;
}

}  // namespace falaj::run
