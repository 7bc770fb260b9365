#include "cli/output.hpp"

#include <cstdio>

namespace falaj::cli {

void put(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int fail(const Error& error) {
  std::fflush(stdout);
  std::fprintf(stderr, "falaj: %s\n", error.to_text().c_str());
  return exit_code(error.kind());
}

}  // namespace falaj::cli
