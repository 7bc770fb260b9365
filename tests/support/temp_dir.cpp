#include "support/temp_dir.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace falaj::test {

namespace fs = std::filesystem;

TempDir::TempDir() {
  std::string pattern = (fs::temp_directory_path() / "falaj-test-XXXXXX").string();
  path_ = ::mkdtemp(pattern.data());
}

TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path test_data_dir() {
  if (const char* given = std::getenv("FALAJ_TEST_DATA"); given != nullptr && *given != '\0') {
    return given;
  }
  const fs::path beside = fs::path(FALAJ_SOURCE_DIR) / ".." / "shared" / "data";
  std::error_code ignored;
  return fs::exists(beside, ignored) ? beside.lexically_normal() : fs::path();
}

std::string read_text_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace falaj::test
