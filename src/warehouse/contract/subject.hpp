// What the contract suite is run against: one kind of warehouse, a new one for each case.
// Threads:  used by one thread.
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "warehouse/contract/quirks.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse::contract {

struct OpenMode {
  bool is_read_only = false;
  int commits_between_maintenance = 1000;  // where there is maintenance
};

class Subject {
 public:
  virtual ~Subject() = default;
  virtual std::string name() const = 0;
  virtual const Quirks& quirks() const = 0;
  virtual Clock& clock() = 0;
  // Removes what the case before has left. No warehouse of this subject is open then.
  virtual Status reset() = 0;
  virtual Result<std::unique_ptr<Warehouse>> open(const OpenMode& mode) = 0;
  // A folder of the machine that the warehouse runs on, in which it must not write for a reader.
  virtual std::string server_folder() const { return "/tmp"; }
  // What headers of results call a BIGINT.
  virtual std::string integer_type() const = 0;
  // A query that runs for minutes.
  virtual std::string slow_query() const = 0;
};

// A subject that is a database of an account, made for the purpose.
class ScratchDatabase : public Subject {
 public:
  virtual const std::string& database() const = 0;
  // Whether it is an emulator, with its own declared differences.
  virtual bool is_emulated() const = 0;
  // Removes the database; only once does anything.
  virtual Status drop() = 0;
};

}  // namespace falaj::warehouse::contract
