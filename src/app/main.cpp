#include <cstdio>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "operate/acceptance.hpp"
#include "operate/home_commands.hpp"
#include "operate/demo.hpp"
#include "operate/plan.hpp"
#include "operate/quota.hpp"
#include "run/run.hpp"
#include "stores/secret_keeping.hpp"
#include "app/snowflake_access.hpp"
#include "operate/home_console.hpp"
#include "stores/store_authorize.hpp"
#include "stores/store_commands.hpp"
#include "operate/purge.hpp"
#include "operate/stream_catalogue.hpp"
#include "operate/webhook_receiver.hpp"
#include "operate/webhook_subscriptions.hpp"
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
  stores::forbid_core_dumps();
  home::keep_new_files_private(false);
  cli::Services services;
  services.init = at_any_home(operate::init_home);
  services.print_sql = at_home(app::snowflake_script);
  services.check = at_any_home(operate::check_home);
  services.plan = at_home(operate::plan);
  services.run = at_home(app::run);
  services.status = at_any_home(app::status);
  services.quota = at_home(operate::show_quota);
  services.coverage = at_home(operate::coverage);
  services.open_sql = at_home(operate::open_sql_console);
  services.config = at_home(operate::show_config);
  services.catalog = at_any_home(operate::show_catalogue);
  services.demo = at_home(app::demo);
  services.accept = at_home(operate::accept);
  services.store.list = at_home(stores::list_stores);
  services.store.show = at_home(stores::show_store);
  services.store.add = at_home(stores::add_stores);
  services.store.remove = at_home(stores::remove_store);
  services.store.purge = at_home(operate::purge_store);
  services.store.authorize = at_home(stores::authorize_store);
  services.store.refresh = at_home(stores::refresh_stores);
  services.store.rekey = at_home(stores::rekey_vault);
  services.webhooks.serve = at_home(operate::serve_webhooks);
  services.webhooks.list = at_home(operate::list_webhooks);
  services.webhooks.add = at_home(operate::register_webhooks);
  services.webhooks.remove = at_home(operate::remove_webhooks);
  try {
    return cli::run_program(argc, argv, services);
  } catch (const std::exception& problem) {
    // Errors travel as results; what arrives here is a bug or the end of memory.
    std::fprintf(stderr, "falaj: a bug: %s\n", problem.what());
    return exit_code(ErrorKind::kBug);
  }
}
