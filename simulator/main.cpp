// salla-sim: the simulated Salla store as a program.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/log.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/simulator.hpp"

namespace falaj::simulator {
namespace {

struct Arguments {
  SimOptions options;
  http_server::Options server;
  std::string shape = "light";
  std::string now;
  std::string quirks_off;
  std::string quirks_on;
  uint64_t page_cache_mb = 384;
};

int fail(const Error& error) {
  std::fprintf(stderr, "salla-sim: %s\n", error.to_text().c_str());
  return exit_code(error.kind());
}

int list_quirks() {
  for (const auto& info : all_quirks()) {
    fmt::print("{:<20} {:<4} {}\n", info.name, info.is_on ? "on" : "off", info.text);
  }
  return 0;
}

Status finish(Arguments& arguments) {
  auto& options = arguments.options;
  options.is_expanded = arguments.shape == "expanded";
  options.page_cache_bytes = arguments.page_cache_mb * 1024 * 1024;
  FALAJ_TRY(options.quirks.set(arguments.quirks_off, false));
  FALAJ_TRY(options.quirks.set(arguments.quirks_on, true));
  if (!arguments.now.empty()) {
    options.now = parse_time(arguments.now);
    if (!options.now) {
      return Error(ErrorKind::kUsage,
                   fmt::format("--now '{}' is no time like 2026-11-23T09:45:00Z", arguments.now));
    }
  }
  return {};
}

int serve(Arguments arguments) {
  const auto finished = finish(arguments);
  if (!finished.ok()) return fail(finished.error());
  // Blocked here and in every thread, then awaited: the end is a plain line of code.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto simulator = Simulator::create(std::move(arguments.options));
  if (!simulator.ok()) return fail(simulator.error());
  auto& answering = **simulator;
  auto server = http_server::Server::start(
      std::move(arguments.server),
      [&answering](const http_server::Request& request) { return answering.handle(request); });
  if (!server.ok()) return fail(server.error());
  answering.set_server(server->get());
  fmt::print("salla-sim listening on http://127.0.0.1:{}/admin/v2\n", (*server)->port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  (*server)->stop();
  return 0;
}

void add_serve_options(CLI::App& command, Arguments& arguments) {
  auto& options = arguments.options;
  command.add_option("--port", arguments.server.port, "port on 127.0.0.1; 0 chooses one")
      ->capture_default_str();
  command
      .add_option("--token", options.token, "access token; of several stores TOKEN-1, TOKEN-2, ...")
      ->capture_default_str();
  command.add_option("--seed", options.seed, "what the store is made from")->capture_default_str();
  command.add_option("--orders", options.orders, "orders to make")->capture_default_str();
  command.add_option("--customers", options.customers, "customers to make")->capture_default_str();
  command.add_option("--products", options.products, "products to make")->capture_default_str();
  command.add_option("--dataset", options.dataset, "parquet of invoice lines to serve instead")
      ->check(CLI::ExistingFile);
  command
      .add_option("--plan", options.plan,
                  "basic 60, plus 120, pro 360, special 720 requests a "
                  "minute, or unlimited")
      ->check(CLI::IsMember({"basic", "plus", "pro", "special", "unlimited"}))
      ->capture_default_str();
  command.add_option("--stores", options.stores, "number of stores")->capture_default_str();
  command
      .add_option("--time-scale", options.time_scale,
                  "how much faster than the world its clock runs")
      ->capture_default_str();
  command
      .add_option("--orders-shape", arguments.shape,
                  "light: summary rows, details and items; expanded: whole orders in the list")
      ->check(CLI::IsMember({"light", "expanded"}))
      ->capture_default_str();
  command.add_option("--now", arguments.now, "start of its clock, e.g. 2026-11-23T09:45:00Z");
  command.add_option("--scopes", options.scopes, "scopes of the tokens; all if not given");
  command.add_option("--token-lifetime", options.token_lifetime_secs, "seconds; 0: for ever")
      ->capture_default_str();
  command.add_option("--quirks-off", arguments.quirks_off, "names, comma separated, or all");
  command.add_option("--quirks-on", arguments.quirks_on, "names, comma separated, or all");
  command
      .add_option("--page-cache-mb", arguments.page_cache_mb, "memory for written pages; 0: none")
      ->capture_default_str();
}

int run(int argc, char** argv) {
  CLI::App app("salla-sim: a simulated Salla store that answers as the Merchant API v2 does");
  app.footer(
      "example:\n  salla-sim serve --port 8080 --seed 7 --orders 5000 --plan pro\n"
      "  curl -H 'Authorization: Bearer sim-token' http://127.0.0.1:8080/admin/v2/orders\n"
      "  curl http://127.0.0.1:8080/_sim/truth\n"
      "exit status: 0 ended by a signal, 64 wrong arguments, 69 cannot listen");
  app.require_subcommand(1);
  Arguments arguments;
  auto* serve_command = app.add_subcommand("serve", "answer requests until SIGTERM or SIGINT");
  add_serve_options(*serve_command, arguments);
  serve_command->footer(
      "example:\n  salla-sim serve --port 0 --dataset orders.parquet --plan unlimited");
  app.add_subcommand("quirks", "list the imitated oddities");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_code(ErrorKind::kUsage);
  }
  return serve_command->parsed() ? serve(std::move(arguments)) : list_quirks();
}

}  // namespace
}  // namespace falaj::simulator

int main(int argc, char** argv) {
  try {
    return falaj::simulator::run(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "salla-sim: %s\n", failure.what());
    return falaj::exit_code(falaj::ErrorKind::kBug);
  }
}
