// The priority of the calling thread among those that want a processor.
// Threads:  safe. A lowered priority cannot be raised again, and threads made later inherit it.
// Facts:    setpriority(2): on Linux the nice value is a thread's own; sched(7): SCHED_IDLE is below every
//           nice value, and never starved
#pragma once

namespace falaj {

// For work that can wait beside work that cannot.
void lower_thread_priority();

}  // namespace falaj
