#include "home/folder_probe.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/unique_fd.hpp"

namespace falaj::home {
namespace {

namespace fs = std::filesystem;

constexpr size_t kProbeBytes = size_t{64} << 10U;

Error failed(const char* what, const std::string& path) {
  return Error(ErrorKind::kStorageFailed,
               fmt::format("cannot {} {}: {}", what, path, std::strerror(errno)));
}

}  // namespace

Status probe_folder(const std::string& folder) {
  auto path = folder + "/.falaj-probe-XXXXXX";
  const UniqueFd file(::mkostemp(path.data(), O_CLOEXEC));
  if (!file.valid()) return failed("make a file in", folder);
  const std::string text(kProbeBytes, 'x');
  Status done;
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    done = failed("write to a file in", folder);
  } else if (::fsync(file.get()) != 0) {
    done = failed("make a file durable in", folder);
  }
  if (::unlink(path.c_str()) != 0 && done.ok()) done = failed("remove a file from", folder);
  return done;
}

std::string nearest_folder(const std::string& path) {
  std::error_code problem;
  fs::path there = path;
  while (!fs::exists(there, problem) && there.has_parent_path() && there != there.parent_path())
    there = there.parent_path();
  return there.string();
}

Result<DiskSpace> disk_space(const std::string& folder) {
  std::error_code problem;
  const auto space = fs::space(folder, problem);
  if (!problem) return DiskSpace{space.available, space.capacity};
  return Error(ErrorKind::kStorageFailed, fmt::format("{}: {}", folder, problem.message()));
}

}  // namespace falaj::home
