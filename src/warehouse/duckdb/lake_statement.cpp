#include "warehouse/duckdb/lake_statement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "duck/connection.hpp"
#include "sql/token.hpp"

namespace falaj::warehouse {
namespace {

using duck::quote_text;
using sql::Token;
using sql::TokenKind;

constexpr const char* kWritesNothing = "`falaj sql` only reads";

// A name as written, without its quotes.
std::string plain_name(const Token& token) {
  if (token.kind != TokenKind::kQuotedName) return std::string(token.text);
  std::string name;
  const auto inner = token.text.substr(1, token.text.size() > 1 ? token.text.size() - 2 : 0);
  for (size_t i = 0; i < inner.size(); ++i) {
    name += inner[i];
    if (inner[i] == '"') ++i;
  }
  return name;
}

std::string text_value(const Token& token) {
  std::string value;
  const auto inner = token.text.substr(1, token.text.size() > 1 ? token.text.size() - 2 : 0);
  for (size_t i = 0; i < inner.size(); ++i) {
    value += inner[i];
    if (inner[i] == '\'') ++i;
  }
  return value;
}

bool is_name(const Token& token) {
  return token.kind == TokenKind::kWord || token.kind == TokenKind::kQuotedName;
}

// Words that open a statement which changes something, and what to do instead.
struct Writer {
  std::string_view word;
  std::string_view advice;
};
constexpr auto kWriters = std::to_array<Writer>(
    {{"create",
      "tables and views of the warehouse are models (docs/models.md); to keep what a query gives: "
      "--parquet FILE or --csv"},
     {"insert", "data come from `falaj run`; a record is read again by `falaj backfill`"},
     {"update", "data come from `falaj run`; a record is read again by `falaj backfill`"},
     {"merge", "data come from `falaj run`; a record is read again by `falaj backfill`"},
     {"delete",
      "rows of the lake are not deleted by hand: silver is computed from all of bronze. To keep a "
      "copy of old rows: --parquet FILE"},
     {"truncate",
      "the lake is not emptied by hand; `falaj run --full-refresh` builds the models "
      "again"},
     {"drop", "the lake's tables are not dropped by hand"},
     {"undrop", "nothing is dropped; earlier states are read with AT (TIMESTAMP => ...)"},
     {"copy", "to write what a query gives to a file: --parquet FILE or --csv"},
     {"analyze",
      "a lake needs no statistics to be gathered: each commit writes those of its files"},
     {"vacuum", "runs merge and remove the lake's old files themselves"},
     {"optimize", "runs merge and remove the lake's old files themselves"},
     {"grant", "rights on a lake are those of its files"},
     {"revoke", "rights on a lake are those of its files"},
     {"begin", "each statement sees the newest state; there is nothing to commit"},
     {"commit", "each statement sees the newest state; there is nothing to commit"},
     {"rollback", "each statement sees the newest state; there is nothing to commit"},
     {"put", "a lake has no stages"},
     {"execute", "a lake has no tasks; runs are started by `falaj run`"}});

class Reader {
 public:
  Reader(std::string_view statement, const LakePlace& place, LakeRefusal& refusal)
      : statement_(statement),
        place_(place),
        refusal_(refusal),
        tokens_(sql::significant_tokens(statement)) {}

  std::optional<LakeStatement> run() {
    if (tokens_.empty()) return query_of(sql::Rewritten(statement_, {}));
    const Token& first = tokens_.front();
    if (first.is("use")) return read_use();
    if (first.is("show")) return read_show();
    if (first.is("desc") || first.is("describe")) return read_describe();
    if (first.is("alter")) return refuse(ErrorKind::kNotAllowed, alter_advice(), 0);
    for (const auto& writer : kWriters) {
      if (first.is(writer.word)) return refuse(ErrorKind::kNotAllowed, writer.advice, 0);
    }
    if (auto missing = missing_on_lake(statement_)) {
      refusal_ = {ErrorKind::kUsage, std::move(*missing)};
      return std::nullopt;
    }
    return query_of(to_lake_sql(statement_));
  }

 private:
  bool is_word(size_t i, std::string_view word) const {
    return i < tokens_.size() && tokens_[i].is(word);
  }

  static LakeStatement query_of(sql::Rewritten query) {
    LakeStatement statement;
    statement.query = std::move(query);
    return statement;
  }

  std::nullopt_t refuse(ErrorKind kind, std::string_view advice, size_t token) {
    const size_t at = token < tokens_.size() ? tokens_[token].at : statement_.size();
    refusal_ = {kind,
                {kind == ErrorKind::kNotAllowed ? fmt::format("{}: {}", kWritesNothing, advice)
                                                : std::string(advice),
                 at}};
    return std::nullopt;
  }

  std::string_view alter_advice() const {
    for (size_t i = 1; i < tokens_.size(); ++i) {
      if (tokens_[i].is("recluster") || tokens_[i].is("cluster"))
        return "a lake has nothing to recluster: its files carry the least and greatest value of "
               "each column, and runs merge small files themselves";
    }
    return "columns come with the catalogue of streams and the models (docs/catalogue.md, "
           "docs/models.md)";
  }

