// Completion of the command line in bash, zsh and fish: scripts made from the declarations, which
// know commands, options, the words that an option takes, and where a file or folder is meant.
// Threads:  functions.
#pragma once

#include <string>

#include "operate/registry.hpp"

namespace falaj::cli {

std::string bash_completion(const operate::Registry& registry);
std::string zsh_completion(const operate::Registry& registry);
std::string fish_completion(const operate::Registry& registry);

// What `falaj completion` answers.
struct CompletionScript {
  std::string shell;
  std::string script;
};

operate::Operation completion_operation();

}  // namespace falaj::cli
