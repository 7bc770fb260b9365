#include "app/register_services.hpp"

#include <optional>
#include <type_traits>
#include <utility>

#include "app/callback_server.hpp"
#include "app/home_warehouse.hpp"
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

// The home of the program's command and its warehouse. What a command hands back may use them: they
// stay to the end.
struct OpenedHome {
  explicit OpenedHome(Home opened) : home(std::move(opened)), warehouse(home) {}
  Home home;
  HomeWarehouse warehouse;
};

OpenedHome& opened(Home home) {
  static std::optional<OpenedHome> opened;
  return opened.emplace(std::move(home));
}

template <typename Work, typename... Rest>
auto call(const Work& work, OpenedHome& at, Rest&&... rest) {
  if constexpr (std::is_invocable_v<Work, const Home&, warehouse::Opener&, Rest...>) {
    return work(at.home, at.warehouse, std::forward<Rest>(rest)...);
  } else if constexpr (std::is_invocable_v<Work, warehouse::Opener&, Rest...>) {
    return work(at.warehouse, std::forward<Rest>(rest)...);
  } else {
    return work(at.home, std::forward<Rest>(rest)...);
  }
}

// A command of a home, which is opened for it.
template <typename Work>
auto at_home(Work work) {
  return [work](const std::string& root,
                auto&&... rest) -> decltype(call(work, std::declval<OpenedHome&>(), rest...)) {
    FALAJ_ASSIGN(auto home, Home::open(root));
    return call(work, opened(std::move(home)), rest...);
  };
}

// One that works whatever its settings say.
template <typename Work>
auto at_any_home(Work work) {
  return [work](const std::string& root, auto&&... rest) {
    return call(work, opened(Home::open_despite_settings(root)), rest...);
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
  services.init = at_any_home(operate::init_home);
  services.print_sql =
      at_home([](warehouse::Opener& warehouse) { return warehouse.admin_script(); });
  services.check = at_any_home(operate::check_home);
  services.plan = at_home(operate::plan);
  services.run = at_home(operate::run_home);
  services.status = at_any_home(operate::home_status);
  services.quota = at_home(operate::show_quota);
  services.coverage = at_home(operate::home_coverage);
  services.open_sql = at_home(operate::open_sql_console);
  services.config = at_home(operate::show_config);
  services.catalog = at_any_home(operate::show_catalogue);
  services.demo = at_home(demo);
  services.accept = at_home(accept);
  services.store.list = at_home(operate::list_stores);
  services.store.show = at_home(operate::show_store);
  services.store.add = at_home(operate::add_stores);
  services.store.remove = at_home(stores::remove_store);
  services.store.purge = at_home(
      [](const Home& home, warehouse::Opener& warehouse, const operate::PurgeRequest& request) {
        return operate::purge_store(home, warehouse, request);
      });
  services.store.authorize = at_home(authorize);
  services.store.refresh = at_home(operate::refresh_stores);
  services.store.rekey = at_home(stores::rekey_vault);
  services.webhooks.serve = at_home(operate::serve_webhooks);
  services.webhooks.list = at_home(operate::list_webhooks);
  services.webhooks.add = at_home(operate::register_webhooks);
  services.webhooks.remove = at_home(operate::remove_webhooks);
  return services;
}

}  // namespace falaj::app
