#include "run/run_books.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace falaj::run {
namespace {

std::string list_of(const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& text : texts) {
    list += list.empty() ? "'" : ", '";
    for (const char c : text) list += c == '\'' ? std::string("''") : std::string(1, c);
    list += "'";
  }
  return list;
}

// NULL: written before the books said so.
constexpr const char* kIsOfStream =
    "NOT COALESCE(is_set, table_name IN ('bronze_order_item_sets', 'bronze_product_variant_sets'))";

int64_t number(const std::optional<std::string>& cell) {
  return std::atoll(cell.value_or("0").c_str());
}

}  // namespace

Result<std::vector<StreamReport>> read_books(warehouse::Session& session, const std::string& run) {
  FALAJ_ASSIGN(const auto books,
               session.query(fmt::format(
                   "SELECT stream, CAST(SUM(fetched) AS BIGINT), CAST(SUM(loaded) AS BIGINT), "
                   "CAST(SUM(unchanged) AS BIGINT), CAST(SUM(quarantined) AS BIGINT) FROM "
                   "OPS.load_packages WHERE run_id IN ({}) AND {} GROUP BY stream ORDER BY stream",
                   list_of({run}), kIsOfStream)));
  std::vector<StreamReport> streams;
  for (const auto& row : books.rows) {
    StreamReport stream;
    stream.stream = row[0].value_or("");
    stream.fetched = number(row[1]);
    stream.loaded = number(row[2]);
    stream.unchanged = number(row[3]);
    stream.quarantined = number(row[4]);
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
                                         list_of(runs), kIsOfStream)));
  for (const auto& row : books.rows) loaded[row[0].value_or("")] = number(row[1]);
  return loaded;
}

}  // namespace falaj::run
