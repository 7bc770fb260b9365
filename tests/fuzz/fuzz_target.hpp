// What each fuzz program is made of: one function that takes any bytes, and inputs to begin with.
// The driver (driver.cpp) is libFuzzer's; mutations are of bytes and of JSON values, by turns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace falaj::fuzz {

// Feeds the bytes to the code under test and ends the program where something does not hold.
void fuzz_one(std::string_view bytes);
// Valid inputs: what is mutated first.
std::vector<std::string> seeds();

// Ends the program with what did not hold.
void expect(bool holds, std::string_view what);
// For the code under test: bytes right before a place that must not be read.
class ExactBytes {
 public:
  explicit ExactBytes(std::string_view bytes);
  std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

}  // namespace falaj::fuzz
