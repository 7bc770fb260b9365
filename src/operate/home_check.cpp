#include "operate/home_check.hpp"

#include <algorithm>
#include <filesystem>

#include "home/folder_probe.hpp"
#include "home/home_access.hpp"
#include "run/coverage.hpp"
#include "webhooks/receiver.hpp"

namespace falaj::operate {
namespace {

namespace fs = std::filesystem;
using State = CheckItem::State;

// Of the homes of simulated stores: the lake and a day of landing, rounded up.
constexpr int64_t kBytesAnOrder = 8'000;
constexpr int64_t kBytesAnOther = 2'000;
constexpr int64_t kBytesAlways = int64_t{256} << 20U;
constexpr uint64_t kFewFreeBytes = uint64_t{2} << 30U;

std::string gigabytes(uint64_t bytes) {
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

CheckItem good(std::string name, std::string detail) {
  return {std::move(name), State::kOk, std::move(detail), "", 0};
}

// Of a home that is not there yet: whether it can be made.
CheckItem check_place(const home::Home& home) {
  const auto above = home::nearest_folder(home.paths().root);
  if (const auto probed = home::probe_folder(above); !probed.ok())
    return failed_check("home", probed.error(),
                        "give this user the right to write there, or choose another place with "
                        "--home");
  return good("home", fmt::format("not there yet: the first run makes {}", home.paths().root));
}

void check_rights(const home::Home& home, std::vector<CheckItem>& items) {
  if (!home::is_open_to_others(home.paths().root, home.settings().home_group)) return;
  items.push_back(
      {"home", State::kWarning,
       "other users of this machine may look into it, and it has customers' data",
       fmt::format("chmod {} {}; home.group opens it to one group",
                   home.settings().home_group.empty() ? "700" : "o-rwx", home.paths().root),
       0});
}

void check_state(const home::Home& home, std::vector<CheckItem>& items) {
  std::error_code ignored;
  if (fs::exists(home.paths().state_file(), ignored)) {
    if (const auto opened = state::StateStore::open(home.paths().root); !opened.ok()) {
      items.push_back(failed_check("control state", opened.error(), ""));
    } else {
      items.push_back(good("control state", home.paths().state_file()));
    }
  }
  if (!state::TokenVault::exists(home.paths().root)) return;
  auto vault = state::TokenVault::open(home.paths().root, home.vault_key_place());
  const auto key = vault.ok() ? vault->key() : Result<state::VaultKey>(vault.error());
  if (!key.ok()) {
    items.push_back(failed_check("token vault", key.error(), ""));
  } else {
    items.push_back(good("token vault", "its key opens it"));
  }
}

}  // namespace

CheckItem failed_check(std::string name, const Error& error, std::string remedy) {
  return {std::move(name), State::kFailed, error.to_text(), std::move(remedy),
          exit_code(error.kind())};
}

std::vector<CheckItem> check_folders(const home::Home& home) {
  std::error_code ignored;
  if (!fs::exists(home.paths().root, ignored)) return {check_place(home)};
  std::vector<CheckItem> items;
  check_rights(home, items);
  std::string written;
  for (const auto& folder :
       {home.paths().root, home.paths().root + "/state", home.paths().landing(),
        home.paths().inbox(), home.paths().lake(), home.paths().lake() + "/data"}) {
    if (!fs::exists(folder, ignored)) continue;
    if (const auto probed = home::probe_folder(folder); !probed.ok()) {
      items.push_back(failed_check(
          "folder", probed.error(),
          "a run writes there: give this user the right to, mount it for writing, or make room"));
    } else {
      written += (written.empty() ? "" : ", ") +
                 (folder == home.paths().root ? home.paths().root
                                              : folder.substr(home.paths().root.size() + 1));
    }
  }
  if (!written.empty()) items.push_back(good("folders", "may be written to: " + written));
  if (const auto holder = home::HomeLock::holder(home.paths().root)) {
    items.push_back({"lock", State::kWarning,
                     fmt::format("another falaj works on this home: {}", *holder),
                     "a run ends with 75 until it is done", 0});
  }
  check_state(home, items);
  return items;
}

CheckItem check_warehouse(const home::Home& home, warehouse::Opener& opener,
                          int64_t& orders_known) {
  if (!opener.exists()) return good("warehouse", "not there yet: the first run makes it");
  // Beside a run, whose transactions may take minutes, reading tells enough.
  const bool is_beside = home::HomeLock::holder(home.paths().root).has_value();
  const auto opened_whole = [&]() -> Result<std::string> {
    FALAJ_ASSIGN(auto opened, opener.open(is_beside, {.dag = "check"}));
    FALAJ_ASSIGN(auto session, opened->open_session());
    if (!is_beside) {
      FALAJ_TRY(session->begin());
      FALAJ_TRY(session->execute("CREATE TABLE main.falaj_check (n BIGINT)")
                    .while_doing("trying a transaction"));
      FALAJ_TRY(session->rollback());
    }
    // A lake without its tables has no orders.
    if (const auto coverage = run::read_coverage(*session); coverage.ok()) {
      for (const auto& row : *coverage) orders_known += row.stream == "orders" ? row.entities : 0;
    }
    return fmt::format("{} in {}{}", opened->database_name(), home.paths().lake(),
                       is_beside ? "" : ", takes a transaction");
  }();
  if (opened_whole.ok()) return good("warehouse", *opened_whole);
  const bool is_old = opened_whole.error().kind() == ErrorKind::kStorageFailed;
  return failed_check("warehouse", opened_whole.error(),
                      is_old ? "give this user the right to write to the lake's folder, make room, "
                               "or put back a backup if the files are damaged"
                             : "");
}

CheckItem check_disk(const home::Home& home, bool is_remote, const AnnouncedRows& announced,
                     int64_t orders_known) {
  const auto there = home::nearest_folder(home.paths().root);
  const auto space = home::disk_space(there);
  if (!space.ok()) {
    return failed_check("disk", space.error(),
                        "make the folder readable, or choose another with --home");
  }
  const int64_t to_come = std::max<int64_t>(0, announced.orders - orders_known);
  // What goes to an account passes through landing.
  const int64_t share = is_remote ? 4 : 1;
  const auto needed = static_cast<uint64_t>(
      kBytesAlways + (to_come * kBytesAnOrder + announced.others * kBytesAnOther) / share);
  auto item = good("disk", fmt::format("{} free at {}", gigabytes(space->free_bytes), there));
  if (announced.orders > 0) {
    item.detail +=
        fmt::format("; {} orders that are not here yet take about {}", to_come, gigabytes(needed));
  }
  if (space->free_bytes < needed) {
    item.state = State::kFailed;
    item.exit_status = exit_code(ErrorKind::kStorageFailed);
    item.remedy = fmt::format("free {} more, or choose a larger disk with --home",
                              gigabytes(needed - space->free_bytes));
  } else if (space->free_bytes < kFewFreeBytes) {
    item.state = State::kWarning;
    item.remedy = "free some space: 100,000 orders take about 0.8 GB";
  }
  return item;
}

std::vector<CheckItem> check_receiver(const home::Home& home) {
  const auto& settings = home.settings();
  if (settings.webhook_secret.empty() || settings.webhooks_port == 0) return {};
  const auto port = static_cast<uint16_t>(settings.webhooks_port);
  if (auto free = webhooks::check_port(settings.webhooks_address, port); !free.ok()) {
    return {{"webhooks", State::kWarning, free.error().to_text(),
             "if no receiver of falaj holds it, choose another webhooks.port", 0}};
  }
  return {good("webhooks", fmt::format("{}:{} is free for `falaj webhooks serve`",
                                       settings.webhooks_address, port))};
}

}  // namespace falaj::operate
