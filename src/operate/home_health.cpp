#include "operate/home_health.hpp"

#include <algorithm>
#include <filesystem>

#include "base/counted.hpp"
#include "connectors/salla/list_total.hpp"
#include "home/demo_mark.hpp"
#include "home/program_files.hpp"
#include "operate/home_check.hpp"
#include "stores/home_streams.hpp"
#include "stores/store_access.hpp"
#include "stores/store_client.hpp"

namespace falaj::operate {
namespace {

namespace fs = std::filesystem;
using State = CheckItem::State;

CheckItem check_extensions() {
  for (const char* file :
       {"libduckdb.so", "ducklake.duckdb_extension", "sqlite_scanner.duckdb_extension"}) {
    std::error_code ignored;
    if (!fs::exists(home::extension_directory() / file, ignored)) {
      return failed_check(
          "program files",
          Error(ErrorKind::kInvalidConfig,
                fmt::format("{} is not in {}", file, home::extension_directory().string())),
          "install falaj again; its folder lib/falaj must lie beside bin");
    }
  }
  return {"program files", State::kOk, home::extension_directory().string(), "", 0};
}

CheckItem to_item(warehouse::Finding found) {
  using Kind = warehouse::Finding::Kind;
  const auto state = found.kind == Kind::kGood      ? State::kOk
                     : found.kind == Kind::kWarning ? State::kWarning
                                                    : State::kFailed;
  return {std::move(found.name), state, std::move(found.detail), std::move(found.remedy),
          found.exit_status};
}

// `label` tells several stores apart; empty where there is one.
void check_store(const home::Home& home, const stores::StoreAccess& access,
                 const std::string& label, std::vector<CheckItem>& items,
                 AnnouncedRows& announced) {
  stores::StoreClient::Options options;
  options.max_retries = 1;
  stores::StoreClient api(home, access, stores::known_store_id(home, access), std::move(options));
  const auto info = api.ask_who();
  if (!info.ok()) {
    items.push_back(
        failed_check(label + "store", info.error(),
                     info.error().kind() == ErrorKind::kAuthFailed
                         ? "set a valid SALLA_API_TOKEN, or `falaj store add` the store again"
                     : info.error().kind() == ErrorKind::kBadResponse
                         ? "check that SALLA_API_BASE_URL is a Salla API"
                         : "check SALLA_API_BASE_URL, the network and any proxy"));
    return;
  }
  const auto& store = api.info();
  items.push_back({label + "store", State::kOk,
                   fmt::format("{} ({}), plan {}", store.name, store.id, store.plan), "", 0});
  if (const auto skew = api.clock_skew(); http::is_worth_saying(skew)) {
    items.push_back({label + "clock", State::kWarning, http::skew_text(*skew) + " (Date header)",
                     "set this machine's clock, best by NTP", 0});
  }
  for (const char* list : {"/orders", "/customers", "/products"}) {
    auto page = api.client().get(fmt::format("{}?page=1&per_page=1", list));
    if (!page.ok()) {
      items.push_back(
          failed_check(label + list, page.error(), "give the app the read scope of this list"));
      continue;
    }
    const int64_t total = connectors::salla::list_total(page->body);
    (std::string_view(list) == "/orders" ? announced.orders : announced.others) += total;
    items.push_back({label + list, State::kOk, counted(total, "row"), "", 0});
  }
  const auto quota = api.client().quota();
  items.push_back({label + "quota", State::kOk,
                   quota.limit_per_minute
                       ? counted(*quota.limit_per_minute, "request") + " a minute"
                       : "no limit announced",
                   "", 0});
}

// Stores that a run reads for the time being, or not at all.
void check_states(const home::Home& home, std::vector<CheckItem>& items) {
  if (!state::TokenVault::exists(home.paths().root)) return;
  const auto vault = state::TokenVault::open(home.paths().root, home.vault_key_place());
  if (!vault.ok()) return;  // stores_to_read() has said so
  const auto stores = vault->list();
  if (!stores.ok()) return;
  for (const auto& store : *stores) {
    if (store.state == state::StoreState::kUnclear ||
        store.state == state::StoreState::kUninstalled) {
      items.push_back({store.name, State::kWarning,
                       fmt::format("{}: {}", to_string(store.state), store.state_reason), "", 0});
    }
  }
}

void check_stores(const home::Home& home, std::vector<CheckItem>& items, AnnouncedRows& announced) {
  if (auto address = stores::check_api_settings(home.settings()); !address.ok()) {
    items.push_back(failed_check("address", address.error(), "correct SALLA_API_BASE_URL"));
    return;
  }
  const auto stores = stores::stores_to_read(home, {});
  if (!stores.ok()) {
    items.push_back(failed_check("access token", stores.error(),
                                 "`falaj store add NAME`, or set SALLA_API_TOKEN"));
    return;
  }
  check_states(home, items);
  for (const auto& store : *stores)
    check_store(home, store, stores->size() > 1 ? store.name + ": " : "", items, announced);
}

}  // namespace

Result<std::vector<CheckItem>> check_home(const home::Home& home, warehouse::Opener& opener) {
  std::vector<CheckItem> items;
  items.push_back(check_extensions());
  if (home.settings_fault()) {
    items.push_back(check_disk(home, false, {}, 0));
    items.push_back(
        failed_check("settings", *home.settings_fault(), "correct the line that is named"));
    return items;
  }
  const bool has_file = std::filesystem::exists(home.paths().settings_file());
  items.push_back({"settings", State::kOk,
                   has_file ? home.paths().settings_file()
                            : "built-in values and the environment; `falaj init` writes " +
                                  home.paths().settings_file(),
                   "", 0});
  for (const auto& warning : home.loaded().warnings)
    items.push_back({"settings", State::kWarning, warning, "", 0});
  for (const auto& path : home.loaded().unread) {
    items.push_back({"settings", State::kWarning, path + " may not be read by this user",
                     "a run needs what is in it; reading the warehouse does not", 0});
  }
  for (auto& item : check_folders(home)) items.push_back(std::move(item));
  if (auto streams = stores::home_streams(home.paths()); !streams.ok()) {
    items.push_back(failed_check("catalogue", streams.error(), "correct the line that is named"));
  } else {
    items.push_back({"catalogue", State::kOk,
                     fmt::format("{}, {} of them in catalogue.toml alone",
                                 counted(std::ssize(*streams), "stream"),
                                 streams->size() - connectors::salla::built_in_streams().size()),
                     "", 0});
  }
  if (auto home_is_free = home::refuse_demo_home(home.paths().root, "looking at the home");
      !home_is_free.ok()) {
    items.push_back(
        failed_check("home", home_is_free.error(), "give another home with --home DIR"));
  }
  AnnouncedRows announced;
  int64_t orders_known = 0;
  check_stores(home, items, announced);
  if (opener.is_remote()) {
    for (auto& found : opener.examine()) items.push_back(to_item(std::move(found)));
  } else {
    items.push_back(check_warehouse(home, opener, orders_known));
  }
  for (auto& item : check_receiver(home)) items.push_back(std::move(item));
  items.insert(items.begin(), check_disk(home, opener.is_remote(), announced, orders_known));
  return items;
}

}  // namespace falaj::operate
