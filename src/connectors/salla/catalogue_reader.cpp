#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/closest.hpp"
#include "connectors/salla/catalogue.hpp"
#include "connectors/salla/stream_check.hpp"

namespace falaj::connectors::salla {
namespace {

using decode::FieldKind;
using decode::FieldSpec;
using extract::Changes;
using extract::Paging;
using extract::StreamSpec;
using Problem = std::optional<CatalogueProblem>;

constexpr int64_t kRereadDaysMax = 3'650;

template <typename Value, size_t count>
using Words = std::array<std::pair<std::string_view, Value>, count>;

constexpr Words<FieldKind, 13> kKinds = {{{"int", FieldKind::kInt},
                                          {"text", FieldKind::kText},
                                          {"money", FieldKind::kMoney},
                                          {"decimal", FieldKind::kDecimal},
                                          {"money_sum", FieldKind::kMoneySum},
                                          {"rate", FieldKind::kRate},
                                          {"bool", FieldKind::kBool},
                                          {"json", FieldKind::kJson},
                                          {"timestamp", FieldKind::kTimestamp},
                                          {"date_raw", FieldKind::kDateRaw},
                                          {"date", FieldKind::kDate},
                                          {"count", FieldKind::kCount},
                                          {"phone", FieldKind::kPhone}}};
constexpr Words<Paging, 4> kPagings = {{{"pages", Paging::kPages},
                                        {"opaque_cursor", Paging::kOpaqueCursor},
                                        {"integer_cursor", Paging::kIntegerCursor},
                                        {"none", Paging::kNone}}};
constexpr Words<Changes, 5> kChanges = {{{"latest_first", Changes::kLatestFirst},
                                         {"newest_first", Changes::kNewestFirst},
                                         {"compare", Changes::kCompare},
                                         {"with_parent", Changes::kWithParent},
                                         {"written_by_falaj", Changes::kWrittenByFalaj}}};
constexpr Words<bool, 2> kBuckets = {{{"store", true}, {"customers", true}}};

template <typename Value, size_t count>
std::string accepted(const Words<Value, count>& words) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : words) names.push_back(name);
  return fmt::format("accepted: {}", fmt::join(names, ", "));
}

template <typename Value, size_t count>
const Value* find_word(const Words<Value, count>& words, std::string_view name) {
  const auto found = std::find_if(words.begin(), words.end(),
                                  [&](const auto& word) { return word.first == name; });
  return found == words.end() ? nullptr : &found->second;
}

// Lower case, digits and underscores, as SQL takes them without quotes.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 60 && text.front() >= 'a' && text.front() <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

// Words that DuckDB or Snowflake keeps for its own SQL: a table or column called so could not be
// named in a statement as other names are.
constexpr std::string_view kReserved =
    " account all alter analyse analyze and anti any array as asc asof asymmetric at "
    "authorization between binary both by case cast check collate collation column columns "
    "concurrently connect connection constraint create cross current "
    "current_date current_time current_timestamp current_user "
    "database default deferrable delete desc describe distinct do drop else end except exists "
    "false fetch following for foreign freeze from full generated glob grant group gscluster "
    "having ilike in increment initially inner insert intersect into is isnull issue join "
    "lambda lateral leading left like limit localtime localtimestamp minus natural not notnull "
    "null of offset on only or order organization outer overlaps pivot pivot_longer "
    "pivot_wider placing positional primary qualify references regexp returning revoke right "
    "rlike row rows sample schema select semi set show similar some start "
    "summarize symmetric table tablesample then to trailing trigger true try_cast union unique "
    "unpack unpivot update using values variadic verbose view when whenever where window "
    "with ";

bool is_reserved(std::string_view name) {
  return kReserved.find(fmt::format(" {} ", name)) != std::string_view::npos;
}

bool is_member_path(std::string_view path) {
  if (path.empty() || path.front() == '.' || path.back() == '.') return false;
  return path.find("..") == std::string_view::npos && !path.starts_with("[]");
}

// "mobile" or, with the country's code beside it, "mobile_code+mobile".
bool is_phone_path(std::string_view path) {
  const auto plus = path.find('+');
  if (plus == std::string_view::npos) return is_member_path(path);
  return is_member_path(path.substr(0, plus)) && is_member_path(path.substr(plus + 1));
}

// One stream's table of keys, laid over what was there before.
class StreamReader {
 public:
  StreamReader(std::string place, StreamSpec& stream) : place_(std::move(place)), stream_(stream) {}

