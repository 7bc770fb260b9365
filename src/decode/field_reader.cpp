#include "decode/field_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "decode/date_text.hpp"
#include "decode/decimal_text.hpp"

namespace falaj::decode {
namespace {

constexpr int kMoneyScale = 4;
constexpr int kRateScale = 8;
constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
constexpr int64_t kUnixSecondsMax = 253'402'300'799;  // end of the year 9999

bool is_number(char kind) {
  return kind == '-' || (kind >= '0' && kind <= '9');
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

bool has(const std::vector<std::string>& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

bool is_date_kind(FieldKind kind) {
  return kind == FieldKind::kTimestamp || kind == FieldKind::kDate || kind == FieldKind::kDateRaw;
}

}  // namespace

struct FieldReader::Row {
  const JsonText& json;
  const FieldTree& tree;
  rows::RowBatch& batch;
  FieldProblem problem;

  Outcome wrong(std::string rule, const Path& path, Token value, std::string_view expected) {
    problem = {std::move(rule), fmt::format("{}: found {}, expected {}", path.text,
                                            describe(json, value), expected)};
    return Outcome::kProblem;
  }
};

std::string describe(const JsonText& json, Token value) {
  switch (json.kind(value)) {
    case '{': return json.is_empty_container(value) ? "an empty object" : "an object";
    case '[': return json.is_empty_container(value) ? "an empty array" : "an array";
    case '"': return fmt::format("text \"{}\"", excerpt(json.raw_string(value), 80));
    case 't':
    case 'f':
    case 'n': return std::string(json.raw(value));
    default: return fmt::format("number {}", excerpt(json.raw(value), 80));
  }
}

FieldReader::FieldReader(const TableSpec& spec, FieldTree& tree, size_t first_column) {
  size_t column = first_column;
  for (const FieldSpec& field : spec.fields) {
    Field compiled{field.kind,
                   column++,
                   {},
                   has(spec.important, field.column),
                   has(spec.zero_when_empty, field.column)};
    for (const std::string& path : field.paths) {
      compiled.paths.push_back(make_path(path, field.kind, tree));
    }
    if (field.kind == FieldKind::kPhone && !phones_) {
      phones_ = std::make_unique<phone::PhoneReader>();
    }
    fields_.push_back(std::move(compiled));
  }
  for (const std::string& path : spec.id_paths) {
    id_paths_.push_back(make_path(path, FieldKind::kInt, tree));
  }
}

FieldReader::Path FieldReader::make_path(const std::string& text, FieldKind kind,
                                         FieldTree& tree) const {
  Path path;
  const auto plus = kind == FieldKind::kPhone ? text.find('+') : std::string::npos;
  if (plus != std::string::npos) path.code = tree.add_path(text.substr(0, plus));
  path.text = plus == std::string::npos ? text : text.substr(plus + 1);
  path.node = tree.add_path(path.text);
  if (kind == FieldKind::kMoney) path.inner = tree.add_path("amount", path.node);
  if (kind == FieldKind::kMoneySum) {
    tree.collect_all(path.node);
    path.array = tree.array_of(path.node);
  }
  tree.take_scalar(path.node);
  if (is_date_kind(kind)) {
    path.inner = tree.add_path("date", path.node);
    path.zone = tree.add_path("timezone", path.node);
  }
  return path;
}

std::optional<FieldProblem> FieldReader::read(const JsonText& json, const FieldTree& tree,
                                              rows::RowBatch& batch) {
  Row row{json, tree, batch, {}};
  losses_.clear();
  for (const Field& field : fields_) {
    auto problem = read_field(field, row);
    if (!problem) continue;
    if (field.is_important) return problem;
    losses_.push_back({field.column, std::move(*problem)});
  }
  return std::nullopt;
}

std::optional<FieldProblem> FieldReader::read_field(const Field& field, Row& row) {
  std::optional<FieldProblem> problem;
  bool is_empty = false;
  bool is_empty_text = false;
  for (const Path& path : field.paths) {
    const Outcome outcome = read_path(field, path, row);
    if (outcome == Outcome::kSet) return std::nullopt;
    is_empty = is_empty || outcome == Outcome::kEmpty;
    is_empty_text = is_empty_text || outcome == Outcome::kEmptyText;
    if (outcome != Outcome::kProblem || problem) continue;
    // An object that has the member of another path ("status.slug", else "status") is no surprise.
    const bool is_looked_into =
        row.tree.found(path.node) != kNotFound && row.json.kind(row.tree.found(path.node)) == '{' &&
        std::any_of(field.paths.begin(), field.paths.end(), [&](const Path& other) {
          return other.text.starts_with(path.text + ".") && row.tree.found(other.node) != kNotFound;
        });
    if (!is_looked_into) problem = std::move(row.problem);
  }
  if (!problem && row.tree.has_misfits()) {
    for (const Path& path : field.paths) {
      NodeId at = kNoNode;
      const Token misfit = row.tree.misfit_above(path.node, at);
      if (misfit == kNotFound) continue;
      row.wrong("wrong_type", path, misfit,
                row.tree.is_array(at) ? "a list on the way there" : "an object on the way there");
      return std::move(row.problem);
    }
  }
  if (problem) return problem;
  if (is_empty_text) row.batch.set_text(field.column, "");
  if (is_empty && field.empty_is_zero) row.batch.set_number(field.column, 0);
  return std::nullopt;
}

std::optional<FieldProblem> FieldReader::read_id(const JsonText& json, const FieldTree& tree,
                                                 int64_t& id) const {
  std::string found = "nothing";
  for (const Path& path : id_paths_) {
    const Token value = tree.found(path.node);
    if (value == kNotFound) continue;
    const char kind = json.kind(value);
    found = describe(json, value);
    if (kind != '"' && !is_number(kind)) continue;
    const std::string_view text = kind == '"' ? json.raw_string(value) : json.raw(value);
    if (parse_integer(text, id) == NumberParse::kOk) return std::nullopt;
  }
  return FieldProblem{"missing_id", fmt::format("{}: found {}, expected the id, an integer",
                                                id_paths_.front().text, found)};
}

FieldReader::Outcome FieldReader::read_path(const Field& field, const Path& path, Row& row) {
  if (field.kind == FieldKind::kMoneySum) return read_sum(field, path, row);
  const Token value = row.tree.found(path.node);
  if (value == kNotFound) return Outcome::kNull;
  const char kind = row.json.kind(value);
  if (kind == 'n') return Outcome::kNull;
  if (field.kind == FieldKind::kJson) {
    row.batch.set_text(field.column, row.json.raw(value));
    return Outcome::kSet;
  }
  if (field.kind == FieldKind::kCount) return read_count(field, path, value, row);
  if (row.json.is_empty_value(value)) return Outcome::kEmpty;
  switch (field.kind) {
    case FieldKind::kText: return read_text(field, path, value, row);
    case FieldKind::kBool: return read_bool(field, path, value, row);
    case FieldKind::kPhone: return read_phone(field, path, value, row);
    case FieldKind::kTimestamp:
    case FieldKind::kDate:
    case FieldKind::kDateRaw: return read_date(field, path, value, row);
    default: return read_number(field, path, value, row);
  }
}

std::string_view FieldReader::text_of(const JsonText& json, Token string, rows::RowBatch& batch) {
  const std::string_view raw = json.raw_string(string);
  if (std::memchr(raw.data(), '\\', raw.size()) == nullptr) return raw;
  scratch_.clear();
  append_unescaped(scratch_, raw);
  return batch.keep(scratch_);
}

FieldReader::Outcome FieldReader::read_text(const Field& field, const Path& path, Token value,
                                            Row& row) {
  const char kind = row.json.kind(value);
  if (kind == '{' || kind == '[') return row.wrong("wrong_type", path, value, "a text");
  if (kind != '"') {
    row.batch.set_text(field.column, row.json.raw(value));
    return Outcome::kSet;
  }
  const std::string_view text = text_of(row.json, value, row.batch);
  if (text.empty()) return Outcome::kEmptyText;
  row.batch.set_text(field.column, text);
  return Outcome::kSet;
}

FieldReader::Outcome FieldReader::read_number(const Field& field, const Path& path, Token value,
                                              Row& row) {
  const bool is_integer = field.kind == FieldKind::kInt;
  const std::string_view expected = is_integer ? "an integer" : "a decimal number";
  Token number = value;
  if (field.kind == FieldKind::kMoney && row.json.kind(value) == '{') {
    number = row.tree.found(path.inner);
    if (number == kNotFound) return row.wrong("wrong_type", path, value, "{amount, currency}");
    if (row.json.kind(number) == 'n') return Outcome::kNull;
    if (row.json.is_empty_value(number)) return Outcome::kEmpty;
  }
  const char kind = row.json.kind(number);
  if (kind != '"' && !is_number(kind)) return row.wrong("wrong_type", path, number, expected);
  const std::string_view text = kind == '"' ? row.json.raw_string(number) : row.json.raw(number);
  if (kind == '"' && is_blank(text)) return Outcome::kNull;
  int64_t result = 0;
  const NumberParse parsed =
      is_integer
          ? parse_integer(text, result)
          : parse_decimal(text, field.kind == FieldKind::kRate ? kRateScale : kMoneyScale, result);
  switch (parsed) {
    case NumberParse::kOk: row.batch.set_number(field.column, result); return Outcome::kSet;
    case NumberParse::kNotANumber: return row.wrong("wrong_type", path, number, expected);
    case NumberParse::kOutOfRange: break;
  }
  return row.wrong("out_of_range", path, number,
                   is_integer                       ? "an integer of 64 bits"
                   : field.kind == FieldKind::kRate ? "a number within DECIMAL(18,8)"
                                                    : "a number within DECIMAL(18,4)");
}

FieldReader::Outcome FieldReader::read_bool(const Field& field, const Path& path, Token value,
                                            Row& row) {
  const char kind = row.json.kind(value);
  const std::string_view text = kind == '"' ? row.json.raw_string(value) : row.json.raw(value);
  if (kind == '"' && is_blank(text)) return Outcome::kNull;
  const bool is_true = text == "true" || text == "1";
  if (!is_true && text != "false" && text != "0") {
    return row.wrong("wrong_type", path, value, "true or false");
  }
  row.batch.set_bool(field.column, is_true);
  return Outcome::kSet;
}

FieldReader::Outcome FieldReader::read_date(const Field& field, const Path& path, Token value,
                                            Row& row) {
  const JsonText& json = row.json;
  constexpr std::string_view kExpected = "a date: {date, timezone}, a date text or Unix seconds";
  Token date = value;
  std::string_view zone;
  bool is_zone_odd = false;
  if (json.kind(value) == '{') {
    date = row.tree.found(path.inner);
    if (date == kNotFound) return row.wrong("bad_date", path, value, kExpected);
    if (json.kind(date) == 'n' || json.is_empty_value(date)) return Outcome::kNull;
    const Token named = row.tree.found(path.zone);
    if (named != kNotFound && json.kind(named) == '"') zone = text_of(json, named, row.batch);
    is_zone_odd = named != kNotFound && json.kind(named) != 'n' && !json.is_empty_value(named) &&
                  (json.kind(named) != '"' || !is_known_zone(zone));
  }
  const char kind = json.kind(date);
  if (kind != '"' && !is_number(kind)) return row.wrong("bad_date", path, date, kExpected);
  const std::string_view text = kind == '"' ? text_of(json, date, row.batch) : json.raw(date);
  if (is_blank(text)) return Outcome::kNull;
  DateText parsed;
  if (kind != '"') {
    int64_t seconds = 0;
    if (parse_integer(text, seconds) != NumberParse::kOk || seconds < 0 ||
        seconds > kUnixSecondsMax) {
      return row.wrong("bad_date", path, date, kExpected);
    }
    if (seconds == 0) return Outcome::kNull;
    parsed = {seconds * kMicrosPerSecond, 0};
  } else if (const DateParse outcome = parse_date(text, parsed); outcome != DateParse::kOk) {
    if (outcome == DateParse::kNoDate) return Outcome::kNull;
    return row.wrong("bad_date", path, date, kExpected);
  }
  if (field.kind == FieldKind::kTimestamp) {
    row.batch.set_number(field.column, utc_micros(parsed, zone));
    // Unless the text has a zone of its own, the time that stands there is a guess.
    if (is_zone_odd && !parsed.offset_secs && parsed.zone.empty()) {
      losses_.push_back(
          {field.column,
           {std::string(kUnknownZoneRule),
            fmt::format("{}.timezone: found {}, expected a time zone; read as Asia/Riyadh's",
                        path.text, describe(json, row.tree.found(path.zone)))}});
    }
  } else if (field.kind == FieldKind::kDate) {
    const int64_t days = parsed.local_micros / kMicrosPerDay;
    row.batch.set_number(field.column, days - (parsed.local_micros % kMicrosPerDay < 0 ? 1 : 0));
  } else if (zone.empty()) {
    row.batch.set_text(field.column, text);
  } else {
    char* target = row.batch.keep_bytes(text.size() + 1 + zone.size());
    std::memcpy(target, text.data(), text.size());
    target[text.size()] = ' ';
    std::memcpy(target + text.size() + 1, zone.data(), zone.size());
    row.batch.set_text(field.column, {target, text.size() + 1 + zone.size()});
  }
  return Outcome::kSet;
}

std::string FieldReader::digits_of(const JsonText& json, Token value) {
  const char kind = json.kind(value);
  if (kind != '"' && !is_number(kind)) return "";
  const std::string_view text = kind == '"' ? json.raw_string(value) : json.raw(value);
  // 5.01234567e8, and 966501234567.0: what numbers become on their way through spreadsheets.
  int64_t number = 0;
  if (text.find_first_of(".eE") != std::string_view::npos &&
      text.find_first_not_of("0123456789.eE+-") == std::string_view::npos &&
      parse_integer(text, number) == NumberParse::kOk) {
    return std::to_string(number);
  }
  std::string plain;
  append_unescaped(plain, text);
  return plain;
}

// What is no number is lost to this column; one beside has the text as it came. "null" and 0 say that
// there is none.
FieldReader::Outcome FieldReader::read_phone(const Field& field, const Path& path, Token value,
                                             Row& row) {
  constexpr std::string_view kExpected = "a phone number";
  const char kind = row.json.kind(value);
  if (kind != '"' && !is_number(kind)) return row.wrong("wrong_type", path, value, kExpected);
  const Token code = path.code == kNoNode ? kNotFound : row.tree.found(path.code);
  const auto digits = digits_of(row.json, value);
  const auto number =
      phones_->read(digits, code == kNotFound ? std::string() : digits_of(row.json, code));
  if (!number) {
    const bool says_none =
        is_blank(digits) || digits == "null" || digits.find_first_not_of('0') == std::string::npos;
    return says_none ? Outcome::kNull : row.wrong("bad_phone", path, value, kExpected);
  }
  row.batch.add_text(field.column, *number);
  return Outcome::kSet;
}

FieldReader::Outcome FieldReader::read_sum(const Field& field, const Path& path, Row& row) {
  const JsonText& json = row.json;
  int64_t sum = 0;
  bool has_any = false;
  bool has_nothing = true;
  for (const auto& [node, found] : row.tree.collected()) {
    if (node != path.node) continue;
    has_nothing = false;
    Token value = found;
    if (json.kind(value) == '{' && !json.is_empty_container(value)) {
      const auto amount = json.member(value, "amount");
      if (!amount) return row.wrong("wrong_type", path, value, "{amount, currency}");
      value = *amount;
    }
    const char kind = json.kind(value);
    if (kind == 'n') continue;
    if (json.is_empty_value(value)) continue;
    if (kind != '"' && !is_number(kind)) {
      return row.wrong("wrong_type", path, value, "a decimal number");
    }
    const std::string_view text = kind == '"' ? json.raw_string(value) : json.raw(value);
    if (kind == '"' && is_blank(text)) continue;
    int64_t part = 0;
    const NumberParse parsed = parse_decimal(text, kMoneyScale, part);
    if (parsed == NumberParse::kNotANumber) {
      return row.wrong("wrong_type", path, value, "a decimal number");
    }
    // Both are below 10^18, so their sum fits 64 bits.
    sum += part;
    constexpr int64_t kLimit = 1'000'000'000'000'000'000;
    if (parsed == NumberParse::kOutOfRange || sum >= kLimit || sum <= -kLimit) {
      return row.wrong("out_of_range", path, value, "a sum within DECIMAL(18,4)");
    }
    has_any = true;
  }
  if (!has_any) {
    const Token list = has_nothing ? row.tree.found(path.array) : kNotFound;
    const char kind = list == kNotFound ? 'n' : json.kind(list);
    if (kind != '[' && kind != '{') return Outcome::kNull;
    // With elements none of which has the value, the sum is not known.
    if (!json.is_empty_container(list)) {
      NodeId at = kNoNode;
      if (row.tree.misfit_above(path.node, at) != kNotFound) return Outcome::kNull;
      return row.wrong("no_value", path, list, "a value in its elements");
    }
  }
  row.batch.set_number(field.column, sum);
  return Outcome::kSet;
}

FieldReader::Outcome FieldReader::read_count(const Field& field, const Path& path, Token value,
                                             Row& row) {
  const char kind = row.json.kind(value);
  const bool is_empty = kind == '{' && row.json.is_empty_container(value);
  if (kind == '"' && row.json.raw_string(value).empty()) return Outcome::kNull;
  if ((kind != '[' && kind != '{') || (!is_empty && !row.json.is_list(value))) {
    return row.wrong("wrong_type", path, value, "an array");
  }
  int64_t count = 0;
  if (!is_empty) row.json.each_item(value, [&count](Token) { ++count; });
  row.batch.set_number(field.column, count);
  return Outcome::kSet;
}

}  // namespace falaj::decode
