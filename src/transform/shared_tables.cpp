#include "transform/shared_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "transform/date_dimension.hpp"
#include "transform/model_runner.hpp"

namespace falaj::transform {
namespace {

Result<int64_t> count_rows(warehouse::Session& session, const std::string& table) {
  FALAJ_ASSIGN(const auto counted, session.query("SELECT COUNT(*) FROM " + table));
  return counted.scalar_int();
}

Result<int64_t> trim_dates(warehouse::Session& session) {
  FALAJ_ASSIGN(const auto orders,
               session.query(fmt::format("SELECT YEAR(MIN(created_at)), YEAR(MAX(created_at)) + 1 "
                                         "FROM BRONZE.bronze_orders WHERE YEAR(created_at) "
                                         "BETWEEN {} AND {}",
                                         kEarliestYear, kLatestYear - 1)));
  YearRange kept;
  const auto& row = orders.rows[0];
  if (row[0]) kept.first = std::min(kept.first, std::stoi(*row[0]));
  if (row[1]) kept.last = std::max(kept.last, std::stoi(*row[1]));
  FALAJ_ASSIGN(const auto there,
               count_rows(session, fmt::format("GOLD.gold_dim_date WHERE year < {} OR year > {}",
                                               kept.first, kept.last)));
  if (there == 0) return 0;
  return session.execute(fmt::format("DELETE FROM GOLD.gold_dim_date WHERE year < {} OR year > {}",
                                     kept.first, kept.last));
}

}  // namespace

Result<int64_t> rebuild_shared_tables(warehouse::Session& session, const Clock& clock,
                                      int64_t change_seq, const ModelRegistry& registry) {
  auto now = to_iso8601(clock.now(), true);
  now.pop_back();  // the Z: columns are UTC without a zone
  now[10] = ' ';
  int64_t gone = 0;
  for (const auto& model : registry.models()) {
    if (model.has_column("store_id")) continue;
    FALAJ_ASSIGN(const auto before, count_rows(session, model.table()));
    // Never built: the first run does it.
    if (before == 0) continue;
    ModelTask task;
    task.change_seq = change_seq;
    task.now = now;
    task.is_full_refresh = true;
    ModelRunner runner(session, model, std::move(task));
    auto outcome = runner.run();
    FALAJ_TRY(runner.clean_up());
    if (!outcome.ok()) return std::move(outcome).error().while_doing("building " + model.name);
    FALAJ_ASSIGN(const auto after, count_rows(session, model.table()));
    gone += std::max<int64_t>(0, before - after);
  }
  FALAJ_ASSIGN(const auto days, trim_dates(session));
  return gone + days;
}

}  // namespace falaj::transform