  Problem read(const Json& keys) {
    if (!keys.is_object()) return problem("", "expected a table of keys");
    for (const auto& [key, value] : keys.as_object()) {
      const auto reader = readers().find(key);
      if (reader == readers().end()) {
        std::vector<std::string> names;
        for (const auto& [name, unused] : readers()) names.push_back(name);
        return problem(key, fmt::format("no key of a stream is called so{}; accepted: {}",
                                        did_you_mean(key, names), fmt::join(names, ", ")));
      }
      if (auto found = reader->second(*this, key, value)) return found;
    }
    return std::nullopt;
  }

 private:
  using Reader = std::function<Problem(StreamReader&, const std::string&, const Json&)>;

  Problem problem(const std::string& key, std::string message) const {
    return CatalogueProblem{key.empty() ? place_ : place_ + "." + key, std::move(message)};
  }

  static Reader text(std::function<std::string&(StreamSpec&)> member,
                     std::function<std::string(const std::string&)> objection = {}) {
    return [=](StreamReader& self, const std::string& key, const Json& value) -> Problem {
      if (!value.is_string()) return self.problem(key, "expected a text in quotes");
      if (objection) {
        if (auto said = objection(value.as_string()); !said.empty()) return self.problem(key, said);
      }
      member(self.stream_) = value.as_string();
      return std::nullopt;
    };
  }

  static std::string object_to_path(const std::string& text) {
    return text.starts_with("/") ? "" : "a path starts with / and is below the API's base address";
  }
  static std::string object_to_name(const std::string& text) {
    if (!is_name(text)) {
      return "a name has lower-case letters, digits and _, at most 60, and starts with a letter";
    }
    if (!is_reserved(text)) return "";
    return fmt::format(
        "{0} is a word of SQL that a warehouse keeps for itself; call it {0}_ or "
        "the like",
        text);
  }
  static std::string object_to_member(const std::string& text) {
    return is_member_path(text) && text.find_first_of(".[") == std::string::npos
               ? ""
               : "expected the name of one member";
  }
  // Goes into a JSON text and into tables as it is.
  static std::string object_to_reason(const std::string& text) {
    const bool is_plain =
        !text.empty() && text.size() <= 60 &&
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_ ") == std::string::npos;
    return is_plain ? "" : "a reason has lower-case letters, digits, _ and spaces";
  }
  static std::string object_to_bucket(const std::string& text) {
    return find_word(kBuckets, text) != nullptr ? "" : accepted(kBuckets);
  }

  template <typename Value, size_t count>
  static Reader word(const Words<Value, count>& words, Value StreamSpec::*member) {
    return
        [&words, member](StreamReader& self, const std::string& key, const Json& value) -> Problem {
          const auto* found = find_word(words, value.as_string());
          if (found == nullptr) return self.problem(key, accepted(words));
          self.stream_.*member = *found;
          return std::nullopt;
        };
  }

  static Reader names(std::function<std::vector<std::string>&(StreamSpec&)> member) {
    return [=](StreamReader& self, const std::string& key, const Json& value) -> Problem {
      std::vector<std::string> texts;
      for (const auto& one : value.as_array()) {
        if (!one.is_string() || !is_member_path(one.as_string())) {
          return self.problem(key, "expected members' names in quotes");
        }
        texts.push_back(one.as_string());
      }
      if (!value.is_array()) return self.problem(key, "expected an array of texts");
      member(self.stream_) = std::move(texts);
      return std::nullopt;
    };
  }

