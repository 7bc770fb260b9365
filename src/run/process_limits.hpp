// What the operating system allows this process, and what it has used.
// Threads:  functions.
#pragma once

#include <cstdint>

namespace falaj::run {

// Many stores have many connections and files open, and 1024, the usual limit, is for programs that
// use select(), which falaj does not.
void allow_many_files();

// The most memory that the process has had; 0: unknown.
int64_t peak_rss_bytes();

}  // namespace falaj::run
