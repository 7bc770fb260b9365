// `falaj store`: the stores of a home and their tokens. Tokens come from files, variables and
// standard input, never from the command line, which every user of the machine can read.
// Threads:  called from the main thread.
#pragma once

#include <functional>
#include <string>

#include "operate/store_services.hpp"

namespace CLI {
class App;
}

namespace falaj::cli {

struct StoreOptions {
  std::string name;
  std::string token_file;
  std::string token_variable;
  std::string list_file;
  std::string new_key_variable;
  bool is_asked = false;
  bool is_again = false;
  std::string wait = "10m";
  operate::AuthorizeRequest authorize;
  bool has_no_browser = false;
  operate::PurgeRequest purge;
  bool is_confirmed = false;  // --yes
};

// Options that the command's actions share are added by `decorate`: its name, example and --json.
using Decorate = std::function<CLI::App*(CLI::App& parent, const char* name, const char* what,
                                         const char* example)>;
void declare_store(CLI::App& app, StoreOptions& options, const Decorate& decorate);
int run_store(const CLI::App& command, const std::string& home, bool json,
              const StoreOptions& options, const operate::StoreServices& services);

}  // namespace falaj::cli
