// Warehouses that are made for an acceptance and go with it. app names the concrete ones.
// Threads:  confined to one.
#pragma once

#include <memory>
#include <string>

#include "warehouse/contract/subject.hpp"

namespace falaj::operate {

class ScratchWarehouses {
 public:
  enum class Kind { kLake, kDuckDbFile };
  virtual ~ScratchWarehouses() = default;
  // An embedded one in a folder of its own.
  virtual std::unique_ptr<warehouse::contract::Subject> embedded(Kind kind, std::string folder) = 0;
  // A database of the home's account. `folder`: for files on their way; `id`: of the acceptance.
  virtual std::unique_ptr<warehouse::contract::ScratchDatabase> account(std::string database,
                                                                        std::string folder,
                                                                        const std::string& id) = 0;
};

}  // namespace falaj::operate
