#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace falaj {

void check_failed(const char* file, int line, const char* condition, const std::string& detail) {
  std::fprintf(stderr, "falaj: a bug: %s:%d: %s does not hold: %s\n", file, line, condition,
               detail.c_str());
  std::abort();
}

}  // namespace falaj
