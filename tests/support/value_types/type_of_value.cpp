#include "support/value_types/type_of_value.hpp"

#include <algorithm>
#include <cstdlib>

namespace falaj::test {
namespace {

using decode::FieldKind;
using decode::JsonText;
using decode::Token;

// Digits without zeros at either end, times a power of ten.
struct Number {
  bool is_negative = false;
  std::string digits;
  int exponent = 0;

  bool is_whole() const { return digits.empty() || exponent >= 0; }
  // Before the point.
  int places() const { return digits.empty() ? 0 : static_cast<int>(digits.size()) + exponent; }
};

std::string digits_at(const std::string& text, size_t& at) {
  const auto end = std::min(text.find_first_not_of("0123456789", at), text.size());
  auto digits = text.substr(at, end - at);
  at = end;
  return digits;
}

std::optional<Number> number_of(std::string text) {
  text.erase(0, text.find_first_not_of(" \t"));
  text.erase(text.find_last_not_of(" \t") + 1);
  Number number;
  size_t at = 0;
  if (text.starts_with('-') || text.starts_with('+')) number.is_negative = text[at++] == '-';
  number.digits = digits_at(text, at);
  if (at < text.size() && text[at] == '.') {
    const auto fraction = digits_at(text, ++at);
    number.digits += fraction;
    number.exponent = -static_cast<int>(fraction.size());
  }
  if (number.digits.empty()) return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const bool has_sign = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-');
    const int sign = has_sign && text[at + 1] == '-' ? -1 : 1;
    at += has_sign ? 2 : 1;
    const auto power = digits_at(text, at);
    if (power.empty()) return std::nullopt;
    number.exponent += sign * std::atoi(power.c_str());
  }
  if (at != text.size()) return std::nullopt;
  number.digits.erase(0, number.digits.find_first_not_of('0'));
  while (number.digits.ends_with('0')) {
    number.digits.pop_back();
    ++number.exponent;
  }
  if (number.digits.empty()) number = Number();
  return number;
}

// Whether a text begins as a form does, in which 9 is any digit, A any letter.
bool begins_as(const std::string& text, std::string_view form) {
  if (text.size() < form.size()) return false;
  for (size_t i = 0; i < form.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    const bool is_letter = (text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z';
    if (form[i] == '9' ? !is_digit : form[i] == 'A' ? !is_letter : text[i] != form[i]) return false;
  }
  return true;
}

bool is_date_text(const std::string& text) {
  constexpr std::string_view kDay = "9999-99-99";
  if (begins_as(text, "AAA AAA 99 9999 99:99:99")) return true;
  if (!begins_as(text, kDay)) return false;
  auto rest = text.substr(kDay.size());
  if (rest.empty()) return true;
  if (rest[0] != 'T' && rest[0] != ' ') return false;
  rest.erase(0, rest.starts_with("T:") ? 2 : 1);
  return begins_as(rest, "99:99");
}

// Its whole part against another number's digits.
bool exceeds(const Number& number, const std::string& most) {
  const auto places = std::max(0, number.places());
  if (static_cast<size_t>(places) != most.size()) return static_cast<size_t>(places) > most.size();
  auto digits = number.digits.substr(0, static_cast<size_t>(places));
  digits.resize(static_cast<size_t>(places), '0');
  return digits > most;
}

bool is_beyond(FieldKind kind, const Number& number) {
  switch (kind) {
    case FieldKind::kInt: return number.is_whole() && exceeds(number, "9223372036854775807");
    case FieldKind::kMoney:
    case FieldKind::kMoneySum:
    case FieldKind::kDecimal: return exceeds(number, "99999999999999");
    case FieldKind::kRate: return exceeds(number, "9999999999");
    case FieldKind::kTimestamp:
    case FieldKind::kDate:
    case FieldKind::kDateRaw:  // until the end of the year 9999
      return number.is_whole() && (number.is_negative || exceeds(number, "253402300799"));
    default: return false;
  }
}

std::string type_of_text(FieldKind kind, const std::string& text) {
  if (text.empty()) return "empty-text";
  if (text == "null" || text.starts_with("0000-00-00")) return "no-date";
  if (is_date_text(text)) return "date-text";
  const auto number = number_of(text);
  if (!number) return "prose";
  // A date is no number in quotes.
  if (!is_date(kind) && is_beyond(kind, *number)) return "beyond";
  return number->is_whole() ? "whole-text" : "fraction-text";
}

std::string type_of_object(const JsonText& json, Token value) {
  if (json.is_empty_container(value)) return "empty";
  if (json.is_list(value)) return "list";
  if (json.member(value, "amount")) return "money";
  return json.member(value, "date") ? "date-object" : "object";
}

std::string unescaped(const JsonText& json, Token value) {
  std::string text;
  decode::append_unescaped(text, json.raw_string(value));
  return text;
}

std::optional<std::string> decimal_text(const Number& number, int scale) {
  if (-number.exponent > scale) return std::nullopt;  // rounded
  std::string digits =
      number.digits + std::string(static_cast<size_t>(number.exponent + scale), '0');
  const auto least = static_cast<size_t>(scale) + 1;
  if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
  digits.insert(digits.size() - static_cast<size_t>(scale), ".");
  return (number.is_negative && !number.digits.empty() ? "-" : "") + digits;
}

}  // namespace

bool is_date(FieldKind kind) {
  return kind == FieldKind::kTimestamp || kind == FieldKind::kDate || kind == FieldKind::kDateRaw;
}

std::string type_of_value(FieldKind kind, const JsonText& json, Token value) {
  switch (json.kind(value)) {
    case 'n': return "nothing";
    case 't':
    case 'f': return "true-false";
    case '{': return type_of_object(json, value);
    case '[': return json.is_empty_container(value) ? "empty" : "list";
    case '"': return type_of_text(kind, unescaped(json, value));
    default: break;
  }
  const auto number = number_of(std::string(json.raw(value)));
  if (!number) return "prose";
  if (is_beyond(kind, *number)) return "beyond";
  if (!number->is_whole()) return "fraction";
  if (number->digits.empty()) return "nought";
  return json.raw(value) == "1" ? "one" : "whole";
}

std::optional<std::string> text_of_value(FieldKind kind, const JsonText& json, Token value) {
  const bool is_text = json.kind(value) == '"';
  const auto text = is_text ? unescaped(json, value) : std::string(json.raw(value));
  switch (kind) {
    case FieldKind::kText: return text;
    case FieldKind::kJson: return std::string(json.raw(value));
    case FieldKind::kBool: return text == "1" || text == "true" ? "true" : "false";
    case FieldKind::kCount: {
      int64_t count = 0;
      json.each_item(value, [&count](Token) { ++count; });
      return std::to_string(count);
    }
    case FieldKind::kInt:
    case FieldKind::kMoney:
    case FieldKind::kDecimal:
    case FieldKind::kRate: {
      const auto number = number_of(text);
      if (!number) return std::nullopt;
      if (kind != FieldKind::kInt) return decimal_text(*number, kind == FieldKind::kRate ? 8 : 4);
      const auto whole = number->digits + std::string(static_cast<size_t>(number->exponent), '0');
      return number->digits.empty() ? "0" : (number->is_negative ? "-" : "") + whole;
    }
    default: return std::nullopt;
  }
}

}  // namespace falaj::test
