#include "base/system_error.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace falaj {

std::string system_text(const std::error_code& code) {
  auto text = code.message();
  const bool is_of_rights = code.value() == EACCES || code.value() == EPERM;
  if (code.category() != std::generic_category() && code.category() != std::system_category())
    return text;
  if (!is_of_rights) return text;
  const auto uid = ::geteuid();
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  const bool has_name =
      ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
  return text + (has_name ? fmt::format(" (falaj runs as user {}, uid {})", found->pw_name, uid)
                          : fmt::format(" (falaj runs as uid {})", uid));
}

std::string system_text(int code) {
  return system_text(std::error_code(code, std::generic_category()));
}

}  // namespace falaj
