#include "cli/store_commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "base/duration_text.hpp"
#include "base/text_file.hpp"
#include "base/token_text.hpp"
#include "cli/output.hpp"
#include "cli/status_line.hpp"
#include "cli/text_table.hpp"

namespace falaj::cli {
namespace {

constexpr double kLongestWait = 86'400;

Result<std::string> read_whole(const std::string& path) {
  auto text = path == "-" ? read_text(STDIN_FILENO, "standard input") : read_text_file(path);
  if (!text.ok()) return Error(ErrorKind::kUsage, text.error().message());
  return text;
}

Result<Secret> read_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return Error(ErrorKind::kUsage, "the variable " + name + " is not set");
  return clean_token(value, "the variable " + name);
}

Result<Secret> read_token(const StoreOptions& options) {
  if (!options.token_variable.empty()) return read_variable(options.token_variable);
  const auto path = options.token_file.empty() ? "-" : options.token_file;
  if (path == "-" && ::isatty(STDIN_FILENO) == 1)
    std::fprintf(stderr, "Paste the store's access token, then Enter and Ctrl-D:\n");
  FALAJ_ASSIGN(const auto text, read_whole(path));
  if (trimmed(text).starts_with('{')) return Secret(std::string(trimmed(text)));  // an answer
  return clean_token_file(text, path == "-" ? "standard input" : "the file " + path);
}

// Lines of a name and a token, '#' begins a comment.
Result<std::vector<operate::NewStore>> read_list(const std::string& path) {
  FALAJ_ASSIGN(const auto text, read_whole(path));
  std::istringstream lines(text);
  std::vector<operate::NewStore> stores;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const auto words = without_comment(line);
    if (words.empty()) continue;
    const auto blank = words.find_first_of(" \t");
    const auto place = fmt::format("{}, line {}", path, number);
    if (blank == std::string_view::npos)
      return Error(ErrorKind::kUsage, place + ": expected a name, a blank and a token");
    FALAJ_ASSIGN(auto token, clean_token(words.substr(blank), place));
    stores.push_back({std::string(unquoted(words.substr(0, blank))), std::move(token)});
  }
  if (stores.empty()) return Error(ErrorKind::kUsage, "there is no store in " + path);
  return stores;
}

std::string to_text(const std::vector<operate::StoreView>& stores) {
  if (stores.empty()) {
    return "No stores in this home; `falaj store add NAME` adds one, and a run also reads the "
           "store "
           "of SALLA_API_TOKEN.\n";
  }
  TextTable table({{"name"},
                   {"id", Align::kRight},
                   {"store"},
                   {"plan"},
                   {"access"},
                   {"state"},
                   {"token ends"}});
  for (const auto& store : stores) {
    table.add_row({store.name, std::to_string(store.id), store.title, store.plan, store.access,
                   store.state, store.expires_at.empty() ? "not known" : store.expires_at});
  }
  auto text = table.render();
  for (const auto& store : stores) {
    if (!store.remark.empty()) text += fmt::format("{}: {}\n", store.name, store.remark);
  }
  return text;
}

std::string to_text(const operate::StoreView& store) {
  auto text = fmt::format("Store {}\n", store.name);
  const auto line = [&text](const char* label, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {:<12} {}\n", label, value);
  };
  line("id", std::to_string(store.id));
  line("calls itself", store.title);
  line("plan", store.plan);
  line("access", store.access);
  line("state", store.state);
  line("remark", store.remark);
  line("added", store.added_at);
  line("token from", store.issued_at);
  line("token ends", store.expires_at.empty() ? "not known" : store.expires_at);
  line("refresh", store.can_refresh ? "by itself, before the token ends" : "none: set a new token");
  line("scopes", store.scopes);
  return text;
}

int add(const std::string& home, bool json, const StoreOptions& options,
        const operate::StoreServices& services) {
  std::vector<operate::NewStore> stores;
  if (!options.list_file.empty()) {
    auto listed = read_list(options.list_file);
    if (!listed.ok()) return fail(listed.error());
    stores = std::move(*listed);
  } else if (options.name.empty()) {
    return fail(Error(ErrorKind::kUsage,
                      "which store? falaj store add NAME --token-file F, or --from FILE with lines "
                      "of a name and a token"));
  } else {
    auto token = read_token(options);
    if (!token.ok()) return fail(token.error());
    stores.push_back({options.name, std::move(*token)});
  }
  const auto added = while_showing(StatusLine::Mode::kWaits,
                                   [&](StatusLine&) { return services.add(home, stores); });
  if (!added.ok()) return fail(added.error());
  if (json) {
    put(operate::to_json(*added).dump(2) + "\n");
    return 0;
  }
  for (const auto& store : *added)
    put(fmt::format("{}: {} ({}), plan {}\n", store.name, store.title, store.id, store.plan));
  return 0;
}

