// One thing that falaj does, declared as data with the function that does it. The command line, its
// help, completion and reference are made from the declarations, and so will be every other face.
// Shape:    either `run`, which answers with a report of the declared shape, or `open_console`, which
//           answers row by row.
// Threads:  a value. `run` is called from one thread, once a call of the operation.
// Errors:   of the operation; kUsage: of its request.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "operate/caller.hpp"
#include "operate/option.hpp"
#include "operate/report.hpp"
#include "operate/request.hpp"

namespace falaj::home {
class Home;
}
namespace falaj::warehouse {
class Console;
}

namespace falaj::operate {

using SqlConsole = warehouse::Console;

// In the order in which help lists them.
enum class Group { kRun, kInspect, kQuery, kMaintain, kStores, kWebhooks, kProgram };
constexpr Group kGroups[] = {Group::kRun,    Group::kInspect,  Group::kQuery,  Group::kMaintain,
                             Group::kStores, Group::kWebhooks, Group::kProgram};

// "inspect", and what its operations are for.
std::string name_of(Group group);
std::string title_of(Group group);

// What an operation may touch: who may call it, and beside what, follows from this.
struct Touches {
  bool reads_home = false;
  bool writes_home = false;
  bool reads_warehouse = false;
  bool writes_warehouse = false;
  bool asks_store = false;
  std::string note;  // "one request a store"; empty: nothing to add
};

// What it shows while it works.
enum class Shows { kNothing, kWaits, kProgress };

// What an operation needs of its home.
enum class HomeUse {
  kSettings,       // settings that can be read
  kDespiteFaults,  // it works whatever the settings say
  kNone,
};

class Registry;

// What a call has beside its request.
struct Context {
  const home::Home* opened = nullptr;  // null: of an operation that uses no home
  std::string home_as_given;           // a folder that may not be there yet
  std::string version;                 // of this program
  Caller& caller;
  const Registry& registry;

  const home::Home& home() const;
};

struct Operation {
  std::string name;  // "run", "store add"
  Group group = Group::kInspect;
  std::string help;                   // one line, no full stop
  std::string details;                // paragraphs, separated by an empty line
  std::vector<std::string> examples;  // whole command lines
  std::vector<Option> options;
  Touches touches;
  Shows shows = Shows::kNothing;
  HomeUse home_use = HomeUse::kSettings;
  std::string usual_home = "./falaj-home";
  ReportShape report;
  std::function<Result<Report>(const Context&, const Request&)> run;
  std::function<Result<std::unique_ptr<SqlConsole>>(const Context&, const Request&, bool is_shell)>
      open_console;
  // What to do about a failure beyond what the error says; null or empty: nothing.
  std::function<std::string(ErrorKind)> next_step;
};

// The home that the operation works on; nothing if it uses none. Opened once a call.
Result<std::optional<home::Home>> open_home(const Operation& operation, const std::string& root);

// Calls `run`, and holds its report against the declared shape.
Result<Report> perform(const Operation& operation, const Context& context, const Request& request);

}  // namespace falaj::operate
