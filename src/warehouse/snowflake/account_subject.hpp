// What the contract suite and `falaj accept` are run against: a scratch database of a Snowflake account.
// Owns:     what it makes: it goes with it, whatever has happened.
// Threads:  confined to one.
// Errors:   of the warehouse; drop() says what is left and how to remove it.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "warehouse/contract/subject.hpp"
#include "warehouse/snowflake/snowflake_options.hpp"

namespace falaj::warehouse {

// One database of the account, made by the first warehouse that is opened and emptied before each
// case.
class SnowflakeSubject final : public contract::ScratchDatabase {
 public:
  // `options` but for the database.
  SnowflakeSubject(SnowflakeOptions options, std::string database);
  ~SnowflakeSubject() override;

  std::string name() const override;
  const contract::Quirks& quirks() const override { return quirks_; }
  Clock& clock() override { return *options_.clock; }
  Status reset() override;
  Result<std::unique_ptr<Warehouse>> open(const contract::OpenMode& mode) override;
  std::string integer_type() const override { return "NUMBER(38,0)"; }
  std::string slow_query() const override;

  const std::string& database() const override { return options_.database; }
  bool is_emulated() const override { return is_emulated_; }
  Status drop() override;

 private:
  SnowflakeOptions options_;
  bool is_emulated_;
  bool is_made_ = false;
  contract::Quirks quirks_;
};

// Whether the account is the emulator, with its own declared differences.
bool is_fakesnow(const SnowflakeOptions& options);

}  // namespace falaj::warehouse
