#include "home/program_files.hpp"

namespace falaj::home {

namespace fs = std::filesystem;

fs::path program_directory() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored).parent_path();
}

fs::path extension_directory() {
  return program_directory().parent_path() / "lib" / "falaj";
}

}  // namespace falaj::home
