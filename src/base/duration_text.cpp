#include "base/duration_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <string>

#include "base/text_file.hpp"

namespace falaj {
namespace {

struct Unit {
  std::string_view name;
  double seconds;
};

constexpr std::array<Unit, 21> kUnits = {
    {{"w", 604'800},   {"week", 604'800}, {"weeks", 604'800}, {"d", 86'400}, {"day", 86'400},
     {"days", 86'400}, {"h", 3600},       {"hr", 3600},       {"hrs", 3600}, {"hour", 3600},
     {"hours", 3600},  {"m", 60},         {"min", 60},        {"mins", 60},  {"minute", 60},
     {"minutes", 60},  {"s", 1},          {"sec", 1},         {"secs", 1},   {"second", 1},
     {"seconds", 1}}};
constexpr double kLongest = 100.0 * 366 * 86'400;

double seconds_of(std::string_view name) {
  for (const auto& unit : kUnits) {
    if (unit.name == name) return unit.seconds;
  }
  return 0;
}

size_t end_of(std::string_view text, size_t from, std::string_view characters) {
  const auto end = text.find_first_not_of(characters, from);
  return end == std::string_view::npos ? text.size() : end;
}

}  // namespace

Result<double> parse_duration(std::string_view given) {
  std::string text(trimmed(given));
  for (auto& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const auto refused = [&] {
    return Error(ErrorKind::kUsage,
                 fmt::format("\"{}\" is not a duration {}", excerpt(given, 40), kDurationExamples));
  };
  double sum = 0;
  double last_unit = kLongest;
  for (size_t at = 0; at < text.size();) {
    const size_t number_end = end_of(text, at, "0123456789.");
    const std::string digits = text.substr(at, number_end - at);
    char* rest = nullptr;
    const double value = std::strtod(digits.c_str(), &rest);
    const size_t unit_begin = end_of(text, number_end, " ");
    const size_t unit_end = end_of(text, unit_begin, "abcdefghijklmnopqrstuvwxyz");
    const bool is_alone = at == 0 && number_end == text.size();
    const double unit =
        is_alone ? 1 : seconds_of(std::string_view(text).substr(unit_begin, unit_end - unit_begin));
    const bool has_digit = digits.find_first_not_of('.') != std::string::npos;
    if (!has_digit || *rest != '\0' || unit == 0 || unit >= last_unit) return refused();
    sum += value * unit;
    last_unit = unit;
    at = end_of(text, unit_end, " ");
  }
  if (text.empty() || !(sum <= kLongest)) return refused();
  return sum;
}

}  // namespace falaj
