// What the contract suite and `falaj accept` are run against: an embedded warehouse in a folder that goes.
// Owns:     what it makes: it goes with it, whatever has happened.
// Threads:  confined to one.
// Errors:   of the warehouse.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "warehouse/contract/subject.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::warehouse {

// A warehouse of the kind `open` makes, in a folder of its own for each case.
class EmbeddedSubject final : public contract::Subject {
 public:
  enum class Kind { kLake, kDuckDbFile };
  // `options` but for the directory, which is below `folder`.
  EmbeddedSubject(Kind kind, std::string folder, LakeOptions options);
  ~EmbeddedSubject() override;

  std::string name() const override;
  const contract::Quirks& quirks() const override { return quirks_; }
  Clock& clock() override { return *options_.clock; }
  Status reset() override;
  Result<std::unique_ptr<Warehouse>> open(const contract::OpenMode& mode) override;
  std::string server_folder() const override;
  std::string integer_type() const override { return "BIGINT"; }
  std::string slow_query() const override;

 private:
  Kind kind_;
  LakeOptions options_;
  contract::Quirks quirks_;
};

}  // namespace falaj::warehouse
