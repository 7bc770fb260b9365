#include "operate/model_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <unordered_map>

#include "load/bronze_schema.hpp"
#include "transform/transformer.hpp"

namespace falaj::operate {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr size_t kExamples = 3;
constexpr size_t kExampleBytes = 600;

Error stopped() {
  return {ErrorKind::kCancelled, "stopped before everything was replayed and compared"};
}

std::vector<warehouse::TableDefinition> all_tables(const std::vector<decode::TableSpec>& specs) {
  auto tables = load::load_schema(specs);
  for (auto& table : transform::ModelRegistry::built_in().definitions()) {
    tables.push_back(std::move(table));
  }
  return tables;
}

Status play(warehouse::Warehouse& warehouse, const ReplayRound& round, const ReplayOptions& options,
            RoundResult& result) {
  const auto& real = *options.clock;
  ManualClock clock(round.at);
  auto loader_options = options.loader;
  loader_options.run_id = round.run_id;
  const auto since = real.steady_now();
  FALAJ_ASSIGN(auto loader,
               load::Loader::create(warehouse, *options.landing, clock, std::move(loader_options)));
  FALAJ_ASSIGN(const auto loaded, loader->load(round.packages));
  loader.reset();
  if (!loaded.damaged.empty()) return loaded.damaged.front();
  const auto between = real.steady_now();
  FALAJ_ASSIGN(auto session, warehouse.open_session());
  transform::Transformer transformer(*session, clock);
  transform::TransformOptions models;
  models.run_id = round.run_id;
  FALAJ_ASSIGN(const auto done, transformer.run(models));
  result.packages = loaded.packages_loaded;
  result.rows_loaded = loaded.rows_loaded();
  for (const auto& table : loaded.tables) result.rows_quarantined += table.quarantined;
  result.models = static_cast<int64_t>(done.models.size());
  result.load_ms = duration_cast<milliseconds>(between - since).count();
  result.models_ms = duration_cast<milliseconds>(real.steady_now() - between).count();
  return {};
}

// A table's rows as texts. A timestamp brings its own IS NULL: a driver may not tell it.
class TableReader {
 public:
  explicit TableReader(const warehouse::TableDefinition& table) {
    std::string list;
    for (const auto& column : table.columns.columns) {
      names_.push_back(column.name);
      list += (list.empty() ? "" : ", ") + column.name;
      const bool is_timestamp = column.type == rows::ColumnType::kTimestamp;
      has_null_flag_.push_back(is_timestamp);
      if (is_timestamp) list += fmt::format(", {} IS NULL AS {}_is_null", column.name, column.name);
    }
    sql_ = fmt::format("SELECT {} FROM {}.{}", list, table.schema, table.name);
  }

  Status each(warehouse::Session& session,
              const std::function<void(const std::string&)>& on_row) const {
    std::string text;
    return session.query_each(sql_, {}, [&](const auto& cells) {
      text.clear();
      size_t at = 0;
      for (size_t i = 0; i < names_.size(); ++i) {
        const auto& cell = cells[at++];
        bool is_null = !cell.has_value();
        if (has_null_flag_[i]) is_null = cells[at++] == "true";
        text += fmt::format("{}{}={}", text.empty() ? "" : " | ", names_[i],
                            is_null ? std::string_view("<null>") : std::string_view(*cell));
      }
      on_row(text);
      return true;
    });
  }

 private:
  std::string sql_;
  std::vector<std::string> names_;
  std::vector<bool> has_null_flag_;
};

Result<TableComparison> compare_table(warehouse::Session& expected, warehouse::Session& actual,
                                      const warehouse::TableDefinition& table) {
  const TableReader reader(table);
  const std::hash<std::string> hash;
  TableComparison result;
  result.table = table.schema + "." + table.name;
  const auto add_example = [&](const char* where, const std::string& row) {
    if (result.examples.size() < 2 * kExamples)
      result.examples.push_back(fmt::format("{}: {}", where, excerpt(row, kExampleBytes)));
  };
  std::unordered_map<size_t, int64_t> left;  // rows by the hash of their text
  FALAJ_TRY(reader.each(expected, [&](const std::string& row) {
    ++result.rows_expected;
    ++left[hash(row)];
  }));
  FALAJ_TRY(reader.each(actual, [&](const std::string& row) {
    ++result.rows_actual;
    const auto found = left.find(hash(row));
    if (found != left.end() && found->second > 0) {
      --found->second;
      return;
    }
    if (++result.rows_unexpected <= static_cast<int64_t>(kExamples)) add_example("only here", row);
  }));
  for (const auto& [row, count] : left) result.rows_missing += count;
  if (result.rows_missing == 0) return result;
  size_t shown = 0;
  FALAJ_TRY(reader.each(expected, [&](const std::string& row) {
    if (left[hash(row)] > 0 && ++shown <= kExamples) add_example("only in the reference", row);
  }));
  return result;
}

}  // namespace

std::vector<ReplayRound> rounds_of(const std::vector<landing::Manifest>& packages) {
  std::vector<ReplayRound> rounds;
  for (const auto& manifest : packages) {
    const auto& run = manifest.identity.run_id.value();
    auto round =
        std::ranges::find_if(rounds, [&](const auto& known) { return known.run_id == run; });
    if (round == rounds.end()) round = rounds.insert(round, ReplayRound{run, {}, {}});
    round->at = std::max(round->at, manifest.last_fetched_at);
    round->packages.push_back({manifest, {}});
  }
  return rounds;
}

Result<std::vector<RoundResult>> replay(warehouse::Warehouse& warehouse,
                                        const ReplayOptions& options) {
  FALAJ_TRY(warehouse.create_tables(all_tables(options.loader.specs)));
  std::vector<RoundResult> results;
  for (const auto& round : options.rounds) {
    if (options.stop.stop_requested()) return stopped();
    const auto before = warehouse.usage();
    RoundResult result;
    FALAJ_TRY(play(warehouse, round, options, result)
                  .while_doing(fmt::format("replaying run {}", round.run_id)));
    const auto after = warehouse.usage();
    result.usage = {after.statements - before.statements, after.files - before.files,
                    after.bytes - before.bytes, after.waited - before.waited};
    results.push_back(result);
  }
  return results;
}

Result<std::vector<TableComparison>> compare_tables(warehouse::Warehouse& expected,
                                                    warehouse::Warehouse& actual,
                                                    const std::vector<decode::TableSpec>& specs,
                                                    std::stop_token stop) {
  FALAJ_ASSIGN(auto one, expected.open_session());
  FALAJ_ASSIGN(auto other, actual.open_session());
  std::vector<TableComparison> comparisons;
  for (const auto& table : all_tables(specs)) {
    if (!table.view_sql.empty()) continue;
    if (stop.stop_requested()) return stopped();
    FALAJ_ASSIGN(
        auto compared,
        compare_table(*one, *other, table).while_doing(fmt::format("comparing {}", table.name)));
    comparisons.push_back(std::move(compared));
  }
  const auto layer_of = [](const std::string& table) {
    const auto schema = table.substr(0, table.find('.'));
    return schema == "GOLD" ? 0 : schema == "SILVER" ? 1 : schema == "BRONZE" ? 2 : 3;
  };
  std::ranges::stable_sort(comparisons, {},
                           [&](const auto& one_table) { return layer_of(one_table.table); });
  return comparisons;
}

}  // namespace falaj::operate
