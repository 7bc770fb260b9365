#include "warehouse/snowflake/snowflake_warehouse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "base/log.hpp"
#include "base/ulid.hpp"
#include "warehouse/snowflake/copy_report.hpp"
#include "warehouse/snowflake/ddl.hpp"
#include "warehouse/snowflake/driver.hpp"
#include "warehouse/snowflake/link.hpp"
#include "warehouse/snowflake/snowflake_session.hpp"
#include "warehouse/snowflake/writer_turn.hpp"

namespace falaj::warehouse {
namespace {

using snowflake::literal;
using snowflake::quoted;
using snowflake::upper;

// Columns by "SCHEMA.TABLE", all in upper case; with the places after the point of those that are numbers.
using Existing = std::map<std::string, std::map<std::string, std::optional<int64_t>>>;

bool is_too_narrow(const std::optional<int64_t>& scale, rows::ColumnType wanted) {
  return scale && *scale == 0 &&
         (wanted == rows::ColumnType::kMoney || wanted == rows::ColumnType::kRate);
}

std::string key_of(std::string_view schema, std::string_view table) {
  return upper(schema) + "." + upper(table);
}

// Of nobody else, also when it was not given.
std::string writer_name(const SnowflakeOptions& options) {
  if (!options.writer.empty()) return options.writer;
  return "process " + UlidGenerator(*options.clock, UlidGenerator::random_seed()).next();
}

class SnowflakeWarehouse final : public Warehouse {
 public:
  SnowflakeWarehouse(SnowflakeOptions options, std::shared_ptr<DriverDatabase> database)
      : options_(std::move(options)),
        links_(std::make_shared<LinkPool>(std::move(database), *options_.clock)),
        turn_(
            std::make_shared<WriterTurn>(writer_name(options_), options_.lease, *options_.clock)) {}

  Result<std::unique_ptr<Session>> open_session() override;
  Status create_tables(const std::vector<TableDefinition>& tables) override;
  // The work is done elsewhere.
  Status set_threads(int /*threads*/) override { return {}; }
  Status maintain() override { return {}; }
  std::string database_name() const override { return options_.database; }
  Usage usage() const override { return meter_.usage(); }

 private:
  Result<ParquetWriter*> writer();
  Result<Existing> existing_columns(Session& session) const;
  Status create_schemas(const std::vector<TableDefinition>& tables);
  Status create_missing(Session& session, const TableDefinition& table, const Existing& existing);

