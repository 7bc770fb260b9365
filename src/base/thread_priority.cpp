#include "base/thread_priority.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace falaj {

void give_way() {
  // A quarter of the processor against a thread of the usual priority, and never none of it.
  constexpr int kNice = 6;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
}

}  // namespace falaj
