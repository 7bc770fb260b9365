#include "run/process_limits.hpp"

#include <sys/resource.h>

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <string>

#include "base/log.hpp"

namespace falaj::run {

// What getrusage() says includes the process that started this one, before exec.
int64_t peak_rss_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    int64_t kilobytes = 0;
    if (std::sscanf(line.c_str(), "VmHWM: %" SCNd64, &kilobytes) == 1) return kilobytes * 1024;
  }
  return 0;
}

void allow_many_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= files.rlim_max) return;
  files.rlim_cur = files.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &files) != 0)
    log_warn("this run may have {} files open at most", files.rlim_cur);
}

}  // namespace falaj::run