template <typename View>
int print(const Result<View>& view, bool json) {
  if (!view.ok()) return fail(view.error());
  put(json ? operate::to_json(*view).dump(2) + "\n" : to_text(*view));
  return 0;
}

int authorize(const std::string& home, bool json, const StoreOptions& options,
              const operate::StoreServices& services) {
  auto request = options.authorize;
  request.name = options.name;
  const auto wait = parse_duration(options.wait);
  if (!wait.ok()) return fail(Error(wait.error()).while_doing("reading --wait"));
  if (*wait < 1 || *wait > kLongestWait)
    return fail(Error(ErrorKind::kUsage, "--wait is from 1s to 1d"));
  request.seconds = static_cast<int64_t>(*wait);
  request.opens_browser = !options.has_no_browser;
  // To standard error: --json prints the store alone.
  const auto view = services.authorize(
      home, request, [](const std::string& url, const std::string& redirect_url) {
        std::fprintf(stderr,
                     "Open this address in the merchant's browser:\n  %s\nIt comes back to %s\n",
                     url.c_str(), redirect_url.c_str());
        std::fflush(stderr);
      });
  return print(view, json);
}

int refresh(const std::string& home, bool json, const StoreOptions& options,
            const operate::StoreServices& services) {
  const operate::RefreshRequest request{options.name, options.is_asked || options.is_again,
                                        options.is_again};
  const auto views = while_showing(StatusLine::Mode::kWaits,
                                   [&](StatusLine&) { return services.refresh(home, request); });
  if (!views.ok()) return fail(views.error());
  if (json) return print(views, true);
  for (const auto& store : *views) {
    put(fmt::format("{}: the token ends {}\n", store.name,
                    store.expires_at.empty() ? "not by itself" : store.expires_at));
  }
  return 0;
}

std::string to_text(const operate::PurgeReport& report) {
  const auto whose = fmt::format("{} ({})", report.name, report.store_id);
  std::string text;
  if (!report.tables.empty()) {
    TextTable table({{"table"}, {"rows", Align::kRight}});
    for (const auto& each : report.tables) table.add_row({each.table, with_thousands(each.rows)});
    text += table.render() + "\n";
  }
  text += fmt::format(
      "{} {}: {} in {}, {} with {:.1f} MB, {} of its progress.\n", whose,
      report.is_dry_run ? "has" : "is taken out", counted(report.rows(), "row"),
      counted(std::ssize(report.tables), "table"), counted(report.packages, "landed package"),
      static_cast<double>(report.landing_bytes) / 1e6, counted(report.remembered, "note"));
  if (report.shared_rows > 0) {
    text += fmt::format("{} of tables that all stores share went with it.\n",
                        counted(report.shared_rows, "row"));
  }
  for (const auto& note : report.notes) text += "Note: " + note + "\n";
  return text;
}

// Whether the one at the terminal wants it; an error where nobody can be asked.
Result<bool> confirm_purge(const operate::PurgeReport& found) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) {
    return Error(ErrorKind::kUsage,
                 fmt::format("this takes {} of {} out of the warehouse: say --yes to do it, "
                             "--dry-run to see the tables",
                             counted(found.rows(), "row"), found.name));
  }
  std::fprintf(stderr, "%sTake it out? It cannot be undone. [y/N] ", to_text(found).c_str());
  std::fflush(stderr);
  const int answer = std::fgetc(stdin);
  return answer == 'y' || answer == 'Y';
}

int purge(const std::string& home, bool json, const StoreOptions& options,
          const operate::StoreServices& services) {
  auto request = options.purge;
  request.name = options.name;
  if (!request.is_dry_run && !options.is_confirmed) {
    request.is_dry_run = true;
    const auto found = services.purge(home, request);
    if (!found.ok()) return fail(found.error());
    const auto wants = confirm_purge(*found);
    if (!wants.ok()) return fail(wants.error());
    if (!*wants) {
      std::fprintf(stderr, "Nothing was done.\n");
      return 0;
    }
    request.is_dry_run = false;
  }
  const auto report = while_showing(StatusLine::Mode::kWaits,
                                    [&](StatusLine&) { return services.purge(home, request); });
  if (!report.ok()) return fail(report.error());
  put(json ? to_json(*report).dump(2) + "\n" : to_text(*report));
  return 0;
}

