#include "operate/purge.hpp"

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "home/demo_mark.hpp"
#include "home/home.hpp"
#include "load/bronze_schema.hpp"
#include "operate/store_purge.hpp"
#include "run/run_limits.hpp"
#include "run/webhook_events.hpp"
#include "stores/home_streams.hpp"
#include "stores/known_stores.hpp"
#include "transform/model_registry.hpp"
#include "warehouse/books/row_cells.hpp"
#include "webhooks/intake.hpp"

namespace falaj::operate {
namespace {

using stores::KnownName;

// What a purge needs, open; nothing is where nothing was made yet.
struct OpenParts {
  const home::Home& home;
  home::HeldHome held;
  landing::PosixFileStore files;
  std::unique_ptr<landing::Landing> landing;
  connectors::salla::Streams streams;
  std::optional<state::TokenVault> vault;
  std::vector<warehouse::TableDefinition> tables;
  std::unique_ptr<warehouse::Warehouse> warehouse;

  OpenParts(const home::Home& opened, home::HeldHome holding)
      : home(opened), held(std::move(holding)) {}
  Status open(warehouse::Opener& opener);
};

Status OpenParts::open(warehouse::Opener& opener) {
  FALAJ_ASSIGN(auto opened, landing::Landing::open(files, home.clock(), home.paths().landing()));
  landing = std::make_unique<landing::Landing>(std::move(opened));
  FALAJ_ASSIGN(streams, stores::home_streams(home.paths()));
  if (state::TokenVault::exists(home.paths().root)) {
    FALAJ_ASSIGN(auto kept, state::TokenVault::open(home.paths().root, home.vault_key_place()));
    vault.emplace(std::move(kept));
  }
  if (!opener.exists()) return {};
  tables = load::load_schema(connectors::salla::tables_of(streams));
  for (auto& table : transform::ModelRegistry::built_in().definitions())
    tables.push_back(std::move(table));
  FALAJ_ASSIGN(warehouse, opener.open(false, {.dag = "purge"}));
  return warehouse->create_tables(tables);
}

Result<std::vector<KnownName>> names_in(OpenParts& parts) {
  std::vector<KnownName> names;
  if (parts.vault) {
    FALAJ_ASSIGN(const auto kept, parts.vault->list());
    for (const auto& store : kept) {
      names.push_back({store.id.value(), store.name, true});
      if (!store.title.empty()) names.push_back({store.id.value(), store.title, false});
    }
  }
  FALAJ_ASSIGN(const auto seen, parts.held.state.stores());
  for (const auto& store : seen) names.push_back({store.store_id, store.name, false});
  FALAJ_ASSIGN(const auto landed, parts.landing->list());
  for (const auto& package : landed.packages)
    names.push_back({package.identity.store_id.value(), "", false});
  if (parts.warehouse == nullptr) return names;
  FALAJ_ASSIGN(auto session, parts.warehouse->open_session());
  FALAJ_ASSIGN(const auto loaded,
               session->query("SELECT store_id, MAX(name) FROM (SELECT store_id, name FROM "
                              "BRONZE.bronze_store_info UNION ALL SELECT store_id, NULL FROM "
                              "OPS.load_packages) AS s GROUP BY store_id"));
  for (const auto& row : loaded.rows)
    names.push_back({warehouse::number(row[0]), row[1].value_or(""), false});
  return names;
}

// Its events are in files with those of other stores: they become packages, which are of one.
Status take_in_webhooks(OpenParts& parts) {
  webhooks::Inbox inbox(parts.files, parts.home.clock(), parts.home.paths().inbox());
  const auto since = parts.home.clock().now() - run::kResumableFor;
  FALAJ_ASSIGN(const auto unfinished, parts.held.state.unfinished_run(since));
  FALAJ_ASSIGN(const auto resumable, parts.held.state.unfinished_stores(since));
  run::WebhookEvents events(parts.held.state, parts.home.clock(), parts.streams,
                            unfinished.has_value() || !resumable.empty());
  webhooks::Intake intake(inbox, parts.files, *parts.landing, events);
  FALAJ_TRY(intake.run());
  return {};
}

Status settle_token(OpenParts& parts, const PurgeRequest& request, PurgeReport& report) {
  report.token = "none";
  if (!parts.vault) return {};
  FALAJ_ASSIGN(const auto kept, parts.vault->find(StoreId(report.store_id)));
  if (!kept) return {};
  report.token = "kept";
  if (!request.takes_token) {
    report.notes.push_back(fmt::format(
        "its tokens are still here, so that the next run reads the store again; `falaj store "
        "remove {}` forgets them",
        kept->name));
    return {};
  }
  report.token = "removed";
  return request.is_dry_run ? Status() : parts.vault->remove(kept->id);
}

}  // namespace

Result<PurgeReport> purge_store(const home::Home& home, warehouse::Opener& opener,
                                const PurgeRequest& request) {
  const auto& paths = home.paths();
  std::error_code ignored;
  if (!std::filesystem::exists(paths.root, ignored)) {
    return Error(ErrorKind::kNotFound,
                 fmt::format("there is no home {}: give the one that has the store with --home DIR",
                             paths.root));
  }
  FALAJ_ASSIGN(auto held, home::hold(home));
  OpenParts parts(home, std::move(held));
  FALAJ_TRY(parts.open(opener));
  FALAJ_ASSIGN(const auto names, names_in(parts));
  FALAJ_ASSIGN(const auto store, stores::find_store(names, request.name));
  if (!request.is_dry_run) FALAJ_TRY(take_in_webhooks(parts));
  FALAJ_ASSIGN(auto report,
               purge_store(PurgeParts{parts.held.state, *parts.landing, parts.home.clock(),
                                      parts.warehouse.get(), parts.tables, home.stop()},
                           StoreId(store.store_id), request.is_dry_run));
  report.name = store.name;
  FALAJ_TRY(settle_token(parts, request, report));
  if (!request.is_dry_run && home::is_demo_home(paths.root)) {
    report.notes.push_back(fmt::format(
        "{0} is marked as the home of a demo; if what is left in it is a real store, remove "
        "{0}/demo.txt",
        paths.root));
  }
  return report;
}

}  // namespace falaj::operate
