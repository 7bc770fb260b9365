#include "warehouse/duckdb/duck_console.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "duck/connection.hpp"
#include "warehouse/duckdb/prelude.hpp"

namespace falaj::warehouse {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// The layers as people read them, and what is no layer last.
int rank(const std::string& schema) {
  constexpr auto kOrder =
      std::to_array<std::string_view>({"main", "GOLD", "SILVER", "BRONZE", "OPS"});
  const auto found = std::find(kOrder.begin(), kOrder.end(), schema);
  return static_cast<int>(found - kOrder.begin());
}

}  // namespace

DuckConsole::DuckConsole(std::string database, std::unique_ptr<Warehouse> warehouse,
                         std::unique_ptr<DuckSession> session)
    : warehouse_(std::move(warehouse)), session_(std::move(session)) {
  place_.database = std::move(database);
}

Result<std::unique_ptr<DuckConsole>> DuckConsole::create(std::string database,
                                                         std::unique_ptr<Warehouse> warehouse,
                                                         std::unique_ptr<DuckSession> session) {
  std::unique_ptr<DuckConsole> console(
      new DuckConsole(std::move(database), std::move(warehouse), std::move(session)));
  FALAJ_TRY(console->prepare().while_doing("preparing the console"));
  return console;
}

Status DuckConsole::prepare() {
  FALAJ_ASSIGN(const auto found,
               session_->query(fmt::format(
                   "SELECT schema_name FROM duckdb_schemas() WHERE database_name = {} AND "
                   "schema_name NOT IN ('information_schema', 'pg_catalog')",
                   duck::quote_text(place_.database))));
  for (const auto& row : found.rows) schemas_.push_back(row[0].value_or(""));
  std::stable_sort(schemas_.begin(), schemas_.end(), [](const auto& a, const auto& b) {
    return std::pair(rank(a), a) < std::pair(rank(b), b);
  });
  FALAJ_TRY(session_->add_functions(console_prelude()));
  FALAJ_TRY(use({}));
  return session_->keep_faults();
}

std::string DuckConsole::known_schema(std::string_view name) const {
  const auto found = std::find_if(schemas_.begin(), schemas_.end(),
                                  [&](const auto& schema) { return lower(schema) == lower(name); });
  return found == schemas_.end() ? "" : *found;
}

std::string DuckConsole::where() const {
  return place_.schema.empty() ? place_.database : place_.database + "." + place_.schema;
}

Error DuckConsole::refused(ErrorKind kind, std::string text, size_t at) {
  fault_ = ConsoleFault{text, at};
  return Error(kind, std::move(text));
}

Result<LakeStatement> DuckConsole::read(std::string_view statement) {
  fault_.reset();
  LakeRefusal refusal;
  auto read = read_lake_statement(statement, place_, refusal);
  if (!read) return refused(refusal.kind, std::move(refusal.advice.text), refusal.advice.at);
  FALAJ_TRY(check_schema(*read));
  return std::move(*read);
}

bool DuckConsole::gives_rows(std::string_view statement) const {
  LakeRefusal ignored;
  const auto read = read_lake_statement(statement, place_, ignored);
  return !read || read->kind == LakeStatement::Kind::kQuery;
}

Status DuckConsole::check_schema(const LakeStatement& statement) {
  if (!statement.database.empty() && lower(statement.database) != lower(place_.database)) {
    return refused(ErrorKind::kUsage,
                   fmt::format("there is no database {}; this warehouse is {}", statement.database,
                               place_.database),
                   statement.name_at);
  }
  if (statement.schema.empty() || !known_schema(statement.schema).empty()) return {};
  std::string names;
  for (const auto& schema : schemas_) {
    if (schema != "main") names += (names.empty() ? "" : ", ") + schema;
  }
  return refused(ErrorKind::kUsage,
                 fmt::format("there is no schema {} in {}; there are {}", statement.schema,
                             place_.database, names),
                 statement.name_at);
}

Status DuckConsole::use(const LakeStatement& statement) {
  const auto chosen = known_schema(statement.schema);
  std::vector<std::string> path;
  const auto add = [&](const std::string& schema) {
    path.push_back(duck::quote_name(place_.database) + "." + duck::quote_name(schema));
  };
  if (!chosen.empty()) add(chosen);
  for (const auto& schema : schemas_) {
    if (schema != chosen) add(schema);
  }
  FALAJ_TRY(session_->look_in(path));
  place_.schema = chosen;
  return {};
}

std::string DuckConsole::oldest_state() {
  const auto oldest =
      session_->query(fmt::format("SELECT strftime(MIN(snapshot_time), '%Y-%m-%d %H:%M:%S') FROM "
                                  "ducklake_snapshots({})",
                                  duck::quote_text(place_.database)));
  return oldest.ok() && !oldest->rows.empty() ? oldest->rows[0][0].value_or("") : "";
}

Status DuckConsole::noted(Status status, const sql::Rewritten& query) {
  if (status.ok() || !session_->fault() || !is_of_statement(status.error().kind())) return status;
  const auto& said = *session_->fault();
  fault_ = ConsoleFault{said.text, std::nullopt};
  if (said.at) fault_->at = query.origin(*said.at);
  if (said.text.find("No snapshot found at timestamp") != std::string::npos) {
    const auto oldest = oldest_state();
    if (!oldest.empty())
      fault_->text += fmt::format("\nThe oldest state of this lake is of {} UTC", oldest);
  }
  return status;
}

Status DuckConsole::run(std::string_view statement, const HeaderSink& on_header,
                        const RowSink& on_row) {
  FALAJ_ASSIGN(const auto read_one, read(statement));
  if (read_one.kind == LakeStatement::Kind::kNothing) return {};
  if (read_one.kind == LakeStatement::Kind::kUse) return use(read_one);
  const auto& query = read_one.query;
  return noted(session_->query_each(query.text(), on_header, on_row), query);
}

Result<int64_t> DuckConsole::write_parquet(std::string_view statement, const std::string& path) {
  FALAJ_ASSIGN(const auto read_one, read(statement));
  if (read_one.kind != LakeStatement::Kind::kQuery)
    return refused(ErrorKind::kUsage, "the statement gives no rows that a file could hold", 0);
  auto written = session_->write_parquet(read_one.query.text(), path);
  if (written.ok()) return written;
  return noted(Status(std::move(written).error()), read_one.query).error();
}

}  // namespace falaj::warehouse
