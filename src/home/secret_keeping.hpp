// Keeps the process's secrets where they are: out of core dumps and of what it starts.
// Threads:  functions; safe.
#pragma once

#include <string>
#include <vector>

namespace falaj::home {

// From now on a crash leaves no core, and other processes of this user cannot read this one's
// memory or environment.
void forbid_core_dumps();

// The variables that may hold a secret: for ChildProcess::Options::withheld.
std::vector<std::string> secret_variables();

}  // namespace falaj::home
