#include "home/demo_mark.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/system_error.hpp"

namespace falaj::home {
namespace {

namespace fs = std::filesystem;

std::string mark_of(const std::string& home) {
  return home + "/demo.txt";
}

}  // namespace

bool is_demo_home(const std::string& home) {
  std::error_code ignored;
  return fs::exists(mark_of(home), ignored);
}

Status mark_demo_home(const std::string& home) {
  if (is_demo_home(home)) return {};
  std::error_code problem;
  fs::create_directories(home, problem);
  if (problem) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot make the folder {}: {}", home, system_text(problem)));
  }
  std::ofstream file(mark_of(home));
  file << "The warehouse of this home holds a simulated store, made by `falaj demo`. A real store\n"
          "needs another home. The demo is removed with its folder.\n";
  file.close();
  if (!file) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot write {}: {}", mark_of(home), system_text(errno)));
  }
  return {};
}

Status refuse_demo_home(const std::string& home, const std::string& doing) {
  if (!is_demo_home(home)) return {};
  return Error(ErrorKind::kInvalidConfig,
               fmt::format("the home {0} holds the simulated store of `falaj demo`, and a real "
                           "store does not belong beside it: give another home with --home DIR. If "
                           "a real store is in it already: `falaj store purge` takes the simulated "
                           "one out, then remove {0}/demo.txt",
                           home))
      .while_doing(doing);
}

}  // namespace falaj::home
