// Phone numbers as stores write them, as E.164: "+966501234567" for 0501234567, 00966501234567,
// 966501234567, 501234567, Arabic digits, with spaces, dashes and marks of writing direction.
// Shape:    a number without a country's code is one of the country that `code` names, else of Saudi Arabia.
//           A number with one has it by a plus, by 00, or is too long to be one of its country.
// Owns:     its buffers; what read() returns lives until the next call.
// Threads:  confined to one.
// Errors:   nothing for what libphonenumber does not take for a valid number: texts, "null", 0, too few
//           digits, ranges that no country has given out.
// Facts:    libphonenumber's metadata. Saudi mobile numbers are asked for once for all that share their
//           first five digits, which decide (tests hold the two against each other).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace falaj::phone {

class PhoneReader {
 public:
  // `code`: "+966", "966", "00966", a region like "KW", or empty.
  std::optional<std::string_view> read(std::string_view number, std::string_view code);

  // By the library alone, without what is remembered of others.
  std::optional<std::string_view> ask(std::string_view number, std::string_view code);

 private:
  bool clean(std::string_view text, std::string& out) const;
  std::optional<std::string_view> ask_clean();
  bool ask_library(const std::string& text, const std::string& region);
  std::string region_of_code() const;

  // Numbers that come again: an order's customer is its receiver, and the next payload's too.
  struct Known {
    std::string number;
    std::string code;
    std::string e164;  // empty: none
  };
  static constexpr size_t kKnown = 1024;  // a power of two
  std::array<Known, kKnown> known_;

  std::string number_;
  std::string code_;
  std::string result_;
};

}  // namespace falaj::phone
