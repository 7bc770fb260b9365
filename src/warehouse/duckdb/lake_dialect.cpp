#include "warehouse/duckdb/lake_dialect.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "sql/token.hpp"

namespace falaj::warehouse {
namespace {

using sql::Edit;
using sql::same_word;
using sql::Token;
using sql::TokenKind;

constexpr size_t kNone = std::string_view::npos;

using Alias = std::pair<std::string_view, std::string_view>;

// What Snowflake calls a part of a date, and DuckDB.
constexpr auto kParts = std::to_array<Alias>({{"year", "year"},
                                              {"y", "year"},
                                              {"yy", "year"},
                                              {"yyy", "year"},
                                              {"yyyy", "year"},
                                              {"yr", "year"},
                                              {"years", "year"},
                                              {"yrs", "year"},
                                              {"quarter", "quarter"},
                                              {"q", "quarter"},
                                              {"qtr", "quarter"},
                                              {"qtrs", "quarter"},
                                              {"quarters", "quarter"},
                                              {"month", "month"},
                                              {"mm", "month"},
                                              {"mon", "month"},
                                              {"mons", "month"},
                                              {"months", "month"},
                                              {"week", "week"},
                                              {"w", "week"},
                                              {"wk", "week"},
                                              {"weeks", "week"},
                                              {"weekofyear", "week"},
                                              {"woy", "week"},
                                              {"wy", "week"},
                                              {"day", "day"},
                                              {"d", "day"},
                                              {"dd", "day"},
                                              {"days", "day"},
                                              {"dayofmonth", "day"},
                                              {"hour", "hour"},
                                              {"h", "hour"},
                                              {"hh", "hour"},
                                              {"hr", "hour"},
                                              {"hours", "hour"},
                                              {"hrs", "hour"},
                                              {"minute", "minute"},
                                              {"m", "minute"},
                                              {"mi", "minute"},
                                              {"min", "minute"},
                                              {"minutes", "minute"},
                                              {"mins", "minute"},
                                              {"second", "second"},
                                              {"s", "second"},
                                              {"sec", "second"},
                                              {"seconds", "second"},
                                              {"secs", "second"},
                                              {"millisecond", "millisecond"},
                                              {"ms", "millisecond"},
                                              {"msec", "millisecond"},
                                              {"milliseconds", "millisecond"},
                                              {"microsecond", "microsecond"},
                                              {"us", "microsecond"},
                                              {"usec", "microsecond"},
                                              {"microseconds", "microsecond"},
                                              {"nanosecond", "nanosecond"},
                                              {"ns", "nanosecond"},
                                              {"nsec", "nanosecond"},
                                              {"nanosec", "nanosecond"},
                                              {"nanoseconds", "nanosecond"},
                                              {"dayofweek", "dayofweek"},
                                              {"weekday", "dayofweek"},
                                              {"dow", "dayofweek"},
                                              {"dw", "dayofweek"},
                                              {"dayofweekiso", "isodow"},
                                              {"dayofweek_iso", "isodow"},
                                              {"weekday_iso", "isodow"},
                                              {"dow_iso", "isodow"},
                                              {"dayofyear", "dayofyear"},
                                              {"yearday", "dayofyear"},
                                              {"doy", "dayofyear"},
                                              {"dy", "dayofyear"},
                                              {"weekiso", "week"},
                                              {"week_iso", "week"},
                                              {"yearofweekiso", "isoyear"},
                                              {"yearofweek", "isoyear"},
                                              {"epoch_second", "epoch"},
                                              {"epoch", "epoch"}});

constexpr auto kPartFirst = std::to_array<std::string_view>(
    {"dateadd", "datediff", "date_diff", "timestampadd", "timestampdiff", "timeadd", "timediff",
     "date_part", "datepart", "date_trunc", "datetrunc"});
constexpr auto kPartSecond = std::to_array<std::string_view>({"last_day"});
// Functions that take a format; what DuckDB calls them, and what the result is cast to.
struct Formatted {
  std::string_view name;
  std::string_view call;
  std::string_view type;
};
constexpr auto kFormatted =
    std::to_array<Formatted>({{"to_date", "strptime", "DATE"},
                              {"date", "strptime", "DATE"},
                              {"try_to_date", "try_strptime", "DATE"},
                              {"to_timestamp", "strptime", "TIMESTAMP"},
                              {"to_timestamp_ntz", "strptime", "TIMESTAMP"},
                              {"try_to_timestamp", "try_strptime", "TIMESTAMP"},
                              {"to_char", "strftime", "VARCHAR"},
                              {"to_varchar", "strftime", "VARCHAR"}});
// The longer ones first.
constexpr auto kFormatParts = std::to_array<Alias>({{"YYYY", "%Y"},
                                                    {"YY", "%y"},
                                                    {"MMMM", "%B"},
                                                    {"MON", "%b"},
                                                    {"MM", "%m"},
                                                    {"DD", "%d"},
                                                    {"DY", "%a"},
                                                    {"HH24", "%H"},
                                                    {"HH12", "%I"},
                                                    {"HH", "%H"},
                                                    {"MI", "%M"},
                                                    {"SS", "%S"},
                                                    {"FF6", "%f"},
                                                    {"FF3", "%g"},
                                                    {"FF", "%f"},
                                                    {"AM", "%p"},
                                                    {"PM", "%p"},
                                                    {"TZHTZM", "%z"},
                                                    {"TZH", "%z"}});
constexpr auto kGroupLists = std::to_array<std::string_view>({"listagg", "array_agg"});
// A bare word behind AT (...) that is not the table's other name.
constexpr auto kAfterTable = std::to_array<std::string_view>(
    {"where",   "join",   "inner", "left",   "right",      "full",    "cross",       "natural",
     "on",      "using",  "group", "order",  "having",     "qualify", "limit",       "offset",
     "union",   "except", "minus", "window", "intersect",  "sample",  "tablesample", "fetch",
     "lateral", "asof",   "semi",  "anti",   "positional", "pivot",   "unpivot",     "connect",
     "start",   "for",    "then",  "end"});

template <size_t N>
bool is_one_of(const Token& token, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.is(word); });
}

