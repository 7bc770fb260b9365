// A directory of its own for one test; removed at the end.
#pragma once

#include <filesystem>
#include <string>

namespace falaj::test {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// The folder with real orders and recorded answers: FALAJ_TEST_DATA, else ../shared/data beside
// the source tree; empty if there is none (the test then skips and says so).
std::filesystem::path test_data_dir();

std::string read_text_file(const std::filesystem::path& path);

}  // namespace falaj::test

// Skips the running test, with the reason, when the test data are not there.
#define FALAJ_REQUIRE_TEST_DATA()                                                           \
  if (::falaj::test::test_data_dir().empty()) {                                             \
    GTEST_SKIP() << "needs the test data: set FALAJ_TEST_DATA to the folder that has them"; \
  }
