// All operations of the program, by name.
// Shape:    names are one or two words; no name is the first word of another.
// Owns:     the operations. Threads: const after it was made.
// Requires: declarations that hold together (names, options, examples): checked when it is made.
#pragma once

#include <string_view>
#include <vector>

#include "operate/operation.hpp"

namespace falaj::operate {

class Registry {
 public:
  explicit Registry(std::vector<Operation> operations);

  const std::vector<Operation>& operations() const { return operations_; }
  const Operation* find(std::string_view name) const;
  std::vector<const Operation*> in_group(Group group) const;
  // Those whose name is that word and another: "store" -> "store add", ...
  std::vector<const Operation*> below(std::string_view word) const;
  // "add, list, show": the second words of those.
  std::string words_below(std::string_view word) const;

 private:
  std::vector<Operation> operations_;
};

// The declaration of an operation, as a report for programs.
const Described<Operation>& operation_shape();

}  // namespace falaj::operate
