// What `falaj sql` talks to, under names of this folder: the warehouse port's console.
// Threads:  see warehouse/console.hpp.
#pragma once

#include "warehouse/console.hpp"

namespace falaj::operate {

using SqlConsole = warehouse::Console;
using SqlFault = warehouse::ConsoleFault;

}  // namespace falaj::operate
