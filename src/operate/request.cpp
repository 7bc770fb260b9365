#include "operate/request.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>

#include "base/closest.hpp"
#include "base/counted.hpp"
#include "base/duration_text.hpp"

namespace falaj::operate {
namespace {

// What a message may quote of a value.
constexpr size_t kQuoted = 80;

const Option* find_option(const std::vector<Option>& options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const auto& option) { return option.name == name; });
  return found == options.end() ? nullptr : &*found;
}

std::optional<int64_t> parse_integer(std::string_view text) {
  int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [at, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc() || at != end || text.empty()) return std::nullopt;
  return value;
}

bool is_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto year = parse_integer(text.substr(0, 4));
  const auto month = parse_integer(text.substr(5, 2));
  const auto day = parse_integer(text.substr(8, 2));
  if (!year || !month || !day || *year < 0 || *month < 0 || *day < 0) return false;
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(*year)),
                                     std::chrono::month(static_cast<unsigned>(*month)),
                                     std::chrono::day(static_cast<unsigned>(*day)))
      .ok();
}

// "from 1 to 10,000,000", "of 1 or more"
std::string range_text(const Option& option) {
  if (option.least && option.most)
    return fmt::format("from {} to {}", with_thousands(*option.least),
                       with_thousands(*option.most));
  return option.least ? fmt::format("of {} or more", with_thousands(*option.least))
                      : fmt::format("of {} at the most", with_thousands(option.most.value_or(0)));
}

template <typename Number>
bool is_in_range(const Option& option, Number value) {
  return !(option.least && value < static_cast<Number>(*option.least)) &&
         !(option.most && value > static_cast<Number>(*option.most));
}

Status check_words(const Option& option, const std::string& value) {
  if (option.words.empty()) return {};
  if (std::find(option.words.begin(), option.words.end(), value) != option.words.end()) return {};
  return Error(
      ErrorKind::kUsage,
      fmt::format("{}: \"{}\" is none of {}{}", shown_name(option), excerpt(value, kQuoted),
                  fmt::join(option.words, ", "), did_you_mean(value, option.words)));
}

Status check_integer(const Option& option, const std::string& value) {
  const auto number = parse_integer(value);
  if (number && is_in_range(option, *number)) return {};
  const bool has_range = option.least || option.most;
  return Error(ErrorKind::kUsage,
               fmt::format("{}: \"{}\" is no number{}", shown_name(option), excerpt(value, kQuoted),
                           has_range ? " " + range_text(option) : ""));
}

Status check_duration(const Option& option, const std::string& value) {
  FALAJ_ASSIGN(const double seconds,
               parse_duration(value).while_doing("reading " + shown_name(option)));
  if (is_in_range(option, seconds)) return {};
  if (option.most) {
    return Error(ErrorKind::kUsage, fmt::format("{} is from {} s to {} s", shown_name(option),
                                                with_thousands(option.least.value_or(0)),
                                                with_thousands(*option.most)));
  }
  return Error(ErrorKind::kUsage,
               fmt::format("{} takes a duration of {} or more, {}", shown_name(option),
                           counted(*option.least, "second"), kDurationExamples));
}

Status check_file(const Option& option, const std::string& value) {
  std::error_code ignored;
  if (!option.must_exist || std::filesystem::is_regular_file(value, ignored)) return {};
  return Error(ErrorKind::kUsage,
               fmt::format("{}: there is no file {}", shown_name(option), excerpt(value, kQuoted)));
}

Status check_value(const Option& option, const std::string& value) {
  FALAJ_TRY(check_words(option, value));
  switch (option.type) {
    case OptionType::kInteger: return check_integer(option, value);
    case OptionType::kDuration: return check_duration(option, value);
    case OptionType::kDay:
      if (is_day(value)) return {};
      return Error(ErrorKind::kUsage, fmt::format("\"{}\" is no day; write it as 2026-11-23",
                                                  excerpt(value, kQuoted)));
    case OptionType::kFlag:
      if (value == "true") return {};
      return Error(ErrorKind::kUsage, shown_name(option) + " takes no value");
    case OptionType::kPath: return check_file(option, value);
    case OptionType::kText: return {};
  }
  return {};
}