std::string quoted_part(std::string_view part) {
  for (const auto& [name, meaning] : kParts) {
    if (same_word(name, part)) return "'" + std::string(meaning) + "'";
  }
  return "'" + std::string(part) + "'";
}

// "DD/MM/YYYY" -> "%d/%m/%Y"
std::string duck_format(std::string_view format) {
  std::string out;
  while (!format.empty()) {
    const auto part =
        std::find_if(kFormatParts.begin(), kFormatParts.end(), [&](const Alias& alias) {
          return same_word(format.substr(0, alias.first.size()), alias.first);
        });
    if (part != kFormatParts.end()) {
      out += part->second;
      format.remove_prefix(part->first.size());
      continue;
    }
    if (format.front() != '"') out += format.front() == '%' ? "%%" : format.substr(0, 1);
    format.remove_prefix(1);
  }
  return out;
}

// 'dd' -> dd; empty for a text that is no simple word.
std::string_view inside(const Token& text) {
  if (text.text.size() < 2 || !text.text.starts_with("'")) return {};
  const auto word = text.text.substr(1, text.text.size() - 2);
  return word.find('\'') == kNone ? word : std::string_view();
}

class Rewriter {
 public:
  explicit Rewriter(std::string_view statement)
      : statement_(statement), tokens_(sql::significant_tokens(statement)) {}

  sql::Rewritten run() {
    for (size_t i = 0; i < tokens_.size(); ++i) {
      const bool is_member = i > 0 && tokens_[i - 1].is_symbol(".");
      if (tokens_[i].kind != TokenKind::kWord || is_member) continue;
      const bool is_call = is_symbol(i + 1, "(");
      if (is_call && is_one_of(tokens_[i], kPartFirst)) rewrite_part(i + 2, ",");
      if (is_call && is_one_of(tokens_[i], kPartSecond)) rewrite_second_part(i);
      if (is_call && is_one_of(tokens_[i], kGroupLists)) rewrite_group_list(i);
      if (is_call) rewrite_format(i);
      if (is_call && (tokens_[i].is("at") || tokens_[i].is("before"))) rewrite_travel(i);
      if (tokens_[i].is("top") && i > 0 && tokens_[i - 1].is("select")) rewrite_top(i);
      if (tokens_[i].is("minus") && i > 0 && i + 1 < tokens_.size()) rewrite_minus(i);
      if (is_call && i > 0 && tokens_[i].is("number") &&
          (is_symbol(i - 1, "::") || tokens_[i - 1].is("as")))
        replace(tokens_[i], "DECIMAL");
    }
    return {statement_, std::move(edits_)};
  }

