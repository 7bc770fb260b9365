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
#include "home/home_access.hpp"
#include "operate/operations/table.hpp"

// Settings of jemalloc, which looks for this name. Pages of JSON come and go by the tens of
// megabytes from several threads: glibc keeps what was freed (100 MB more at the peak of a first
// run), and jemalloc would for ten seconds.
extern "C" {
// NOLINTNEXTLINE(*-non-const-global-variables): the library's interface
const char* malloc_conf = "narenas:2,dirty_decay_ms:100,muzzy_decay_ms:0";
}

int main(int argc, char** argv) {
  using namespace falaj;
  cli::guard_standard_streams();
  app::forbid_core_dumps();
  home::keep_new_files_private(false);
  operate::Services services;
  services.init = app::init_home;
  services.print_sql = app::snowflake_script;
  services.check = app::check_home;
  services.plan = app::plan;
  services.run = app::run;
  services.status = app::status;
  services.quota = app::show_quota;
  services.coverage = app::coverage;
  services.open_sql = app::open_sql_console;
  services.config = app::show_config;
  services.catalog = app::show_catalogue;
  services.demo = app::demo;
  services.accept = app::accept;
  services.store.list = app::list_stores;
  services.store.show = app::show_store;
  services.store.add = app::add_stores;
  services.store.remove = app::remove_store;
  services.store.purge = app::purge_store;
  services.store.authorize = app::authorize_store;
  services.store.refresh = app::refresh_stores;
  services.store.rekey = app::rekey_vault;
  services.webhooks.serve = app::serve_webhooks;
  services.webhooks.list = app::list_webhooks;
  services.webhooks.add = app::register_webhooks;
  services.webhooks.remove = app::remove_webhooks;
  try {
    return cli::run_program(argc, argv, operate::operations::all(services));
  } catch (const std::exception& problem) {
    // Errors travel as results; what arrives here is a bug or the end of memory.
    std::fprintf(stderr, "falaj: a bug: %s\n", problem.what());
    return exit_code(ErrorKind::kBug);
  }
}