  static const std::map<std::string, Reader>& readers() {
    static const std::map<std::string, Reader> all = {
        {"path", text(
                     [](auto& s) -> auto& { return s.path; }, object_to_path)},
        {"entity_path", text(
                            [](auto& s) -> auto& { return s.entity_path; }, object_to_path)},
        {"paging", word(kPagings, &StreamSpec::paging)},
        {"from", text([](auto& s) -> auto& { return s.from_parameter; })},
        {"to", text([](auto& s) -> auto& { return s.to_parameter; })},
        {"parent", text([](auto& s) -> auto& { return s.parent; })},
        {"parent_column",
         text(
             [](auto& s) -> auto& { return s.table.parent_column; }, object_to_name)},
        {"set_table", text(
                          [](auto& s) -> auto& { return s.table.set_table; }, object_to_name)},
        {"table", text(
                      [](auto& s) -> auto& { return s.table.table; }, object_to_name)},
        {"id_column", text(
                          [](auto& s) -> auto& { return s.table.id_column; }, object_to_name)},
        {"id", names([](auto& s) -> auto& { return s.table.id_paths; })},
        {"scope", text([](auto& s) -> auto& { return s.scope; })},
        {"bucket", text(
                       [](auto& s) -> auto& { return s.bucket; }, object_to_bucket)},
        {"changes", word(kChanges, &StreamSpec::changes)},
        {"reread_days",
         [](StreamReader& self, const std::string& key, const Json& value) -> Problem {
           const auto days = value.as_int(0);
           if (days < 1 || days > kRereadDaysMax) {
             return self.problem(key, fmt::format("accepted: 1 to {} days", kRereadDaysMax));
           }
           self.stream_.reread_days = static_cast<int>(days);
           return std::nullopt;
         }},
        {"gone", text(
                     [](auto& s) -> auto& { return s.gone_reason; }, object_to_reason)},
        {"settled", [](StreamReader& self, const std::string& key,
                       const Json& value) { return self.read_settled(key, value); }},
        {"note", text([](auto& s) -> auto& { return s.note; })},
        {"document", text([](auto& s) -> auto& { return s.document; })},
        {"key", names([](auto& s) -> auto& { return s.table.key_paths; })},
        {"nested", text(
                       [](auto& s) -> auto& { return s.table.nested; }, object_to_member)},
        {"volatile", names([](auto& s) -> auto& { return s.table.volatile_members; })},
        {"important", names([](auto& s) -> auto& { return s.table.important; })},
        {"zero_when_empty", names([](auto& s) -> auto& { return s.table.zero_when_empty; })},
        {"enabled",
         [](StreamReader& self, const std::string& key, const Json& value) -> Problem {
           if (!value.is_bool()) return self.problem(key, "accepted: true, false");
           self.stream_.is_enabled = value.as_bool();
           return std::nullopt;
         }},
        {"columns", [](StreamReader& self, const std::string& key,
                       const Json& value) { return self.read_columns(key, value); }},
        {"children", [](StreamReader& self, const std::string& key,
                        const Json& value) { return self.read_children(key, value); }},
    };
    return all;
  }

  Problem read_settled(const std::string& key, const Json& value) {
    const auto& parts = value.as_array();
    const bool has_texts =
        std::all_of(parts.begin(), parts.end(), [](const Json& part) { return part.is_string(); });
    if (parts.size() < 2 || !has_texts) {
      return problem(key, R"(expected [column, value, ...], such as ["status", "purchased"])");
    }
    stream_.settled_column = parts[0].as_string();
    stream_.settled_values.clear();
    for (size_t i = 1; i < parts.size(); ++i) {
      if (!object_to_reason(parts[i].as_string()).empty()) {
        return problem(key, "a value has lower-case letters, digits, _ and spaces");
      }
      stream_.settled_values.push_back(parts[i].as_string());
    }
    return std::nullopt;
  }

  Problem read_columns(const std::string& key, const Json& columns) {
    if (!columns.is_array()) return problem(key, "expected an array of [name, kind, path, ...]");
    std::set<std::string> seen;
    for (size_t i = 0; i < columns.as_array().size(); ++i) {
      const auto at = fmt::format("{}[{}]", key, i);
      const auto& parts = columns.as_array()[i].as_array();
      const bool has_texts = std::all_of(parts.begin(), parts.end(),
                                         [](const Json& part) { return part.is_string(); });
      if (parts.size() < 3 || !has_texts) {
        return problem(
            at, R"(expected [name, kind, path, ...], such as ["total", "money", "amounts.total"])");
      }
      FieldSpec field;
      field.column = parts[0].as_string();
      if (auto said = object_to_name(field.column); !said.empty()) return problem(at, said);
      if (!seen.insert(field.column).second) {
        return problem(at, fmt::format("column {} is declared twice", field.column));
      }
      const auto* kind = find_word(kKinds, parts[1].as_string());
      if (kind == nullptr) {
        return problem(at, fmt::format("no kind of column is called {}; {}",
                                       json_quote(parts[1].as_string()), accepted(kKinds)));
      }
      field.kind = *kind;
      for (size_t k = 2; k < parts.size(); ++k) {
        const auto& path = parts[k].as_string();
        if (*kind == FieldKind::kPhone ? !is_phone_path(path) : !is_member_path(path)) {
          return problem(at,
                         fmt::format("{} is no path of members (a.b, or a[].b through an array)",
                                     json_quote(parts[k].as_string())));
        }
        field.paths.push_back(parts[k].as_string());
      }
      put(std::move(field));
    }
    return std::nullopt;
  }

