#include <cstdio>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "app/accept.hpp"
#include "app/commands.hpp"
#include "app/demo.hpp"
#include "app/plan_command.hpp"
#include "app/quota_command.hpp"
#include "app/run.hpp"
#include "app/secret_keeping.hpp"
#include "app/snowflake_access.hpp"
#include "app/sql_console.hpp"
#include "app/store_authorize.hpp"
#include "app/store_commands.hpp"
#include "app/store_purge.hpp"
#include "app/stream_catalogue.hpp"
#include "app/webhook_receiver.hpp"
#include "app/webhook_subscriptions.hpp"
#include "cli/output.hpp"
#include "cli/program.hpp"
#include "home/home.hpp"
#include "home/home_access.hpp"

// Settings of jemalloc, which looks for this name. Pages of JSON come and go by the tens of
// megabytes from several threads: glibc keeps what was freed (100 MB more at the peak of a first
// run), and jemalloc would for ten seconds.
extern "C" {
// NOLINTNEXTLINE(*-non-const-global-variables): the library's interface
const char* malloc_conf = "narenas:2,dirty_decay_ms:100,muzzy_decay_ms:0";
}

namespace {

using falaj::home::Home;

// The home of the program's command. What a command hands back may use it: it stays to the end.
std::optional<Home>& opened_home() {
  static std::optional<Home> home;
  return home;
}

// A command of a home, which is opened for it.
template <typename Work>
auto at_home(Work work) {
  return [work](const std::string& root,
                auto&&... rest) -> std::invoke_result_t<Work, const Home&, decltype(rest)...> {
    FALAJ_ASSIGN(auto home, Home::open(root));
    return work(opened_home().emplace(std::move(home)), std::forward<decltype(rest)>(rest)...);
  };
}

// One that works whatever its settings say.
template <typename Work>
auto at_any_home(Work work) {
  return [work](const std::string& root, auto&&... rest) {
    return work(opened_home().emplace(Home::open_despite_settings(root)),
                std::forward<decltype(rest)>(rest)...);
  };
}

}  // namespace

int main(int argc, char** argv) {
  using namespace falaj;
  cli::guard_standard_streams();
  app::forbid_core_dumps();
  home::keep_new_files_private(false);
  operate::Services services;
  services.init = at_any_home(app::init_home);
  services.print_sql = at_home(app::snowflake_script);
  services.check = at_any_home(app::check_home);
  services.plan = at_home(app::plan);
  services.run = at_home(app::run);
  services.status = at_any_home(app::status);
  services.quota = at_home(app::show_quota);
  services.coverage = at_home(app::coverage);
  services.open_sql = at_home(app::open_sql_console);
  services.config = at_home(app::show_config);
  services.catalog = at_any_home(app::show_catalogue);
  services.demo = at_home(app::demo);
  services.accept = at_home(app::accept);
  services.store.list = at_home(app::list_stores);
  services.store.show = at_home(app::show_store);
  services.store.add = at_home(app::add_stores);
  services.store.remove = at_home(app::remove_store);
  services.store.purge = at_home(app::purge_store);
  services.store.authorize = at_home(app::authorize_store);
  services.store.refresh = at_home(app::refresh_stores);
  services.store.rekey = at_home(app::rekey_vault);
  services.webhooks.serve = at_home(app::serve_webhooks);
  services.webhooks.list = at_home(app::list_webhooks);
  services.webhooks.add = at_home(app::register_webhooks);
  services.webhooks.remove = at_home(app::remove_webhooks);
  try {
    return cli::run_program(argc, argv, services);
  } catch (const std::exception& problem) {
    // Errors travel as results; what arrives here is a bug or the end of memory.
    std::fprintf(stderr, "falaj: a bug: %s\n", problem.what());
    return exit_code(ErrorKind::kBug);
  }
}
