#include "warehouse/duckdb/lake_files.hpp"

#include <filesystem>
#include <string>

#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::warehouse {
namespace {

// What may not be looked at may be there: opening it says why it cannot be read.
bool may_exist(const std::string& path) {
  std::error_code problem;
  return std::filesystem::exists(path, problem) || problem == std::errc::permission_denied;
}

}  // namespace

bool lake_exists(const std::string& directory) {
  return may_exist(directory + "/" + kCatalogFile);
}

bool duckdb_file_exists(const std::string& directory) {
  return may_exist(directory + "/" + kNativeFile);
}

}  // namespace falaj::warehouse
