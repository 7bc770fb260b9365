// What may stand where in a command line, as shells ask for it.
// Shape:    a place is the path of a command: "", "store", "store add".
// Threads:  values.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "operate/registry.hpp"

namespace falaj::cli {

struct CompletionPlace {
  std::string path;
  std::vector<std::pair<std::string, std::string>> commands;  // next word, help
  std::vector<operate::Option> options;                       // those of every command too
};

std::vector<CompletionPlace> completion_table(const operate::Registry& registry);

}  // namespace falaj::cli
