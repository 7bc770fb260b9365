#include "cli/webhook_commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/json.hpp"
#include "cli/output.hpp"
#include "cli/status_line.hpp"
#include "cli/text_table.hpp"

namespace falaj::cli {
namespace {

int serve(const std::string& home, const WebhookOptions& options,
          const operate::WebhookServices& services) {
  auto request = options.serve;
  if (options.port >= 0) request.port = options.port;
  const auto report = services.serve(home, request, [](const std::string& url) {
    put(fmt::format("falaj takes webhooks at {}\n", url));
    (void)standard_output().flush().ok();  // finish_output() says what it met
  });
  if (!report.ok()) return fail(report.error());
  put(fmt::format("{} kept, {}, {} not signed, {} malformed, {} put off\n",
                  counted(report->kept, "event"), counted(report->repeated, "repeat"),
                  with_thousands(report->not_genuine), with_thousands(report->malformed),
                  with_thousands(report->failed)));
  return 0;
}

int print(const Result<std::vector<operate::WebhookView>>& hooks, bool json) {
  if (!hooks.ok()) return fail(hooks.error());
  bool all_well = true;
  TextTable table({{"store"}, {"id", Align::kRight}, {"event"}, {"url"}, {"state"}});
  Json::Array list;
  for (const auto& hook : *hooks) {
    all_well = all_well && !hook.state.starts_with("failed");
    table.add_row({hook.store, std::to_string(hook.id), hook.event, hook.url, hook.state});
    Json one;
    one.set("store", hook.store);
    one.set("id", hook.id);
    one.set("event", hook.event);
    one.set("url", hook.url);
    one.set("state", hook.state);
    list.push_back(std::move(one));
  }
  if (json) {
    put(Json(std::move(list)).dump(2) + "\n");
  } else {
    put(hooks->empty() ? "No webhooks.\n" : table.render());
  }
  return all_well ? 0 : exit_code(ErrorKind::kUnavailable);
}

void add_store_choice(CLI::App& command, std::vector<std::string>& stores) {
  command.add_option("--store", stores,
                     "this store only, by name or id; may be repeated (default: all of the home)");
}

}  // namespace

void declare_webhooks(CLI::App& app, WebhookOptions& options, const Decorate& decorate) {
  auto* webhooks = decorate(app, "webhooks", "take events from Salla, and subscribe to them", "");
  webhooks->require_subcommand(1);
  webhooks->footer(
      "Example:\n  SALLA_WEBHOOK_SECRET=... falaj webhooks serve --port 8085\n"
      "  falaj webhooks register --url https://shop.example.com/webhooks/salla\n"
      "  falaj webhooks list");
  auto* serve_command =
      decorate(*webhooks, "serve", "take events into the home's inbox until stopped",
               "SALLA_WEBHOOK_SECRET=... falaj webhooks serve --port 8085");
  serve_command->add_option("--port", options.port, "port; 0 chooses one (default: webhooks.port)");
  serve_command->add_option("--address", options.serve.address,
                            "address to listen on (default: webhooks.address)");
  serve_command->add_option("--path", options.serve.path,
                            "path of the URL (default: webhooks.path)");
  auto* add = decorate(*webhooks, "register", "subscribe a URL at the API; again changes nothing",
                       "falaj webhooks register --url https://shop.example.com/webhooks/salla\n"
                       "  falaj webhooks register --url ... --event order.created");
  add->add_option("--url", options.add.url, "where Salla is to deliver")->required();
  add->add_option("--event", options.add.events,
                  "this event; may be repeated (default: all that falaj makes use of)");
  add_store_choice(*add, options.stores);
  add_store_choice(
      *decorate(*webhooks, "list", "the subscriptions at the API", "falaj webhooks list"),
      options.stores);
  auto* remove = decorate(*webhooks, "remove", "end subscriptions",
                          "falaj webhooks remove --url https://shop.example.com/webhooks/salla");
  auto* url = remove->add_option("--url", options.remove.url, "all that deliver there");
  remove->add_option("--id", options.remove.id, "one, by its number in `list`")->excludes(url);
  add_store_choice(*remove, options.stores);
}

int run_webhooks(const CLI::App& command, const std::string& home, bool json,
                 const WebhookOptions& options, const operate::WebhookServices& services) {
  const auto action = command.get_subcommands().front()->get_name();
  if (action == "serve") return serve(home, options, services);
  const auto showing = [](auto work) {
    return while_showing(StatusLine::Mode::kWaits, [&](StatusLine&) { return work(); });
  };
  if (action == "list")
    return print(showing([&] { return services.list(home, options.stores); }), json);
  if (action == "register") {
    auto request = options.add;
    request.stores = options.stores;
    return print(showing([&] { return services.add(home, request); }), json);
  }
  auto request = options.remove;
  request.stores = options.stores;
  if (request.url.empty() && request.id == 0) {
    return fail(Error(ErrorKind::kUsage, "say which: --url or --id"));
  }
  return print(showing([&] { return services.remove(home, request); }), json);
}

}  // namespace falaj::cli
