#include "webhooks/receiver.hpp"

#include <fmt/format.h>

#include <atomic>
#include <string_view>

#include "base/log.hpp"
#include "webhooks/seen_bodies.hpp"

namespace falaj::webhooks {
namespace {

using http_server::PendingAnswer;
using http_server::Request;
using http_server::Response;

Response reply(int status, std::string_view text) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = fmt::format(R"({{"status":{},"success":{},"message":"{}"}})", status,
                              status < 300 ? "true" : "false", text);
  if (status == 405) response.headers.emplace_back("Allow", "POST");
  return response;
}

// An address that ends with a slash, or is put together of parts that both have one, is the same.
std::string without_spare_slashes(std::string_view path) {
  std::string plain;
  for (const char c : path) {
    if (c != '/' || !plain.ends_with('/')) plain += c;
  }
  if (plain.size() > 1 && plain.ends_with('/')) plain.pop_back();
  return plain;
}

class BeastReceiver final : public Receiver {
 public:
  BeastReceiver(const Clock& clock, std::string path, SignatureCheck check, size_t remembered,
                ReceiverHooks hooks)
      : clock_(clock),
        path_(std::move(path)),
        check_(std::move(check)),
        hooks_(std::move(hooks)),
        seen_(remembered) {}
  ~BeastReceiver() override { stop(); }

  Status open(landing::FileStore& files, UlidGenerator& ulids, InboxWriterOptions inbox,
              http_server::Options server) {
    FALAJ_ASSIGN(inbox_, InboxWriter::open(files, ulids, std::move(inbox)));
    server.threads = 1;
    server.workers = 0;
    FALAJ_ASSIGN(server_, http_server::Server::start(std::move(server), [this](const Request& got) {
                   return receive(got);
                 }));
    return {};
  }

  uint16_t port() const override { return server_->port(); }

  ReceiverCounters counters() const override {
    return {kept_, repeated_, malformed_, not_genuine_, failed_};
  }

  void stop() override {
    if (inbox_) inbox_->stop();
    if (server_) server_->stop();
  }

 private:
  Response receive(const Request& request) {
    if (without_spare_slashes(request.path) != path_) return reply(404, "not here");
    if (request.method != "POST") return reply(405, "POST only");
    // A stranger learns nothing about what we can read: who is not genuine is told only that.
    if (!check_.depends_on_store() && !check_.is_genuine(request, std::nullopt)) {
      return not_genuine(request);
    }
    auto inspected = hooks_.inspect(request.body);
    if (check_.depends_on_store()) {
      const auto store = inspected.ok() && inspected->merchant != 0
                             ? std::optional(inspected->merchant)
                             : std::nullopt;
      if (!check_.is_genuine(request, store)) return not_genuine(request);
    }
    if (!inspected.ok()) {
      ++malformed_;
      log_warn("a webhook from {} is no event: {}", request.peer, inspected.error().message());
      return reply(400, "not an event");
    }
    return keep(request, *inspected);
  }

  Response not_genuine(const Request& request) {
    ++not_genuine_;
    log_warn("a webhook from {} is not signed with our secret", request.peer);
    return reply(401, "not signed as agreed");
  }

  Response keep(const Request& request, const Inspection& inspected) {
    const auto digest = sha256(request.body);
    const auto state = seen_.begin(digest);
    if (state == SeenBodies::State::kKnown) {
      ++repeated_;
      return reply(200, "known");
    }
    if (state == SeenBodies::State::kUnderWay) return follow(digest);
    if (inspected.has_credentials && hooks_.take_credentials) {
      if (auto taken = hooks_.take_credentials(request.body); !taken.ok()) {
        seen_.end(digest, false);
        ++failed_;
        log_error("the credentials in a webhook could not be kept: {}", taken.error().to_text());
        return reply(503, "deliver again");
      }
    }
    std::string record;
    const std::string_view body = inspected.kept ? *inspected.kept : request.body;
    append_record(record, {inspected.merchant, clock_.now(), digest, body});
    return later(std::move(record), [this, digest](bool is_durable) {
      seen_.end(digest, is_durable);
      ++(is_durable ? kept_ : failed_);
      return is_durable;
    });
  }

  // A repeat of an event that is on its way to the disk: it is there once what comes after it is.
  Response follow(const Sha256Digest& digest) {
    return later("", [this, digest](bool) {
      const bool is_kept = seen_.is_known(digest);
      ++(is_kept ? repeated_ : failed_);
      return is_kept;
    });
  }

  // Answers when the record is durable, as `conclude` finds.
  Response later(std::string record, std::function<bool(bool is_durable)> conclude) {
    Response response;
    response.later = [this, record = std::move(record), conclude = std::move(conclude)](
                         const std::shared_ptr<PendingAnswer>& answer) {
      inbox_->append(record, [conclude, answer](const Status& durable) {
        answer->answer(conclude(durable.ok()) ? reply(200, "kept") : reply(503, "deliver again"));
      });
    };
    return response;
  }

  const Clock& clock_;
  const std::string path_;
  const SignatureCheck check_;
  const ReceiverHooks hooks_;
  SeenBodies seen_;
  std::atomic<int64_t> kept_{0};
  std::atomic<int64_t> repeated_{0};
  std::atomic<int64_t> malformed_{0};
  std::atomic<int64_t> not_genuine_{0};
  std::atomic<int64_t> failed_{0};
  std::unique_ptr<InboxWriter> inbox_;
  std::unique_ptr<http_server::Server> server_;
};

}  // namespace

Result<std::unique_ptr<Receiver>> Receiver::start(landing::FileStore& files, const Clock& clock,
                                                  UlidGenerator& ulids, ReceiverOptions options,
                                                  ReceiverHooks hooks) {
  FALAJ_ASSIGN(auto check, SignatureCheck::create(options.strategy, std::move(options.secrets)));
  auto receiver =
      std::make_unique<BeastReceiver>(clock, without_spare_slashes(options.path), std::move(check),
                                      options.remembered_bodies, std::move(hooks));
  FALAJ_TRY(receiver->open(files, ulids, std::move(options.inbox), std::move(options.server)));
  return std::unique_ptr<Receiver>(std::move(receiver));
}

Status check_port(const std::string& address, uint16_t port) {
  http_server::Options options;
  options.address = address;
  options.port = port;
  FALAJ_ASSIGN(const auto server,
               http_server::Server::start(
                   options, [](const http_server::Request&) { return http_server::Response(); }));
  server->stop();
  return {};
}

}  // namespace falaj::webhooks
