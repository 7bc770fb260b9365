#include "config/written_value.hpp"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "base/duration_text.hpp"
#include "base/text_file.hpp"
#include "base/token_text.hpp"

namespace falaj::config {
namespace {

Error bad(const std::string& found, const std::string& accepted) {
  return {ErrorKind::kInvalidConfig,
          fmt::format("found \"{}\", accepted: {}", excerpt(found, 60), accepted)};
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
}

std::string without_slash_at_end(std::string_view text) {
  while (text.size() > 1 && text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

Result<std::string> address(std::string_view text) {
  const bool is_one_word =
      std::none_of(text.begin(), text.end(), [](char c) { return c == ' ' || is_control(c); });
  if (!is_one_word || text.find_first_of("?#") != std::string_view::npos) {
    return bad(std::string(text),
               "an address such as https://api.salla.dev/admin/v2, without "
               "blanks, ? and #");
  }
  return without_slash_at_end(text);
}

// A name or number of a network interface: what comes with a URL is taken off.
std::string listening_address(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
  }
  return without_slash_at_end(text);
}

Result<std::string> one_of(const Property& property, const std::string& text) {
  std::string list;
  for (const auto& one : property.accepted) {
    if (::strcasecmp(one.c_str(), text.c_str()) == 0) return one;
    list += (list.empty() ? "" : ", ") + one;
  }
  return bad(text, list);
}

// Seconds in the setting's unit; 0 for one that is no time.
double seconds_of_unit(const Property& property) {
  const std::string_view name = property.name;
  if (name.find("_secs") != std::string_view::npos) return 1;
  if (name.find("_hours") != std::string_view::npos) return 3600;
  return name.find("_days") != std::string_view::npos ? 86'400 : 0;
}

Result<std::string> number(const Property& property, std::string text) {
  const double unit = seconds_of_unit(property);
  const bool has_letter = text.find_first_of("dhmswDHMSW") != std::string::npos;
  const auto refused = [&](const std::string& found) {
    return bad(found,
               fmt::format("a {} from {} to {}{}",
                           property.type == PropertyType::kInteger ? "whole number" : "number",
                           property.least, property.greatest,
                           unit > 0 ? fmt::format(", or a duration {}", kDurationExamples)
                                    : std::string()));
  };
  const auto found = text;
  if (unit > 0 && has_letter) {
    const auto seconds = parse_duration(text);
    if (!seconds.ok()) return refused(found);
    const double value = *seconds / unit;
    if (property.type == PropertyType::kInteger && value != std::floor(value))
      return refused(found);
    text = property.type == PropertyType::kInteger ? fmt::format("{}", static_cast<int64_t>(value))
                                                   : fmt::format("{}", value);
  }
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool is_whole = property.type == PropertyType::kNumber ||
                        text.find_first_not_of("-0123456789") == std::string::npos;
  if (text.empty() || *end != '\0' || !is_whole || !(value >= property.least) ||
      value > property.greatest) {
    return refused(found);
  }
  return text;
}

Result<std::string> secret(const Property& property, std::string_view written) {
  switch (property.writing) {
    case Writing::kToken: {
      if (trimmed(written).empty()) return std::string();
      FALAJ_ASSIGN(const auto token, clean_token(written, "it"));
      return token.expose();
    }
    case Writing::kKey: return plain_text(std::string(trimmed(written)));
    case Writing::kVerbatim: return std::string(written);
    default: break;
  }
  const auto text = unquoted(trimmed(written));
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return Error(ErrorKind::kInvalidConfig,
                 "it has a line end or another character that cannot be part of it; write it in "
                 "one line");
  }
  return std::string(text);
}

}  // namespace

Result<std::string> accepted_value(const Property& property, std::string_view written) {
  if (property.is_secret) return secret(property, written);
  const std::string text(trimmed(unquoted(trimmed(written))));
  if (std::any_of(text.begin(), text.end(), is_control)) return bad(text, "a text in one line");
  if (property.type != PropertyType::kText) return number(property, text);
  if (!property.accepted.empty()) return one_of(property, text);
  switch (property.writing) {
    case Writing::kAddress: return address(text);
    case Writing::kPath: return without_slash_at_end(text);
    case Writing::kListening: return listening_address(text);
    default: return text;
  }
}

}  // namespace falaj::config
