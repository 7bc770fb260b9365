#include "base/thread_priority.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace falaj {

void give_way() {
  // The lowest that is never starved: a sixtieth of the processor beside a thread that wants all.
  constexpr int kNice = 19;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
}

}  // namespace falaj
