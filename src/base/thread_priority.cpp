#include "base/thread_priority.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

namespace falaj {

// Only the policy makes the scheduler put a thread that wakes where one of low priority runs. The nice
// value is for a kernel that does not let the policy be set.
void lower_thread_priority() {
  constexpr int kLowest = 19;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kLowest);
  const sched_param priority{};
  ::sched_setscheduler(0, SCHED_IDLE, &priority);
}

}  // namespace falaj