  // "a.b.c" from token i on; moves i behind it.
  std::vector<std::string> read_name(size_t& i) const {
    std::vector<std::string> parts;
    while (i < tokens_.size() && is_name(tokens_[i])) {
      parts.push_back(plain_name(tokens_[i++]));
      if (i >= tokens_.size() || !tokens_[i].is_symbol(".")) break;
      ++i;
    }
    return parts;
  }

  std::optional<LakeStatement> read_use() {
    size_t i = 1;
    const bool is_other = is_word(1, "warehouse") || is_word(1, "role") || is_word(1, "secondary");
    const bool is_database = is_word(1, "database");
    const bool is_schema = is_word(1, "schema");
    if (is_other || is_database || is_schema) ++i;
    const size_t at = i;
    auto parts = read_name(i);
    if (is_word(i, "roles")) ++i;
    if (parts.empty() || parts.size() > 2 || i != tokens_.size()) {
      return refuse(ErrorKind::kUsage,
                    "USE takes a schema or a database: USE SCHEMA GOLD, USE SALLA_DWH.GOLD", i);
    }
    LakeStatement use;
    // A lake has neither; scripts that choose them mean nothing else by it.
    use.kind = is_other ? LakeStatement::Kind::kNothing : LakeStatement::Kind::kUse;
    use.name_at = tokens_[at].at;
    const bool is_whole =
        parts.size() == 1 && (is_database || (!is_schema && same(parts[0], place_.database)));
    if (parts.size() == 2 || is_whole) use.database = parts[0];
    if (!is_whole) use.schema = parts.back();
    return use;
  }

  static bool same(std::string_view a, std::string_view b) { return sql::same_word(a, b); }

  std::optional<LakeStatement> read_describe() {
    const bool has_kind = is_word(1, "table") || is_word(1, "view");
    const bool is_query = is_word(1, "select") || is_word(1, "with") || is_word(1, "from");
    if (is_query || tokens_.size() < 2) {
      auto query = to_lake_sql(statement_);
      return query_of(std::move(query));
    }
    const bool drops_kind = has_kind && tokens_.size() > 2;
    std::vector<sql::Edit> edits;
    const auto& verb = tokens_[0];
    edits.push_back({verb.at, verb.text.size(), "DESCRIBE", verb.at});
    if (drops_kind) edits.push_back({tokens_[1].at, tokens_[1].text.size(), "", tokens_[1].at});
    return query_of(sql::Rewritten(statement_, std::move(edits)));
  }

  // What a SHOW names behind its subject.
  struct Scope {
    std::string schema;
    std::string table;
    std::string conditions;
    std::string limit;
    size_t name_at = 0;
  };

  // [LIKE 'x'] [IN [SCHEMA|TABLE|...] name] [STARTS WITH 'x'] [LIMIT n]; `of_table`: a bare name
  // is that of a table.
  std::optional<Scope> read_scope(size_t i, std::string_view column, bool of_table) {
    Scope scope;
    scope.schema = place_.schema;
    while (i < tokens_.size()) {
      if (is_word(i, "like") && i + 1 < tokens_.size() && tokens_[i + 1].kind == TokenKind::kText) {
        scope.conditions +=
            fmt::format(" AND {} ILIKE {}", column, quote_text(text_value(tokens_[i + 1])));
        i += 2;
      } else if (is_word(i, "starts") && is_word(i + 1, "with") && i + 2 < tokens_.size() &&
                 tokens_[i + 2].kind == TokenKind::kText) {
        scope.conditions +=
            fmt::format(" AND starts_with({}, {})", column, quote_text(text_value(tokens_[i + 2])));
        i += 3;
      } else if (is_word(i, "limit") && i + 1 < tokens_.size() &&
                 tokens_[i + 1].kind == TokenKind::kNumber) {
        scope.limit = fmt::format(" LIMIT {}", tokens_[i + 1].text);
        i += 2;
      } else if (is_word(i, "in") || is_word(i, "from")) {
        if (!read_in(++i, scope, of_table)) return std::nullopt;
      } else {
        break;
      }
    }
    if (i == tokens_.size()) return scope;
    refuse(ErrorKind::kUsage,
           "SHOW takes LIKE 'pattern', IN SCHEMA name, STARTS WITH 'text' and LIMIT n here", i);
    return std::nullopt;
  }

