#include "decode/decimal_text.hpp"

#include <charconv>

#include "base/ulid.hpp"

namespace falaj::decode {
namespace {

constexpr int kDigitsOfWord = 18;
constexpr int kDigitsMax = 38;  // significant digits that are kept; the rest only rounds
constexpr int64_t kTenTo18 = 1'000'000'000'000'000'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// A number as digits times a power of ten.
struct Digits {
  Uint128 digits = 0;
  int exponent = 0;
  bool is_negative = false;
  bool has_rest = false;  // non-zero digits were dropped below the last one kept
};

bool read_exponent(std::string_view text, int& exponent) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return false;
  }
  int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return false;
  if (code == std::errc::result_out_of_range || value > 10'000 || value < -10'000) {
    value = text.front() == '-' ? -10'000 : 10'000;
  } else if (code != std::errc()) {
    return false;
  }
  exponent += static_cast<int>(value);
  return true;
}

bool read_digits(std::string_view text, Digits& out) {
  if (text.empty()) return false;
  size_t i = 0;
  if (text[0] == '-' || text[0] == '+') {
    out.is_negative = text[0] == '-';
    ++i;
  }
  int kept = 0;
  bool has_any = false;
  bool is_fraction = false;
  uint64_t low = 0;  // the first digits, as long as they fit: nearly always all of them
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !is_fraction) {
      is_fraction = true;
      continue;
    }
    if (!is_digit(c)) break;
    has_any = true;
    const auto digit = static_cast<unsigned>(c - '0');
    if (kept < kDigitsOfWord) {
      low = low * 10 + digit;
      out.digits = low;
    } else if (kept < kDigitsMax) {
      out.digits = out.digits * 10 + digit;
    } else {
      out.has_rest |= digit != 0;
      if (!is_fraction && out.exponent < 100'000) ++out.exponent;
      continue;
    }
    if (out.digits != 0) ++kept;
    if (is_fraction) --out.exponent;
  }
  if (!has_any) return false;
  if (i == text.size()) return true;
  return (text[i] == 'e' || text[i] == 'E') && i + 1 < text.size() &&
         read_exponent(text.substr(i + 1), out.exponent);
}

}  // namespace

NumberParse parse_decimal(std::string_view text, int scale, int64_t& value) {
  text = trim(text);
  Digits number;
  if (!read_digits(text, number)) return NumberParse::kNotANumber;
  int shift = number.exponent + scale;
  Uint128 scaled = number.digits;
  while (shift > 0 && scaled != 0) {
    if (scaled >= static_cast<Uint128>(kTenTo18)) return NumberParse::kOutOfRange;
    scaled *= 10;
    --shift;
  }
  unsigned last = 0;
  while (shift < 0 && (scaled != 0 || last != 0)) {
    last = static_cast<unsigned>(scaled % 10);
    scaled /= 10;
    ++shift;
  }
  if (last >= 5 && shift == 0) ++scaled;
  if (scaled >= static_cast<Uint128>(kTenTo18)) return NumberParse::kOutOfRange;
  value = static_cast<int64_t>(scaled);
  if (number.is_negative) value = -value;
  return NumberParse::kOk;
}

NumberParse parse_integer(std::string_view text, int64_t& value) {
  text = trim(text);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end == text.data() + text.size() && !text.empty()) {
    if (code == std::errc()) return NumberParse::kOk;
    if (code == std::errc::result_out_of_range) return NumberParse::kOutOfRange;
  }
  Digits number;
  if (!read_digits(text, number)) return NumberParse::kNotANumber;
  while (number.exponent < 0 && number.digits != 0) {
    if (number.digits % 10 != 0) return NumberParse::kNotANumber;
    number.digits /= 10;
    ++number.exponent;
  }
  if (number.has_rest) return NumberParse::kNotANumber;
  while (number.exponent > 0 && number.digits != 0) {
    if (number.digits > static_cast<Uint128>(INT64_MAX)) return NumberParse::kOutOfRange;
    number.digits *= 10;
    --number.exponent;
  }
  if (number.digits > static_cast<Uint128>(INT64_MAX)) return NumberParse::kOutOfRange;
  value = static_cast<int64_t>(number.digits);
  if (number.is_negative) value = -value;
  return NumberParse::kOk;
}

}  // namespace falaj::decode
