#include "simulator/json_out.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "simulator/civil_time.hpp"

namespace falaj::simulator {
namespace {

constexpr int64_t kScale = 10'000;

void append_amount(std::string& out, int64_t amount4) {
  std::array<char, 32> text;
  char* end = text.data();
  uint64_t value = static_cast<uint64_t>(amount4);
  if (amount4 < 0) {
    *end++ = '-';
    value = ~value + 1;
  }
  end = std::to_chars(end, text.data() + text.size(), value / kScale).ptr;
  auto fraction = static_cast<unsigned>(value % kScale);
  if (fraction != 0) {
    *end++ = '.';
    for (unsigned place = 1000; fraction != 0; place /= 10) {
      *end++ = static_cast<char>('0' + fraction / place);
      fraction %= place;
    }
  }
  out.append(text.data(), static_cast<size_t>(end - text.data()));
}

bool is_plain(std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) return false;
  }
  return true;
}

}  // namespace

JsonOut& JsonOut::number(int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text_.append(digits.data(), static_cast<size_t>(end - digits.data()));
  return *this;
}

JsonOut& JsonOut::part(std::string_view value) {
  if (is_plain(value)) return raw(value);
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      text_.push_back('\\');
      text_.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      text_ += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      text_.push_back(c);
    }
  }
  return *this;
}

JsonOut& JsonOut::text(std::string_view value) {
  text_.push_back('"');
  part(value);
  text_.push_back('"');
  return *this;
}

JsonOut& JsonOut::amount(int64_t amount4) {
  append_amount(text_, amount4);
  return *this;
}

JsonOut& JsonOut::money(int64_t amount4, std::string_view currency) {
  raw(R"({"amount":)");
  append_amount(text_, amount4);
  return raw(R"(,"currency":")").raw(currency).raw("\"}");
}

JsonOut& JsonOut::date(int64_t seconds) {
  raw(R"({"date":")");
  append_date_time(text_, seconds);
  return raw(R"(.000000","timezone_type":3,"timezone":"Asia/Riyadh"})");
}

JsonOut& JsonOut::naive_date(int64_t seconds) {
  text_.push_back('"');
  append_date_time(text_, seconds);
  text_.push_back('"');
  return *this;
}

JsonOut& JsonOut::token(uint64_t noise) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789xy";
  std::array<char, 10> letters;
  for (auto& letter : letters) {
    letter = kLetters[noise & 63U];
    noise >>= 6U;
  }
  text_.append(letters.data(), letters.size());
  return *this;
}

std::string amount_text(int64_t amount4) {
  std::string text;
  append_amount(text, amount4);
  return text;
}

std::string two_decimals(int64_t amount4) {
  auto text = amount_text(amount4);
  const auto point = text.find('.');
  if (point == std::string::npos) return text + ".00";
  if (text.size() - point == 2) text.push_back('0');
  return text;
}

}  // namespace falaj::simulator