int rekey(const std::string& home, const StoreOptions& options,
          const operate::StoreServices& services) {
  Secret key;
  if (!options.new_key_variable.empty()) {
    auto given = read_variable(options.new_key_variable);
    if (!given.ok()) return fail(given.error());
    key = std::move(*given);
  }
  if (const auto done = services.rekey(home, key); !done.ok()) return fail(done.error());
  put("The vault has a new key.\n");
  return 0;
}

}  // namespace

void declare_store(CLI::App& app, StoreOptions& options, const Decorate& decorate) {
  auto* store = decorate(app, "store", "the stores of a home and their tokens", "");
  store->require_subcommand(1);
  store->footer(
      "Example:\n  falaj store add riyadh --token-file riyadh.token\n  falaj store list\n  falaj "
      "run "
      "--store riyadh");
  auto* add = decorate(*store, "add", "keep a store's token, sealed, after asking who it is",
                       "falaj store add riyadh --token-file riyadh.token\n  falaj store add --from "
                       "stores.txt");
  add->add_option("NAME", options.name, "what you call the store");
  auto* file = add->add_option("--token-file", options.token_file,
                               "file with the access token, or with the JSON that Salla answered a "
                               "token request with (- = standard input, the default)");
  auto* variable = add->add_option("--token-env", options.token_variable,
                                   "name of the variable that holds the access token");
  variable->excludes(file);
  add->add_option("--from", options.list_file, "file with lines of a name and a token")
      ->excludes(file)
      ->excludes(variable)
      ->excludes("NAME");
  auto* authorize = decorate(*store, "authorize", "let the merchant allow the app in a browser",
                             "falaj store authorize riyadh --port 8910");
  authorize->add_option("NAME", options.name, "what you call the store")->required();
  authorize
      ->add_option("--port", options.authorize.port,
                   "port of this machine that the browser comes back to; 0 chooses one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  authorize->add_option("--redirect-url", options.authorize.redirect_url,
                        "address registered with the app, where it is not this machine's own");
  authorize->add_option("--scopes", options.authorize.scopes,
                        "separated by blanks (default: what the home's streams need)");
  authorize->add_option("--wait", options.wait, "how long to wait for the merchant, such as 10m")
      ->capture_default_str();
  authorize->add_flag("--no-browser", options.has_no_browser, "print the address only");
  decorate(*store, "list", "all stores of the home", "falaj store list");
  decorate(*store, "show", "one store", "falaj store show riyadh")
      ->add_option("NAME", options.name, "name or id")
      ->required();
  decorate(*store, "remove", "forget a store's tokens; its data stay in the warehouse",
           "falaj store remove riyadh")
      ->add_option("NAME", options.name, "name or id")
      ->required();
  auto* purge = decorate(
      *store, "purge", "take a store's data out: landed packages and its rows in every table",
      "falaj store purge riyadh --dry-run\n  falaj store purge 1305146709 --yes");
  purge->add_option("NAME", options.name, "name or id")->required();
  purge->add_flag("--dry-run", options.purge.is_dry_run, "count it, and change nothing");
  purge->add_flag("--yes", options.is_confirmed, "do not ask");
  purge->add_flag("--with-token", options.purge.takes_token,
                  "forget its tokens too: else the next run reads the store again");
  auto* refresh = decorate(*store, "refresh", "make sure that tokens are fresh",
                           "falaj store refresh\n  falaj store refresh riyadh --now");
  refresh->add_option("NAME", options.name, "name or id (default: each that can be refreshed)");
  refresh->add_flag("--now", options.is_asked, "also before it is due")->needs("NAME");
  refresh
      ->add_flag("--again", options.is_again,
                 "send the refresh token though the outcome of an earlier refresh is unknown")
      ->needs("NAME");
  decorate(*store, "rekey", "seal all tokens with a new key", "falaj store rekey")
      ->add_option(
          "--new-key-env", options.new_key_variable,
          "name of the variable that holds the new key, where FALAJ_VAULT_KEY has the old");
}

int run_store(const CLI::App& command, const std::string& home, bool json,
              const StoreOptions& options, const operate::StoreServices& services) {
  const auto action = command.get_subcommands().front()->get_name();
  if (action == "add") return add(home, json, options, services);
  if (action == "list") return print(services.list(home), json);
  if (action == "show") return print(services.show(home, options.name), json);
  if (action == "authorize") return authorize(home, json, options, services);
  if (action == "refresh") return refresh(home, json, options, services);
  if (action == "rekey") return rekey(home, options, services);
  if (action == "purge") return purge(home, json, options, services);
  if (const auto removed = services.remove(home, options.name); !removed.ok())
    return fail(removed.error());
  put(fmt::format("{} is removed from this home; what was loaded stays.\n", options.name));
  return 0;
}

}  // namespace falaj::cli
