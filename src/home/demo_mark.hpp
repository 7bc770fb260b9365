// The mark of a home that `falaj demo` made: what is in its warehouse is a simulated store, and no real
// one belongs beside it.
// Shape:    <home>/demo.txt.
// Threads:  functions over a file.
// Errors:   kStorageFailed; kInvalidConfig with what to do (refuse_demo_home).
#pragma once

#include <string>

#include "base/result.hpp"

namespace falaj::home {

bool is_demo_home(const std::string& home);

// Marks the home, which is made if need be; one that is marked keeps its mark.
Status mark_demo_home(const std::string& home);

// Before anything is done to a home for a real store. `doing`: "reading a store".
Status refuse_demo_home(const std::string& home, const std::string& doing);

}  // namespace falaj::home
