// Tests that could go on for ever are short by default and long where somebody asks.
#pragma once

#include <cstdlib>
#include <string_view>

namespace falaj::test {

// FALAJ_LONG_TESTS=1: minutes instead of seconds, every case instead of a sample.
inline bool is_long() {
  const char* value = std::getenv("FALAJ_LONG_TESTS");
  return value != nullptr && std::string_view(value) == "1";
}

}  // namespace falaj::test
