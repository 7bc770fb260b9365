#include "home/secret_keeping.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

#include "config/property.hpp"

namespace falaj::home {

// The limit alone does not hold where cores are piped to a program; the flag does.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
  (void)::prctl(PR_SET_DUMPABLE, 0);
}

std::vector<std::string> secret_variables() {
  std::vector<std::string> names;
  for (const auto& property : config::properties()) {
    if (property.is_secret && *property.environment != '\0')
      names.emplace_back(property.environment);
  }
  return names;
}

}  // namespace falaj::home