Status check_company(const std::vector<Option>& options, const Option& option,
                     const Request::Given& given) {
  for (const auto& other : option.needs) {
    if (given.contains(other)) continue;
    return Error(ErrorKind::kUsage, fmt::format("{} needs {}", shown_name(option),
                                                shown_name(*find_option(options, other))));
  }
  for (const auto& other : option.excludes) {
    if (!given.contains(other)) continue;
    return Error(ErrorKind::kUsage, fmt::format("{} does not go with {}", shown_name(option),
                                                shown_name(*find_option(options, other))));
  }
  return {};
}

// A scalar as it would be written in a command line.
Result<std::string> scalar_text(const std::string& name, const Json& value) {
  if (value.is_string()) return value.as_string();
  if (value.is_integer()) return std::to_string(value.as_int());
  if (value.is_bool()) return std::string(value.as_bool() ? "true" : "false");
  return Error(ErrorKind::kUsage, name + " takes a text, an integer, true or false");
}

}  // namespace

std::string shown_name(const Option& option) {
  return option.is_positional ? option.name : "--" + option.name;
}

std::string shown_value(const Option& option) {
  if (option.type == OptionType::kFlag) return "";
  if (!option.value_name.empty()) return option.value_name;
  if (!option.words.empty()) return fmt::format("{}", fmt::join(option.words, "|"));
  switch (option.type) {
    case OptionType::kInteger: return "N";
    case OptionType::kDuration: return "TIME";
    case OptionType::kDay: return "DAY";
    case OptionType::kPath: return "PATH";
    default: return "TEXT";
  }
}

Result<Request> Request::make(const std::vector<Option>& options, Given given) {
  std::erase_if(given, [](const auto& entry) { return entry.second.empty(); });
  for (const auto& [name, values] : given) {
    if (find_option(options, name) != nullptr) continue;
    std::vector<std::string> known;
    for (const auto& option : options) known.push_back(option.name);
    return Error(ErrorKind::kUsage, fmt::format("there is no option {}{}", excerpt(name, kQuoted),
                                                did_you_mean(name, known)));
  }
  for (const auto& option : options) {
    const auto found = given.find(option.name);
    if (found == given.end()) {
      if (option.is_required) return Error(ErrorKind::kUsage, shown_name(option) + " is required");
      continue;
    }
    if (found->second.size() > 1 && !option.is_repeatable)
      return Error(ErrorKind::kUsage, shown_name(option) + " is given more than once");
    for (const auto& value : found->second) FALAJ_TRY(check_value(option, value));
    FALAJ_TRY(check_company(options, option, given));
  }
  Request request;
  request.options_ = options;
  request.given_ = std::move(given);
  return request;
}

Result<Request> Request::from_json(const std::vector<Option>& options, const Json& object) {
  if (!object.is_object() && !object.is_null())
    return Error(ErrorKind::kUsage, "options are a JSON object");
  Given given;
  for (const auto& [name, value] : object.as_object()) {
    if (value.is_null()) continue;
    const auto* option = find_option(options, name);
    const bool is_flag = option != nullptr && option->type == OptionType::kFlag;
    if (is_flag && value.is_bool() && !value.as_bool()) continue;
    auto& values = given[name];
    for (const auto& each : value.is_array() ? value.as_array() : Json::Array{value}) {
      FALAJ_ASSIGN(auto text, scalar_text(name, each));
      values.push_back(std::move(text));
    }
  }
  return make(options, std::move(given));
}

const Option& Request::option(std::string_view name) const {
  const auto* found = find_option(options_, name);
  FALAJ_CHECK(found != nullptr, "the operation declares no option {}", name);
  return *found;
}

bool Request::declares(std::string_view name) const {
  return find_option(options_, name) != nullptr;
}

bool Request::has(std::string_view name) const {
  return given_.contains(option(name).name);
}

std::string Request::text(std::string_view name) const {
  const auto& declared = option(name);
  const auto found = given_.find(declared.name);
  return found == given_.end() ? declared.default_value : found->second.front();
}

std::optional<int64_t> Request::integer(std::string_view name) const {
  return parse_integer(text(name));
}

std::optional<double> Request::seconds(std::string_view name) const {
  const auto written = text(name);
  if (written.empty()) return std::nullopt;
  const auto parsed = parse_duration(written);
  FALAJ_CHECK(parsed.ok(), "the value of {} was not checked", name);
  return *parsed;
}

bool Request::flag(std::string_view name) const {
  return has(name);
}

std::vector<std::string> Request::texts(std::string_view name) const {
  const auto found = given_.find(option(name).name);
  return found == given_.end() ? std::vector<std::string>() : found->second;
}

}  // namespace falaj::operate
