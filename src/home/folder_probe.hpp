// Whether a folder really takes what a run writes: rights, mounts, quotas and full disks show only
// when something is written.
// Threads:  functions.
// Errors:   kStorageFailed naming the folder and what failed.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace falaj::home {

// Writes a small file, asks the disk to keep it, and removes it.
Status probe_folder(const std::string& folder);

// The path, or the nearest folder above it that is there: what a run would make it in.
std::string nearest_folder(const std::string& path);

struct DiskSpace {
  uint64_t free_bytes = 0;
  uint64_t all_bytes = 0;
};
// Of the disk that the folder is on, as far as this user may use it.
Result<DiskSpace> disk_space(const std::string& folder);

}  // namespace falaj::home
