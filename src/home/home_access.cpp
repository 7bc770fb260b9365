#include "home/home_access.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

namespace falaj::home {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kGroupFolder = S_ISGID | S_IRGRP | S_IXGRP;

Result<gid_t> group_id(const std::string& name) {
  if (const auto* found = ::getgrnam(name.c_str())) return found->gr_gid;
  if (name.find_first_not_of("0123456789") == std::string::npos)
    return static_cast<gid_t>(std::strtoul(name.c_str(), nullptr, 10));
  return Error(
      ErrorKind::kInvalidConfig,
      fmt::format("home.group: this machine has no group \"{}\"; `getent group` lists them",
                  excerpt(name, 60)));
}

bool is_secret(const fs::path& file) {
  const auto name = file.filename().string();
  return name == ".env" || name.starts_with("vault.") || name.starts_with("refresh-");
}

Status give(const std::string& path, gid_t group) {
  struct stat info {};
  const auto failed = [&](const char* what) {
    if (errno == ENOENT) return Status();  // gone meanwhile
    const auto kind =
        errno == EPERM || errno == EACCES ? ErrorKind::kNotAllowed : ErrorKind::kStorageFailed;
    return Status(Error(kind, fmt::format("cannot {} {} for home.group: {}; its owner must be a "
                                          "member of the group",
                                          what, path, std::strerror(errno))));
  };
  if (::lstat(path.c_str(), &info) != 0) return failed("look at");
  const bool is_folder = S_ISDIR(info.st_mode);
  if (!is_folder && !S_ISREG(info.st_mode)) return {};
  if (info.st_gid != group && ::lchown(path.c_str(), static_cast<uid_t>(-1), group) != 0)
    return failed("change the group of");
  const mode_t mode = info.st_mode & 07777;
  const mode_t wanted = mode | (is_folder ? kGroupFolder : static_cast<mode_t>(S_IRGRP));
  // A change of the group may have taken bits away.
  if (::chmod(path.c_str(), wanted) != 0) return failed("change the mode of");
  return {};
}

}  // namespace

void keep_new_files_private(bool are_the_groups_too) {
  ::umask(are_the_groups_too ? S_IWGRP | S_IRWXO : S_IRWXG | S_IRWXO);
}

Status give_home_to(const std::string& home, const std::string& group) {
  struct stat info {};
  if (::stat(home.c_str(), &info) != 0) return {};
  if (group.empty()) {
    const bool was_given = (info.st_mode & kGroupFolder) == kGroupFolder;
    if (was_given && info.st_uid == ::geteuid()) ::chmod(home.c_str(), S_IRWXU);
    return {};
  }
  FALAJ_ASSIGN(const auto id, group_id(group));
  if (info.st_gid == id && (info.st_mode & kGroupFolder) == kGroupFolder) return {};
  std::error_code problem;
  for (fs::recursive_directory_iterator entry(home, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    if (!is_secret(entry->path())) FALAJ_TRY(give(entry->path().string(), id));
  }
  if (problem) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("cannot read the folder {}: {}", home, problem.message()));
  }
  std::error_code ignored;
  // Last: it says that all the rest is done. A symlink's target is what is opened.
  return give(fs::canonical(home, ignored).string(), id);
}

bool is_open_to_others(const std::string& home, const std::string& group) {
  struct stat info {};
  if (::stat(home.c_str(), &info) != 0) return false;
  return (info.st_mode & (group.empty() ? S_IRWXG | S_IRWXO : S_IRWXO)) != 0;
}

}  // namespace falaj::home
