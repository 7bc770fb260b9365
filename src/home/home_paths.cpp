#include "home/home_paths.hpp"

#include <algorithm>
#include <filesystem>

namespace falaj::home {

namespace fs = std::filesystem;

HomePaths home_paths(const std::string& root) {
  std::error_code ignored;
  auto absolute = fs::absolute(root, ignored);
  // ".." after a symlink is not the folder before it.
  const bool goes_up = std::any_of(absolute.begin(), absolute.end(),
                                   [](const fs::path& part) { return part == ".."; });
  if (goes_up) absolute = fs::weakly_canonical(absolute, ignored);
  auto path = absolute.lexically_normal().string();
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return {path};
}

}  // namespace falaj::home