  SnowflakeOptions options_;
  std::shared_ptr<LinkPool> links_;
  std::shared_ptr<WriterTurn> turn_;
  UsageMeter meter_;
  std::mutex mutex_;  // of the writer
  std::unique_ptr<ParquetWriter> writer_;
};

Result<ParquetWriter*> SnowflakeWarehouse::writer() {
  const std::lock_guard lock(mutex_);
  if (!writer_) {
    FALAJ_ASSIGN(writer_, ParquetWriter::open(options_));
  }
  return writer_.get();
}

Result<std::unique_ptr<Session>> SnowflakeWarehouse::open_session() {
  SnowflakeContext context;
  context.links = links_;
  context.turn = turn_;
  context.writer = [this] { return writer(); };
  context.is_read_only = options_.is_read_only;
  context.schema = options_.schema;
  context.tag = options_.tag;
  context.upload_threads = options_.upload_threads;
  context.meter = &meter_;
  context.clock = options_.clock;
  return std::unique_ptr<Session>(std::make_unique<SnowflakeSession>(std::move(context)));
}

Result<Existing> SnowflakeWarehouse::existing_columns(Session& session) const {
  Existing existing;
  FALAJ_TRY(session.query_each(
      fmt::format("SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, NUMERIC_SCALE FROM "
                  "{}.INFORMATION_SCHEMA.COLUMNS "
                  "WHERE TABLE_SCHEMA IN ('BRONZE', 'SILVER', 'GOLD', 'OPS')",
                  quoted(options_.database)),
      {}, [&](const Cells& cells) {
        auto& columns = existing[key_of(cells[0].value_or(""), cells[1].value_or(""))];
        auto& scale = columns[upper(cells[2].value_or(""))];
        if (cells[3]) scale = std::strtoll(cells[3]->c_str(), nullptr, 10);
        return true;
      }));
  return existing;
}

// In a session of its own: one that signs in before its schema exists has no current schema.
Status SnowflakeWarehouse::create_schemas(const std::vector<TableDefinition>& tables) {
  FALAJ_ASSIGN(auto session, open_session());
  session->tag_statements({.task = "init"});
  const std::string database = quoted(options_.database);
  std::set<std::string> schemas = {"OPS", options_.schema};
  for (const auto& table : tables) schemas.insert(table.schema);
  for (const auto& schema : schemas) {
    const std::string create =
        fmt::format("CREATE SCHEMA IF NOT EXISTS {}.{}", database, quoted(schema));
    auto created = session->execute(create);
    if (created.ok()) continue;
    // Falaj's role may lack the right to make databases, and need not have it.
    FALAJ_TRY(session->execute("CREATE DATABASE IF NOT EXISTS " + database));
    FALAJ_TRY(session->execute(create));
  }
  return {};
}

Status SnowflakeWarehouse::create_missing(Session& session, const TableDefinition& table,
                                          const Existing& existing) {
  const auto found = existing.find(key_of(table.schema, table.name));
  const bool is_there = found != existing.end();
  if (!table.view_sql.empty()) {
    if (!is_there) FALAJ_TRY(session.execute(table.view_sql));
    return {};
  }
  bool has_changed = !is_there;
  if (!is_there) {
    FALAJ_TRY(session.execute(snowflake::create_table_sql(table, options_.retention_days)));
  } else {
    for (const auto& column : table.columns.columns) {
      const auto& columns = found->second;
      const auto there = columns.find(upper(column.name));
      const bool has_column = there != columns.end();
      const bool has_wider = columns.contains(upper(snowflake::wider_name(column.name)));
      if (has_column ? is_too_narrow(there->second, column.type) : has_wider) {
        for (const auto& step : snowflake::widen_column_sql(table, column, has_column, has_wider)) {
          FALAJ_TRY(session.execute(step));
        }
      } else if (has_column) {
        continue;
      } else {
        FALAJ_TRY(session.execute(snowflake::add_column_sql(table, column)));
      }
      has_changed = true;
    }
  }
  const std::string view = snowflake::json_view_sql(table);
  const bool has_view = existing.contains(key_of(table.schema, table.name + "_json"));
  if (!view.empty() && (has_changed || !has_view)) FALAJ_TRY(session.execute(view));
  return {};
}

Status SnowflakeWarehouse::create_tables(const std::vector<TableDefinition>& tables) {
  Existing existing;
  {
    FALAJ_ASSIGN(auto session, open_session());
    session->tag_statements({.task = "init"});
    auto found = existing_columns(*session);
    if (!found.ok() && found.error().kind() != ErrorKind::kUsage) {
      return std::move(found).error().while_doing("looking at the tables there are");
    }
    if (found.ok()) existing = std::move(*found);
  }
  std::set<std::string> schemas;
  for (const auto& [table, columns] : existing) schemas.insert(table.substr(0, table.find('.')));
  const bool has_schemas = std::ranges::all_of(
      tables, [&](const TableDefinition& table) { return schemas.contains(upper(table.schema)); });
  const auto turn = WriterTurn::table();
  const auto known_turn = existing.find(key_of(turn.schema, turn.name));
  if (!has_schemas || !schemas.contains(turn.schema)) {
    FALAJ_TRY(create_schemas(tables).while_doing("creating schemas"));
  }
  FALAJ_ASSIGN(auto session, open_session());
  session->tag_statements({.task = "init"});
  FALAJ_TRY(create_missing(*session, turn, existing));
  if (known_turn == existing.end() || !known_turn->second.contains("SLOT")) {
    FALAJ_TRY(session->execute(WriterTurn::fill_sql()));
  }
  for (const auto& table : tables) {
    FALAJ_TRY(create_missing(*session, table, existing)
                  .while_doing(fmt::format("creating {}.{}", table.schema, table.name)));
  }
  return {};
}

// Each text once a process, however often the warehouse is opened.
void warn_once(const std::vector<std::string>& warnings) {
  static std::mutex mutex;
  static std::set<std::string> said;
  const std::lock_guard lock(mutex);
  for (const auto& warning : warnings) {
    if (said.insert(warning).second) log_warn("{}", warning);
  }
}

}  // namespace

Result<std::unique_ptr<Warehouse>> open_snowflake(const SnowflakeOptions& options) {
  FALAJ_CHECK(options.clock != nullptr, "SnowflakeOptions::clock is required");
  FALAJ_ASSIGN(const auto driver, driver_options(options));
  warn_once(driver.warnings);
  FALAJ_ASSIGN(auto database, DriverDatabase::open(options.driver_path, driver.values));
  return std::unique_ptr<Warehouse>(
      std::make_unique<SnowflakeWarehouse>(options, std::move(database)));
}

}  // namespace falaj::warehouse
