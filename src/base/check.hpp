// FALAJ_CHECK(condition, "text with {}", values...): a programmer's error ends the process with
// the place and the values. Never for bad input: that is a Result.
#pragma once

#include <fmt/format.h>

namespace falaj {

[[noreturn]] void check_failed(const char* file, int line, const char* condition,
                               const std::string& detail);

}  // namespace falaj

#define FALAJ_CHECK(condition, ...)                                                      \
  do {                                                                                   \
    if (!(condition)) [[unlikely]] {                                                     \
      ::falaj::check_failed(__FILE__, __LINE__, #condition, ::fmt::format(__VA_ARGS__)); \
    }                                                                                    \
  } while (false)
