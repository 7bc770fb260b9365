// A warehouse that takes fuzzed answers: loaded into BRONZE of a real DuckDB file, built into SILVER and
// GOLD, and asked whether anything is missing there.
// Owns:     a folder, removed with it. Threads: confined to one.
// Errors:   what does not hold, as a text; a lake that cannot be made ends the program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "decode/table_spec.hpp"
#include "landing/landing.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::fuzz {

struct EntityInput {
  const decode::TableSpec* spec = nullptr;
  std::string body;
  // A plain entity that stands on the same page as the odd ones; 0: the page could not take one.
  int64_t control_id = 0;
};

// The stream's pages hang on an entity of another stream.
inline bool has_parent(const decode::TableSpec& spec) {
  return !spec.parent_column.empty();
}
// As the pages of its list come.
inline const char* shape_of(const decode::TableSpec& spec) {
  return has_parent(spec) ? "items" : "full";
}

class EntityLake {
 public:
  EntityLake();
  ~EntityLake();
  EntityLake(const EntityLake&) = delete;
  EntityLake& operator=(const EntityLake&) = delete;

  // A package each, in one transaction, and the models after it. Empty: all of it holds.
  std::string take(const std::vector<EntityInput>& inputs);

 private:
  landing::SealedPackage package_of(const EntityInput& input);
  std::string load(const std::vector<EntityInput>& inputs);
  std::string build();
  // Whether a query that counts what is missing counts nothing.
  std::string missing(const std::string& what, const std::string& sql);
  std::string check_rows();
  std::string check_controls(const std::vector<EntityInput>& inputs);

  std::filesystem::path folder_;
  ManualClock clock_;
  landing::PosixFileStore files_;
  std::unique_ptr<landing::Landing> landing_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<warehouse::Session> session_;
  int64_t packages_ = 0;
  std::vector<std::string> ids_;  // of the packages of the last take()
};

}  // namespace falaj::fuzz
