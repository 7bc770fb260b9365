// How a command comes to the warehouse of its home. app names the concrete one.
// Threads:  open() is safe; the rest is for the main thread.
// Errors:   of opening a warehouse (warehouse.hpp).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "warehouse/console.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

// What was found when a warehouse that runs elsewhere was asked whether it will do.
struct Finding {
  enum class Kind { kGood, kWarning, kFailure };
  std::string name;
  Kind kind = Kind::kGood;
  std::string detail;
  std::string remedy;
  int exit_status = 0;  // of a failure
};

class Opener {
 public:
  virtual ~Opener() = default;
  // `tag`: what its statements are for, as far as it is known by now.
  virtual Result<std::unique_ptr<Warehouse>> open(bool is_read_only, const StatementTag& tag) = 0;
  // A console that only reads. `parquet`: the one file that it may write; empty: none.
  virtual Result<std::unique_ptr<Console>> open_console(const std::string& parquet) = 0;
  // Whether a run has made it yet; of one that runs elsewhere only opening it tells: then true.
  virtual bool exists() const = 0;
  // Whether the home has an embedded one, of whatever kind the settings name.
  virtual bool has_embedded() const = 0;
  // Whether it runs elsewhere, and is paid by the minute.
  virtual bool is_remote() const = 0;
  // "SALLA_DWH in /srv/falaj/lake", for people.
  virtual std::string place(const std::string& database_name) const = 0;
  // Of one that runs elsewhere: signs in and looks around. Nothing of an embedded one.
  virtual std::vector<Finding> examine() = 0;
};

}  // namespace falaj::warehouse