  void put(FieldSpec field) {
    auto& fields = stream_.table.fields;
    const auto same = std::find_if(fields.begin(), fields.end(),
                                   [&](const auto& one) { return one.column == field.column; });
    if (same == fields.end()) {
      fields.push_back(std::move(field));
    } else {
      *same = std::move(field);
    }
  }

  // The child's table is filled in when all streams are known.
  Problem read_children(const std::string& key, const Json& children) {
    if (!children.is_array()) return problem(key, "expected an array of {path, shapes, stream}");
    stream_.table.children.clear();
    for (size_t i = 0; i < children.as_array().size(); ++i) {
      const auto& child = children.as_array()[i];
      decode::ChildSpec spec;
      spec.path = child["path"].as_string();
      for (const auto& shape : child["shapes"].as_array()) spec.shapes.push_back(shape.as_string());
      spec.table.stream = child["stream"].as_string();
      if (!is_member_path(spec.path) || spec.shapes.empty() || !is_name(spec.table.stream)) {
        return problem(fmt::format("{}[{}]", key, i),
                       R"(expected { path = "items", shapes = ["full"], stream = "order_items" })");
      }
      stream_.table.children.push_back(std::move(spec));
    }
    return std::nullopt;
  }

  std::string place_;
  StreamSpec& stream_;
};

// "brands" -> "brand_id", "categories" -> "category_id".
std::string usual_id_column(const std::string& stream) {
  if (stream.ends_with("ies")) return stream.substr(0, stream.size() - 3) + "y_id";
  return (stream.ends_with("s") ? stream.substr(0, stream.size() - 1) : stream) + "_id";
}

// How such a stream is read is code; a key that it would not look at is a mistake.
Problem find_built_in_key(const std::string& place, const Json& keys) {
  for (const auto& [key, unused] : keys.as_object()) {
    if (key != "columns" && key != "volatile" && key != "important" && key != "zero_when_empty") {
      return CatalogueProblem{
          place + "." + key,
          "the way this stream is read is built in; a file may set its columns, "
          "volatile, important and zero_when_empty"};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view kind_name(decode::FieldKind kind) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto& word) { return word.second == kind; });
  return found == kKinds.end() ? "" : found->first;
}

std::variant<Streams, CatalogueProblem> read_catalogue(const Streams& base, const Json& changes) {
  auto streams = base;
  for (const auto& [section, unused] : changes.as_object()) {
    if (section != "streams") {
      return CatalogueProblem{section, "a catalogue has tables [streams.NAME] and nothing else"};
    }
  }
  for (const auto& [name, keys] : changes["streams"].as_object()) {
    const auto place = "streams." + name;
    if (!is_name(name)) {
      return CatalogueProblem{place, "a stream's name has lower-case letters, digits and _"};
    }
    auto found = std::find_if(streams.begin(), streams.end(),
                              [&, &wanted = name](const auto& one) { return one.name == wanted; });
    if (found == streams.end()) {
      StreamSpec fresh;
      fresh.name = name;
      fresh.table.stream = name;
      fresh.table.table = "bronze_" + name;
      fresh.table.id_column = usual_id_column(name);
      found = streams.insert(streams.end(), std::move(fresh));
    }
    if (!base.empty() && has_own_procedure(name)) {
      if (auto problem = find_built_in_key(place, keys)) return std::move(*problem);
    }
    if (auto problem = StreamReader(place, *found).read(keys)) return std::move(*problem);
  }
  const StreamCheck check(streams);
  for (auto& stream : streams) {
    for (auto& child : stream.table.children) {
      const auto* lines = check.find(child.table.stream);
      if (lines == nullptr || !lines->table.is_lines()) {
        return CatalogueProblem{
            "streams." + stream.name + ".children",
            fmt::format("{} is no stream of lines (one with set_table)", child.table.stream)};
      }
      child.table = lines->table;
    }
  }
  if (auto problem = check.check()) return std::move(*problem);
  return streams;
}

}  // namespace falaj::connectors::salla