 private:
  bool is_symbol(size_t i, std::string_view symbol) const {
    return i < tokens_.size() && tokens_[i].is_symbol(symbol);
  }
  bool is_word(size_t i, std::string_view word) const {
    return i < tokens_.size() && tokens_[i].is(word);
  }
  void replace(const Token& token, std::string text) {
    edits_.push_back({token.at, token.text.size(), std::move(text), token.at});
  }
  void insert(size_t at, std::string text, size_t origin) {
    edits_.push_back({at, 0, std::move(text), origin});
  }
  void remove(const Token& token) { edits_.push_back({token.at, token.text.size(), "", token.at}); }

  // The parenthesis that closes the one at `open`.
  size_t closing(size_t open) const {
    int depth = 0;
    for (size_t i = open; i < tokens_.size(); ++i) {
      if (tokens_[i].is_symbol("(")) ++depth;
      if (tokens_[i].is_symbol(")") && --depth == 0) return i;
    }
    return kNone;
  }

  // A lone word or text as an argument that ends with `end`.
  void rewrite_part(size_t i, std::string_view end) {
    if (!is_symbol(i + 1, end)) return;
    const Token& part = tokens_[i];
    const auto name = part.kind == TokenKind::kWord   ? part.text
                      : part.kind == TokenKind::kText ? inside(part)
                                                      : std::string_view();
    if (!name.empty()) replace(part, quoted_part(name));
  }

  void rewrite_second_part(size_t i) {
    const size_t close = closing(i + 1);
    if (close == kNone || close < i + 4 || !is_symbol(close - 2, ",")) return;
    const Token& part = tokens_[close - 1];
    const bool is_known = std::any_of(kParts.begin(), kParts.end(), [&](const Alias& alias) {
      return same_word(alias.first, part.kind == TokenKind::kText ? inside(part) : part.text);
    });
    if (is_known) rewrite_part(close - 1, ")");
  }

  // TO_DATE(x, 'DD/MM/YYYY') -> CAST(strptime(x, '%d/%m/%Y') AS DATE)
  void rewrite_format(size_t i) {
    const auto function =
        std::find_if(kFormatted.begin(), kFormatted.end(),
                     [&](const Formatted& formatted) { return tokens_[i].is(formatted.name); });
    if (function == kFormatted.end()) return;
    const size_t close = closing(i + 1);
    if (close == kNone || close < i + 5 || !is_symbol(close - 2, ",")) return;
    const Token& format = tokens_[close - 1];
    if (format.kind != TokenKind::kText || inside(format).empty()) return;
    // Of a number the format is another language; with a % it is DuckDB's already.
    const bool is_date = duck_format(inside(format)).find('%') != kNone;
    if (!is_date || inside(format).find('%') != kNone) return;
    replace(tokens_[i], "CAST(" + std::string(function->call));
    replace(format, "'" + duck_format(inside(format)) + "'");
    insert(tokens_[close].end(), " AS " + std::string(function->type) + ")", tokens_[i].at);
  }

  // LISTAGG(a, b) WITHIN GROUP (ORDER BY c) -> LISTAGG(a, b ORDER BY c)
  void rewrite_group_list(size_t i) {
    const size_t close = closing(i + 1);
    if (close == kNone || !is_word(close + 1, "within") || !is_word(close + 2, "group")) return;
    if (!is_symbol(close + 3, "(")) return;
    const bool closes = closing(close + 3) != kNone;
    if (!closes) return;
    for (size_t k = close; k < close + 4; ++k) remove(tokens_[k]);
  }

  void rewrite_minus(size_t i) {
    const bool is_set =
        is_word(i + 1, "select") || (is_symbol(i + 1, "(") && (is_word(i + 2, "select")));
    const bool is_query_before = !tokens_[i - 1].is_symbol(",") && !tokens_[i - 1].is("select");
    if (is_set && is_query_before) replace(tokens_[i], "EXCEPT");
  }

