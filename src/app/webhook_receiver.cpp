#include "app/webhook_receiver.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "app/store_tokens.hpp"
#include "base/log.hpp"
#include "connectors/salla/webhook_event.hpp"
#include "home/demo_mark.hpp"
#include "home/interrupt.hpp"
#include "landing/file_store.hpp"

namespace falaj::app {
namespace {

using connectors::salla::WebhookReader;

webhooks::Strategy strategy_of(const std::string& name) {
  if (name == "token") return webhooks::Strategy::kToken;
  return name == "none" ? webhooks::Strategy::kNone : webhooks::Strategy::kSignature;
}

Result<webhooks::Inspection> inspect(WebhookReader& reader, std::string_view body) {
  FALAJ_ASSIGN(const auto event, reader.read(body));
  webhooks::Inspection found;
  found.merchant = event.merchant;
  found.kept = reader.redacted(event);
  found.has_credentials = concerns_tokens(event.name);
  return found;
}

void wait_for(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait(lock, stop, [] { return false; });
}

}  // namespace

webhooks::ReceiverHooks receiver_hooks(const home::Home& home) {
  webhooks::ReceiverHooks hooks;
  hooks.inspect = [reader = std::make_shared<WebhookReader>()](std::string_view body) {
    return inspect(*reader, body);
  };
  hooks.take_credentials = [&home](std::string_view body) -> Status {
    FALAJ_ASSIGN(const auto done, accept_store_authorization(home, body));
    log_info("{}", done);
    return {};
  };
  return hooks;
}

Result<webhooks::ReceiverOptions> receiver_options(const home::Home& home) {
  const auto& settings = home.settings();
  webhooks::ReceiverOptions options;
  options.server.address = settings.webhooks_address;
  options.server.port = static_cast<uint16_t>(settings.webhooks_port);
  options.server.body_bytes_max = static_cast<uint64_t>(settings.webhooks_body_kb_max) << 10U;
  options.server.connections_max = static_cast<size_t>(settings.webhooks_connections_max);
  options.server.request_deadline = std::chrono::seconds(settings.webhooks_request_secs_max);
  options.path = settings.webhooks_path;
  options.strategy = strategy_of(settings.webhooks_strategy);
  options.secrets.general = {settings.webhook_secret, settings.webhook_secret_previous};
  FALAJ_ASSIGN(options.secrets.of_store,
               webhooks::parse_store_secrets(settings.webhook_store_secrets.expose()));
  options.inbox.directory = home.paths().inbox();
  return options;
}

Result<operate::WebhookServeReport> serve_webhooks(
    const home::Home& home, const operate::WebhookServeRequest& request,
    const std::function<void(const std::string& url)>& on_listening) {
  FALAJ_TRY(home::refuse_demo_home(home.paths().root, "taking webhooks"));
  FALAJ_ASSIGN(auto options, receiver_options(home));
  if (request.port) {
    if (*request.port > UINT16_MAX) {
      return Error(ErrorKind::kUsage, "--port is from 0 to 65535");
    }
    options.server.port = static_cast<uint16_t>(*request.port);
  }
  if (!request.address.empty()) options.server.address = request.address;
  if (!request.path.empty()) options.path = request.path;
  if (!options.path.starts_with('/')) {
    return Error(ErrorKind::kInvalidConfig, "the path of webhooks begins with /: " + options.path);
  }
  if (options.strategy == webhooks::Strategy::kNone) {
    log_warn(
        "webhooks are not checked (webhooks.strategy = \"none\"): anybody who reaches {} can "
        "send events",
        options.server.address);
  }
  const auto url = [&](uint16_t port) {
    return fmt::format("http://{}:{}{}", options.server.address, port, options.path);
  };
  landing::PosixFileStore files;
  UlidGenerator ulids(home.clock(), UlidGenerator::random_seed());
  static_cast<void>(home.stop());  // before any thread: signals are waited for
  FALAJ_ASSIGN(auto receiver, webhooks::Receiver::start(files, home.clock(), ulids, options,
                                                        receiver_hooks(home)));
  on_listening(url(receiver->port()));
  wait_for(home.stop());
  receiver->stop();
  const auto counted = receiver->counters();
  return operate::WebhookServeReport{counted.kept, counted.repeated, counted.malformed,
                                     counted.not_genuine, counted.failed};
}

}  // namespace falaj::app
