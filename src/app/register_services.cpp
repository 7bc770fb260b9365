#include "app/register_services.hpp"

#include <utility>

#include "app/callback_server.hpp"
#include "app/home_warehouse.hpp"
#include "app/snowflake_access.hpp"
#include "operate/acceptance.hpp"
#include "operate/demo.hpp"
#include "operate/home_console.hpp"
#include "operate/home_health.hpp"
#include "operate/home_init.hpp"
#include "operate/home_status.hpp"
#include "operate/plan.hpp"
#include "operate/purge.hpp"
#include "operate/quota.hpp"
#include "operate/run_operation.hpp"
#include "operate/store_operations.hpp"
#include "operate/stream_catalogue.hpp"
#include "operate/webhook_receiver.hpp"
#include "operate/webhook_subscriptions.hpp"
#include "stores/store_commands.hpp"

namespace falaj::app {
namespace {

using home::Home;

// Work that takes the home's warehouse too: it is made for the call.
template <typename Work>
auto with_warehouse(Work work) {
  return [work](const Home& home, auto&&... rest) {
    HomeWarehouse warehouse(home);
    return work(home, warehouse, std::forward<decltype(rest)>(rest)...);
  };
}

Result<operate::AcceptReport> accept(const Home& home, const operate::AcceptRequest& request,
                                     const std::function<void(const std::string&)>& tell) {
  HomeScratchWarehouses warehouses(home);
  return operate::accept(home, warehouses, request, tell);
}

Result<operate::DemoReport> demo(const Home& home, const operate::DemoRequest& request,
                                 const operate::ProgressSink& progress) {
  const auto opener_of = [](const Home& of) { return std::make_unique<HomeWarehouse>(of); };
  return operate::demo(home, opener_of, request, progress);
}

Result<operate::StoreView> authorize(const Home& home, const operate::AuthorizeRequest& request,
                                     const operate::ShowAddress& show) {
  CallbackServer server;
  return operate::authorize_store(home, server, request, show);
}

}  // namespace

operate::Services home_services() {
  operate::Services services;
  services.init = operate::init_home;
  services.print_sql = snowflake_script;
  services.check = with_warehouse(operate::check_home);
  services.plan = with_warehouse(operate::plan);
  services.run = with_warehouse(operate::run_home);
  services.status = with_warehouse(operate::home_status);
  services.quota = operate::show_quota;
  services.coverage = [](const Home& home) {
    HomeWarehouse warehouse(home);
    return operate::home_coverage(warehouse);
  };
  services.open_sql = with_warehouse(operate::open_sql_console);
  services.config = operate::show_config;
  services.catalog = operate::show_catalogue;
  services.demo = demo;
  services.accept = accept;
  services.store.list = operate::list_stores;
  services.store.show = operate::show_store;
  services.store.add = operate::add_stores;
  services.store.remove = stores::remove_store;
  services.store.purge = [](const Home& home, const operate::PurgeRequest& request) {
    HomeWarehouse warehouse(home);
    return operate::purge_store(home, warehouse, request);
  };
  services.store.authorize = authorize;
  services.store.refresh = operate::refresh_stores;
  services.store.rekey = stores::rekey_vault;
  services.webhooks.serve = operate::serve_webhooks;
  services.webhooks.list = operate::list_webhooks;
  services.webhooks.add = operate::register_webhooks;
  services.webhooks.remove = operate::remove_webhooks;
  return services;
}

}  // namespace falaj::app
