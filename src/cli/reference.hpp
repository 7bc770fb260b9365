// The reference of the command line in Markdown, made from the declarations.
// Shape:    a document has two parts that are made: the table of commands, and a section a command.
//           Each stands between two comments, which name it.
// Threads:  functions.
// Errors:   with_reference(): kUsage when the document lacks a part's comments.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "operate/registry.hpp"

namespace falaj::cli {

// Both parts with their comments.
std::string reference(const operate::Registry& registry);

// The document with its parts made again; the rest stays as it is.
Result<std::string> with_reference(const operate::Registry& registry, std::string document);

// What `falaj reference` answers.
struct Reference {
  std::vector<operate::Operation> operations;
  std::string text;  // Markdown
};

operate::Operation reference_operation();

}  // namespace falaj::cli
