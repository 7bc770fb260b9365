// The text forms of what is said about stores and their webhooks.
#include <fmt/format.h>

#include "cli/printing.hpp"
#include "cli/text_table.hpp"

namespace falaj::cli {

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

std::string added_stores_text(const std::vector<operate::StoreView>& stores) {
  std::string text;
  for (const auto& store : stores)
    text += fmt::format("{}: {} ({}), plan {}\n", store.name, store.title, store.id, store.plan);
  return text;
}

std::string refreshed_stores_text(const std::vector<operate::StoreView>& stores) {
  std::string text;
  for (const auto& store : stores) {
    text += fmt::format("{}: the token ends {}\n", store.name,
                        store.expires_at.empty() ? "not by itself" : store.expires_at);
  }
  return text;
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

std::string to_text(const std::vector<operate::WebhookView>& hooks) {
  if (hooks.empty()) return "No webhooks.\n";
  TextTable table({{"store"}, {"id", Align::kRight}, {"event"}, {"url"}, {"state"}});
  for (const auto& hook : hooks)
    table.add_row({hook.store, std::to_string(hook.id), hook.event, hook.url, hook.state});
  return table.render();
}

std::string to_text(const operate::WebhookServeReport& report) {
  return fmt::format("{} kept, {}, {} not signed, {} malformed, {} put off\n",
                     counted(report.kept, "event"), counted(report.repeated, "repeat"),
                     with_thousands(report.not_genuine), with_thousands(report.malformed),
                     with_thousands(report.failed));
}

}  // namespace falaj::cli
