// What the contract suite and `falaj accept` are run against: embedded warehouses in folders that
// go, and a scratch database of a Snowflake account.
// Owns:     what it makes: folder or database go with it, whatever has happened.
// Threads:  confined to one.
// Errors:   of the warehouse; drop() says what is left and how to remove it.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "warehouse/contract/subject.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"
#include "warehouse/snowflake/snowflake_options.hpp"

namespace falaj::app {

// A warehouse of the kind `open` makes, in a folder of its own for each case.
class EmbeddedSubject final : public warehouse::contract::Subject {
 public:
  enum class Kind { kLake, kDuckDbFile };
  // `options` but for the directory, which is below `folder`.
  EmbeddedSubject(Kind kind, std::string folder, warehouse::LakeOptions options);
  ~EmbeddedSubject() override;

  std::string name() const override;
  const warehouse::contract::Quirks& quirks() const override { return quirks_; }
  Clock& clock() override { return *options_.clock; }
  Status reset() override;
  Result<std::unique_ptr<warehouse::Warehouse>> open(
      const warehouse::contract::OpenMode& mode) override;
  std::string server_folder() const override;
  std::string integer_type() const override { return "BIGINT"; }
  std::string slow_query() const override;

 private:
  Kind kind_;
  warehouse::LakeOptions options_;
  warehouse::contract::Quirks quirks_;
};

// One database of the account, made by the first warehouse that is opened and emptied before each
// case.
class SnowflakeSubject final : public warehouse::contract::Subject {
 public:
  // `options` but for the database.
  SnowflakeSubject(warehouse::SnowflakeOptions options, std::string database);
  ~SnowflakeSubject() override;

  std::string name() const override;
  const warehouse::contract::Quirks& quirks() const override { return quirks_; }
  Clock& clock() override { return *options_.clock; }
  Status reset() override;
  Result<std::unique_ptr<warehouse::Warehouse>> open(
      const warehouse::contract::OpenMode& mode) override;
  std::string integer_type() const override { return "NUMBER(38,0)"; }
  std::string slow_query() const override;

  const std::string& database() const { return options_.database; }
  bool is_emulated() const { return is_emulated_; }
  // Removes the database; only once does anything.
  Status drop();

 private:
  warehouse::SnowflakeOptions options_;
  bool is_emulated_;
  bool is_made_ = false;
  warehouse::contract::Quirks quirks_;
};

// Whether the account is the emulator, with its own declared differences.
bool is_fakesnow(const warehouse::SnowflakeOptions& options);

}  // namespace falaj::app
