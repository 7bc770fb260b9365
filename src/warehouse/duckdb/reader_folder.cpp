#include "warehouse/duckdb/reader_folder.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace falaj::warehouse {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "falaj-reader-";

// A folder of this user whose process has ended.
bool is_left_behind(const fs::path& folder) {
  const auto name = folder.filename().string();
  if (!name.starts_with(kPrefix)) return false;
  struct stat info {};
  if (::lstat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::geteuid())
    return false;
  const auto process = static_cast<pid_t>(std::atol(name.c_str() + kPrefix.size()));
  return process > 0 && ::kill(process, 0) != 0 && errno == ESRCH;
}

}  // namespace

Result<std::unique_ptr<ReaderFolder>> ReaderFolder::make() {
  std::error_code problem;
  const auto folder = fs::temp_directory_path(problem);
  if (problem) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("TMPDIR is no folder to write to: {}", problem.message()));
  }
  for (const auto& entry : fs::directory_iterator(folder, problem)) {
    std::error_code ignored;
    if (is_left_behind(entry.path())) fs::remove_all(entry.path(), ignored);
  }
  auto path = (folder / fmt::format("{}{}-XXXXXX", kPrefix, ::getpid())).string();
  if (::mkdtemp(path.data()) == nullptr) {
    return Error(ErrorKind::kStorageFailed, fmt::format("cannot make a folder in {} (TMPDIR): {}",
                                                        folder.string(), std::strerror(errno)));
  }
  return std::unique_ptr<ReaderFolder>(new ReaderFolder(std::move(path)));
}

ReaderFolder::~ReaderFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace falaj::warehouse
