#include "operate/run_books.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace falaj::operate {
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

std::string without(const std::vector<std::string>& helpers) {
  return helpers.empty() ? "" : fmt::format(" AND table_name NOT IN ({})", list_of(helpers));
}

int64_t number(const std::optional<std::string>& cell) {
  return std::atoll(cell.value_or("0").c_str());
}

}  // namespace

Result<std::vector<StreamReport>> read_books(warehouse::Session& session, const std::string& run,
                                             const std::vector<std::string>& helpers) {
  FALAJ_ASSIGN(const auto books,
               session.query(fmt::format(
                   "SELECT stream, CAST(SUM(fetched) AS BIGINT), CAST(SUM(loaded) AS BIGINT), "
                   "CAST(SUM(unchanged) AS BIGINT), CAST(SUM(quarantined) AS BIGINT) FROM "
                   "OPS.load_packages WHERE run_id IN ({}){} GROUP BY stream ORDER BY stream",
                   list_of({run}), without(helpers))));
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
                                                      const std::vector<std::string>& runs,
                                                      const std::vector<std::string>& helpers) {
  std::map<std::string, int64_t> loaded;
  if (runs.empty()) return loaded;
  FALAJ_ASSIGN(const auto books,
               session.query(fmt::format("SELECT run_id, CAST(SUM(loaded) AS BIGINT) FROM "
                                         "OPS.load_packages WHERE run_id IN ({}){} GROUP BY run_id",
                                         list_of(runs), without(helpers))));
  for (const auto& row : books.rows) loaded[row[0].value_or("")] = number(row[1]);
  return loaded;
}

}  // namespace falaj::operate