  // SELECT TOP 3 a FROM t ORDER BY b -> SELECT a FROM t ORDER BY b LIMIT 3
  void rewrite_top(size_t i) {
    if (i + 2 >= tokens_.size() || tokens_[i + 1].kind != TokenKind::kNumber) return;
    int depth = 0;
    size_t end = i + 2;
    for (; end < tokens_.size(); ++end) {
      const Token& token = tokens_[end];
      if (token.is_symbol("(")) ++depth;
      if (token.is_symbol(")") && --depth < 0) break;
      // Of one part of a union only: DuckDB says what it thinks of that.
      const bool is_other = token.is("union") || token.is("except") || token.is("intersect") ||
                            token.is("minus") || token.is("limit");
      if (depth == 0 && is_other) return;
    }
    remove(tokens_[i]);
    remove(tokens_[i + 1]);
    insert(tokens_[end - 1].end(), " LIMIT " + std::string(tokens_[i + 1].text), tokens_[i].at);
  }

  // t AT (OFFSET => -60) [AS] a  ->  t AS a AT (TIMESTAMP => now() + to_seconds(-60))
  void rewrite_travel(size_t i) {
    const size_t close = closing(i + 1);
    if (i == 0 || close == kNone || close < i + 5 || !is_symbol(i + 3, "=>")) return;
    const Token& by = tokens_[i + 2];
    const bool is_offset = by.is("offset");
    const bool is_time = by.is("timestamp");
    if (!is_offset && !is_time && !by.is("version")) return;
    const bool is_before = tokens_[i].is("before");
    move_alias(i, close);
    if (is_before) replace(tokens_[i], "AT");
    if (is_offset) replace(by, "TIMESTAMP");
    const size_t first = tokens_[i + 4].at;
    const size_t end = tokens_[close].at;
    if (is_offset) {
      insert(first, "now() + to_seconds(", first);
      insert(end, ")", end);
    } else if (is_time) {
      insert(first, "CAST(", first);
      insert(end, " AS TIMESTAMPTZ)", first);
    }
    if (!is_before) return;
    // The state right before is that of the smallest step earlier.
    insert(end, by.is("version") ? " - 1" : " - to_microseconds(1)", first);
  }

  void move_alias(size_t i, size_t close) {
    const size_t as = is_word(close + 1, "as") ? close + 1 : kNone;
    const size_t name = as == kNone ? close + 1 : as + 1;
    if (name >= tokens_.size()) return;
    const Token& alias = tokens_[name];
    const bool is_bare = alias.kind == TokenKind::kWord && !is_one_of(alias, kAfterTable);
    if (!is_bare && alias.kind != TokenKind::kQuotedName) return;
    insert(tokens_[i].at, "AS " + std::string(alias.text) + " ", alias.at);
    if (as != kNone) remove(tokens_[as]);
    remove(alias);
  }

  std::string_view statement_;
  std::vector<Token> tokens_;
  std::vector<Edit> edits_;
};

bool names(const Token& token, std::string_view name) {
  if (token.kind == TokenKind::kQuotedName)
    return token.text.size() > 2 && same_word(token.text.substr(1, token.text.size() - 2), name);
  return token.is(name);
}

}  // namespace

std::optional<LakeAdvice> missing_on_lake(std::string_view statement) {
  const auto tokens = sql::significant_tokens(statement);
  const auto is_symbol = [&](size_t i, std::string_view symbol) {
    return i < tokens.size() && tokens[i].is_symbol(symbol);
  };
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool is_account = names(tokens[i], "snowflake") && is_symbol(i + 1, ".");
    const bool is_usage = names(tokens[i], "account_usage") && is_symbol(i + 1, ".");
    if (is_account || is_usage) {
      return LakeAdvice{
          "SNOWFLAKE.ACCOUNT_USAGE is the bookkeeping of a Snowflake account; a lake has no "
          "credits "
          "and keeps no list of queries. What runs took: `falaj status`, and the tables of OPS "
          "(SHOW TABLES IN SCHEMA OPS)",
          tokens[i].at};
    }
    const bool is_before = tokens[i].is("at") || tokens[i].is("before");
    const bool is_id = i + 3 < tokens.size() && is_symbol(i + 1, "(") && is_symbol(i + 3, "=>") &&
                       (tokens[i + 2].is("statement") || tokens[i + 2].is("stream"));
    if (is_before && is_id) {
      return LakeAdvice{
          "a lake keeps no ids of statements: ask for a time, AT (TIMESTAMP => ...), or for a "
          "version, AT (VERSION => n); SELECT * FROM ducklake_snapshots('SALLA_DWH') lists them",
          tokens[i + 2].at};
    }
  }
  return std::nullopt;
}

sql::Rewritten to_lake_sql(std::string_view statement) {
  return Rewriter(statement).run();
}

}  // namespace falaj::warehouse