  bool read_in(size_t& i, Scope& scope, bool of_table) {
    const bool is_table = is_word(i, "table") || is_word(i, "view");
    const bool is_schema = is_word(i, "schema");
    const bool is_database = is_word(i, "database") || is_word(i, "account");
    if (is_table || is_schema || is_database) ++i;
    scope.name_at = i < tokens_.size() ? tokens_[i].at : statement_.size();
    const auto parts = read_name(i);
    if (is_database) {
      scope.schema.clear();
      return true;
    }
    if (parts.empty() || parts.size() > 3) {
      refuse(ErrorKind::kUsage, "a name is wanted here", i);
      return false;
    }
    const bool names_table = is_table || (of_table && !is_schema);
    if (names_table) {
      scope.table = parts.back();
      if (parts.size() > 1) scope.schema = parts[parts.size() - 2];
      // A table's name tells its schema, whichever is in use.
      if (parts.size() == 1) scope.schema.clear();
    } else {
      const bool is_whole = !is_schema && parts.size() == 1 && same(parts[0], place_.database);
      scope.schema = is_whole ? "" : parts.back();
    }
    return true;
  }

  std::optional<LakeStatement> shown(const Scope& scope, const std::string& select,
                                     const std::string& order) const {
    const auto in_schema = scope.schema.empty() ? std::string()
                                                : fmt::format(" AND lower(schema_name) = lower({})",
                                                              quote_text(scope.schema));
    auto statement = query_of(sql::Rewritten::replaced(fmt::format(
        "{}{}{} ORDER BY {}{}", select, in_schema, scope.conditions, order, scope.limit)));
    statement.schema = scope.schema;
    statement.name_at = scope.name_at;
    return statement;
  }

  std::optional<LakeStatement> show_tables(size_t i, std::string_view kind) {
    const auto scope = read_scope(i, "name", false);
    if (!scope) return std::nullopt;
    const auto database = quote_text(place_.database);
    std::string select = fmt::format(
        R"(SELECT name, schema_name AS "schema", kind, columns, comment FROM (
 SELECT table_name AS name, schema_name, 'TABLE' AS kind, column_count AS columns, comment
 FROM duckdb_tables() WHERE database_name = {0} AND NOT internal
 UNION ALL SELECT view_name, schema_name, 'VIEW', column_count, comment
 FROM duckdb_views() WHERE database_name = {0} AND NOT internal) AS all_of_them
 WHERE true)",
        database);
    if (!kind.empty()) select += fmt::format(" AND kind = '{}'", kind);
    return shown(*scope, select, "schema_name, name");
  }

  std::optional<LakeStatement> show_columns(size_t i) {
    const auto scope = read_scope(i, "column_name", true);
    if (!scope) return std::nullopt;
    std::string select = fmt::format(
        R"(SELECT table_name, schema_name AS "schema", column_name, data_type, is_nullable, comment
 FROM duckdb_columns() WHERE database_name = {} AND NOT internal)",
        quote_text(place_.database));
    if (!scope->table.empty())
      select += fmt::format(" AND lower(table_name) = lower({})", quote_text(scope->table));
    return shown(*scope, select, "schema_name, table_name, column_index");
  }

  std::optional<LakeStatement> show_schemas(size_t i) {
    auto scope = read_scope(i, "schema_name", false);
    if (!scope) return std::nullopt;
    scope->schema.clear();
    const auto select = fmt::format(
        R"(SELECT schema_name AS name, database_name AS "database" FROM duckdb_schemas()
 WHERE database_name = {} AND schema_name NOT IN ('main', 'information_schema', 'pg_catalog'))",
        quote_text(place_.database));
    return shown(*scope, select, "schema_name");
  }

  std::optional<LakeStatement> read_show() {
    const size_t i = is_word(1, "terse") ? 2 : 1;
    if (is_word(i, "tables") || is_word(i, "objects")) return show_tables(i + 1, "");
    if (is_word(i, "views")) return show_tables(i + 1, "VIEW");
    if (is_word(i, "schemas")) return show_schemas(i + 1);
    if (is_word(i, "columns")) return show_columns(i + 1);
    if (is_word(i, "databases")) {
      return query_of(
          sql::Rewritten::replaced(fmt::format("SELECT {} AS name", quote_text(place_.database))));
    }
    constexpr auto kAccount = std::to_array<std::string_view>(
        {"warehouses",   "users",    "roles",      "grants",     "stages",       "tasks",
         "streams",      "pipes",    "parameters", "resource",   "integrations", "shares",
         "transactions", "locks",    "sequences",  "procedures", "dynamic",      "materialized",
         "primary",      "imported", "unique",     "network"});
    for (const auto word : kAccount) {
      if (!is_word(i, word)) continue;
      return refuse(ErrorKind::kUsage,
                    "that is a thing of Snowflake accounts, a lake has none. It shows TABLES, "
                    "VIEWS, SCHEMAS, COLUMNS IN TABLE name, and DATABASES",
                    i);
    }
    return query_of(sql::Rewritten(statement_, {}));
  }

  std::string_view statement_;
  const LakePlace& place_;
  LakeRefusal& refusal_;
  std::vector<Token> tokens_;
};

}  // namespace

std::optional<LakeStatement> read_lake_statement(std::string_view statement, const LakePlace& place,
                                                 LakeRefusal& refusal) {
  return Reader(statement, place, refusal).run();
}

}  // namespace falaj::warehouse
