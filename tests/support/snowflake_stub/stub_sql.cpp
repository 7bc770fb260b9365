#include "support/snowflake_stub/stub_sql.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>

namespace falaj::test {
namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

// The first words in upper case, one space between them.
std::string opening(std::string_view sql) {
  constexpr size_t kLongest = 60;
  std::string words;
  for (const char c : sql.substr(0, kLongest)) {
    const bool is_space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (is_space && (words.empty() || words.back() == ' ')) continue;
    words += is_space ? ' ' : c;
  }
  return upper(words);
}

// The position after the parenthesis that closes the first one.
size_t end_of_parentheses(std::string_view sql) {
  int depth = 0;
  for (size_t i = sql.find('('); i < sql.size(); ++i) {
    if (sql[i] == '(') ++depth;
    if (sql[i] == ')' && --depth == 0) return i + 1;
  }
  return sql.size();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// What DuckDB does not know of a view stands between its name and its query.
std::string without_view_properties(std::string sql) {
  const auto properties = sql.find(" COPY GRANTS ");
  const auto query = sql.find(" AS SELECT ");
  if (properties < query && query != std::string::npos) sql.erase(properties, query - properties);
  return sql;
}

}  // namespace

StatementKind statement_kind(std::string_view sql) {
  struct Word {
    std::string_view text;
    StatementKind kind;
  };
  constexpr auto kWords = std::to_array<Word>({
      {"INSERT ", StatementKind::kInsert},
      {"UPDATE ", StatementKind::kUpdate},
      {"DELETE ", StatementKind::kDelete},
      {"MERGE ", StatementKind::kMerge},
      {"BEGIN", StatementKind::kBegin},
      {"START ", StatementKind::kBegin},
      {"COMMIT", StatementKind::kCommit},
      {"ROLLBACK", StatementKind::kRollback},
      {"CREATE TEMPORARY STAGE ", StatementKind::kStage},
      {"CREATE ", StatementKind::kDefine},
      {"ALTER ", StatementKind::kDefine},
      {"DROP ", StatementKind::kDefine},
      {"COMMENT ", StatementKind::kDefine},
      {"TRUNCATE ", StatementKind::kDefine},
      {"PUT ", StatementKind::kPut},
      {"COPY ", StatementKind::kCopy},
  });
  const std::string words = opening(sql);
  for (const auto& word : kWords) {
    if (words.starts_with(word.text)) return word.kind;
  }
  return StatementKind::kQuery;
}

bool writes_shared_table(std::string_view sql) {
  const std::string words = opening(sql);
  for (const std::string_view verb : {"UPDATE ", "DELETE FROM ", "MERGE INTO "}) {
    if (!words.starts_with(verb)) continue;
    const auto end = words.find_first_of(" (", verb.size());
    return words.substr(verb.size(), end - verb.size()).find('.') != std::string::npos;
  }
  return false;
}

std::string duckdb_types(std::string_view sql) {
  std::string text(sql);
  text = replaced(std::move(text), "NUMBER(38,0)", "BIGINT");
  text = replaced(std::move(text), "NUMBER(", "DECIMAL(");
  text = replaced(std::move(text), "TIMESTAMP_NTZ(6)", "TIMESTAMP");
  return text;
}

std::string duckdb_definition(std::string_view sql) {
  const std::string words = opening(sql);
  if (words.starts_with("CREATE DATABASE") || words.starts_with("COMMENT")) return "";
  if (words.find(" VIEW ") != std::string::npos) return without_view_properties(std::string(sql));
  std::string text = duckdb_types(sql);
  if (words.find("TABLE") == std::string::npos || !words.starts_with("CREATE")) return text;
  text = replaced(std::move(text), "CREATE TRANSIENT ", "CREATE ");
  // Clustering, retention and the comment follow the columns.
  return text.substr(0, end_of_parentheses(text));
}

std::optional<PutStatement> parse_put(const std::string& sql) {
  static const std::regex kForm(R"re(PUT 'file://([^']*)' @([^/ ]+)/([^ ]*) .*)re");
  std::smatch found;
  if (!std::regex_match(sql, found, kForm)) return std::nullopt;
  std::string folder = found[3];
  while (folder.ends_with('/')) folder.pop_back();
  return PutStatement{found[1], found[2], folder};
}

std::optional<CopyStatement> parse_copy(const std::string& sql) {
  constexpr std::string_view kInto = "COPY INTO ";
  constexpr std::string_view kSelect = ") FROM (SELECT ";
  constexpr std::string_view kStage = " FROM @";
  const auto columns = sql.find(" (", kInto.size());
  const auto select = sql.find(kSelect);
  const auto stage = sql.rfind(kStage);
  if (columns == std::string::npos || select == std::string::npos || stage == std::string::npos) {
    return std::nullopt;
  }
  const auto end = sql.find(") FILE_FORMAT = (TYPE = PARQUET", stage);
  if (end == std::string::npos) return std::nullopt;
  CopyStatement copy;
  copy.table = sql.substr(kInto.size(), columns - kInto.size());
  copy.columns = sql.substr(columns + 2, select - columns - 2);
  const auto values = select + kSelect.size();
  copy.values = replaced(duckdb_types(sql.substr(values, stage - values)), "$1:", "");
  std::string place = sql.substr(stage + kStage.size(), end - stage - kStage.size());
  const auto slash = place.find('/');
  copy.stage = place.substr(0, slash);
  if (slash != std::string::npos) copy.folder = place.substr(slash + 1);
  while (copy.folder.ends_with('/')) copy.folder.pop_back();
  copy.purges = sql.find("PURGE = TRUE", end) != std::string::npos;
  return copy;
}

std::string stage_of(const std::string& sql) {
  return sql.substr(sql.rfind(' ') + 1);
}

}  // namespace falaj::test
