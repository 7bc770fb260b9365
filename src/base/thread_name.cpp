#include "base/thread_name.hpp"

#include <pthread.h>

#include <string>

namespace falaj {

void name_thread(std::string_view role) {
  constexpr size_t kRoleLength = 9;  // the kernel keeps 15 characters
  const auto name = "falaj-" + std::string(role.substr(0, kRoleLength));
  ::pthread_setname_np(::pthread_self(), name.c_str());
}

}  // namespace falaj
