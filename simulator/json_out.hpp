// Writes JSON by appending: texts that never change go in as they are, values between them.
// Units:    amounts in 1/10,000 of the currency, written as exact decimals: 130400 is 13.04.
// Threads:  confined to one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace falaj::simulator {

class JsonOut {
 public:
  explicit JsonOut(size_t reserve = 1024) { text_.reserve(reserve); }

  // JSON text, as it is.
  JsonOut& raw(std::string_view json) {
    text_.append(json);
    return *this;
  }
  JsonOut& number(int64_t value);
  JsonOut& boolean(bool value) { return raw(value ? "true" : "false"); }
  // "text", escaped.
  JsonOut& text(std::string_view value);
  // The inside of a string: escaped, without quotes.
  JsonOut& part(std::string_view value);
  // 13.04
  JsonOut& amount(int64_t amount4);
  // {"amount":13.04,"currency":"SAR"}
  JsonOut& money(int64_t amount4, std::string_view currency);
  // {"date":"...","timezone_type":3,"timezone":"Asia/Riyadh"}
  JsonOut& date(int64_t local_seconds);
  // "YYYY-MM-DD HH:MM:SS"
  JsonOut& naive_date(int64_t local_seconds);
  // Hexadecimal digits of a number, for what looks like a token in a URL.
  JsonOut& token(uint64_t noise);

  std::string& buffer() { return text_; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

// "13.04": as JsonOut::amount, and with exactly two decimals "13.00".
std::string amount_text(int64_t amount4);
std::string two_decimals(int64_t amount4);

// Rounds 1/10,000 half away from zero to 1/100, still in 1/10,000.
constexpr int64_t round_to_cents(int64_t amount4) {
  const int64_t half = amount4 < 0 ? -50 : 50;
  return (amount4 + half) / 100 * 100;
}

}  // namespace falaj::simulator
