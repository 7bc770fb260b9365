#include "phone/phone_reader.hpp"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>

namespace falaj::phone {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr size_t kTextBytesMax = 64;
constexpr size_t kWithCodeDigitsMin = 11;  // shorter ones are numbers of a country
constexpr const char* kHome = "SA";
constexpr std::string_view kHomeCode = "966";
constexpr size_t kHomeDigits = 9;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// The code point at the front of valid UTF-8, and its bytes.
char32_t next_char(std::string_view text, size_t& bytes) {
  const auto lead = static_cast<unsigned char>(text.front());
  bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes > text.size()) bytes = 1;
  if (bytes == 1) return lead;
  auto point = static_cast<char32_t>(lead & (0xFFU >> (bytes + 1)));
  for (size_t i = 1; i < bytes; ++i) {
    point = (point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  return point;
}

// Marks that are not seen: directions, joiners, soft hyphens.
bool is_invisible(char32_t c) {
  return c == 0xAD || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

bool is_space(char32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

char32_t zero_of(char32_t c) {
  for (const char32_t zero : {U'0', U'\u0660', U'\u06F0', U'\uFF10'}) {
    if (c >= zero && c <= zero + 9) return zero;
  }
  return 0;
}

// Of the Saudi mobile numbers 5xxxx....: 0 not asked yet, 1 valid, 2 not.
std::atomic<uint8_t>& known_prefix(std::string_view national) {
  static std::array<std::atomic<uint8_t>, 10'000> known{};
  size_t index = 0;
  for (const char c : national.substr(1, 4)) index = index * 10 + static_cast<size_t>(c - '0');
  return known.at(index);
}

// The nine digits of a Saudi mobile number in any of its plain forms; empty if it is none.
std::string_view home_mobile(std::string_view number, std::string_view code) {
  if (!code.empty() && code != kHomeCode) return {};
  if (number.starts_with('+')) {
    number.remove_prefix(1);
    if (!number.starts_with(kHomeCode)) return {};
  }
  if (number.size() == kHomeDigits + kHomeCode.size() && number.starts_with(kHomeCode)) {
    number.remove_prefix(kHomeCode.size());
  } else if (number.size() == kHomeDigits + 1 && number.starts_with('0')) {
    number.remove_prefix(1);
  }
  const bool is_mobile =
      number.size() == kHomeDigits && number.front() == '5' && all_digits(number);
  return is_mobile ? number : std::string_view();
}

}  // namespace

// Digits of other scripts become ASCII, what is not seen goes, spaces become plain, 00 in front a
// plus. False for what is no text of a number.
bool PhoneReader::clean(std::string_view text, std::string& out) const {
  out.clear();
  if (text.size() > kTextBytesMax) return false;
  while (!text.empty()) {
    size_t bytes = 0;
    const char32_t c = next_char(text, bytes);
    const auto raw = text.substr(0, bytes);
    text.remove_prefix(bytes);
    if (is_invisible(c)) continue;
    if (const char32_t zero = zero_of(c); zero != 0) {
      out += static_cast<char>('0' + (c - zero));
    } else if (c == 0xFF0B) {
      out += '+';
    } else if (is_space(c)) {
      if (!out.empty() && out.back() != ' ' && out.back() != '+') out += ' ';
    } else if (c != '+' || out != "+") {
      out += raw;
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  if (out.starts_with("00")) {
    const auto digits = out.find_first_not_of('0');
    out.replace(0, digits == std::string::npos ? out.size() : digits, "+");
  }
  return std::any_of(out.begin(), out.end(), is_digit);
}

std::string PhoneReader::region_of_code() const {
  if (code_.empty()) return kHome;
  if (!all_digits(code_)) return code_;
  if (code_.size() > 3) return kHome;
  std::string region;
  PhoneNumberUtil::GetInstance()->GetRegionCodeForCountryCode(std::stoi(code_), &region);
  return region == "ZZ" ? kHome : region;
}

bool PhoneReader::ask_library(const std::string& text, const std::string& region) {
  const auto* library = PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  if (library->Parse(text, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR ||
      !library->IsValidNumber(number)) {
    return false;
  }
  result_.clear();
  library->Format(number, PhoneNumberUtil::E164, &result_);
  return true;
}

// Of number_ and code_.
std::optional<std::string_view> PhoneReader::ask_clean() {
  if (ask_library(number_, region_of_code())) return result_;
  // Another country's number without its plus.
  const auto digits = std::count_if(number_.begin(), number_.end(), is_digit);
  if (!number_.starts_with('+') && !number_.starts_with('0') &&
      digits >= static_cast<std::ptrdiff_t>(kWithCodeDigitsMin) &&
      ask_library("+" + number_, kHome)) {
    return result_;
  }
  return std::nullopt;
}

std::optional<std::string_view> PhoneReader::ask(std::string_view number, std::string_view code) {
  if (!clean(number, number_)) return std::nullopt;
  if (!clean(code, code_)) {
    // A region has two letters; anything else is no code.
    const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (code_.size() != 2 || !letter(code_[0]) || !letter(code_[1])) code_.clear();
  } else {
    std::erase_if(code_, [](char c) { return !is_digit(c); });
  }
  return ask_clean();
}

std::optional<std::string_view> PhoneReader::read(std::string_view number, std::string_view code) {
  const auto bare_code = code.starts_with('+') ? code.substr(1) : code;
  if (const auto mobile = home_mobile(number, bare_code); !mobile.empty()) {
    auto& state = known_prefix(mobile);
    auto known = state.load(std::memory_order_relaxed);
    if (known == 0) {
      known = ask(mobile, kHomeCode) ? 1 : 2;
      state.store(known, std::memory_order_relaxed);
    }
    if (known != 1) return std::nullopt;
    result_.assign("+").append(kHomeCode).append(mobile);
    return result_;
  }
  const std::hash<std::string_view> hash;
  auto& known = known_[(hash(number) * 31 + hash(code)) & (kKnown - 1)];
  if (known.number.empty() || known.number != number || known.code != code) {
    const auto found = ask(number, code);
    known.number.assign(number);
    known.code.assign(code);
    known.e164.assign(found.value_or(std::string_view()));
  }
  if (known.e164.empty()) return std::nullopt;
  return known.e164;
}

}  // namespace falaj::phone
