#include "http_server/server.hpp"

#include "http_server/connection.hpp"

namespace falaj::http_server {
namespace {

class BeastServer final : public Server {
 public:
  BeastServer(Options options, Handler handler)
      : core_(std::make_shared<Core>(std::move(options), std::move(handler))),
        acceptor_(asio::make_strand(core_->io)),
        pause_(acceptor_.get_executor()),
        work_(core_->io.get_executor()) {}
  ~BeastServer() override { stop(); }

  Status listen() {
    const auto& options = core_->options;
    error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) {
      return Error(ErrorKind::kInvalidConfig,
                   fmt::format("cannot listen on '{}': not an IP address", options.address));
    }
    const tcp::endpoint endpoint(address, options.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return Error(ErrorKind::kUnavailable,
                   fmt::format("cannot listen on {}:{}: {}", options.address, options.port,
                               error.message()));
    }
    port_ = acceptor_.local_endpoint(error).port();
    return {};
  }

  void run() {
    if (core_->options.workers > 0) {
      core_->pool =
          std::make_unique<asio::thread_pool>(static_cast<size_t>(core_->options.workers));
    }
    accept();
    for (int i = 0; i < std::max(1, core_->options.threads); ++i) {
      threads_.emplace_back([core = core_] { core->io.run(); });
    }
  }

  uint16_t port() const override { return port_; }

  ServerStats stats() const override {
    std::lock_guard lock(core_->mutex);
    return {.connections = static_cast<int64_t>(core_->connections.size()),
            .in_flight = core_->in_flight,
            .in_flight_peak = core_->in_flight_peak};
  }

  void stop() override {
    if (core_->is_stopping.exchange(true)) return;
    asio::post(acceptor_.get_executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
    });
    if (core_->pool) core_->pool->join();
    // Let go of outside the lock: the last to let go of a connection destroys it, which takes it.
    for (const auto& connection : alive_connections()) connection->close_from_outside();
    work_.reset();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    {
      std::lock_guard lock(core_->mutex);
      core_->has_ended = true;
    }
    // What was posted between the threads' end and now; later nothing is.
    core_->io.restart();
    core_->io.poll();
  }

 private:
  std::vector<std::shared_ptr<Connection>> alive_connections() const {
    std::vector<std::shared_ptr<Connection>> alive;
    std::lock_guard lock(core_->mutex);
    for (auto* connection : core_->connections) {
      // One that is being destroyed has nobody left to close it for.
      if (auto held = connection->weak_from_this().lock()) alive.push_back(std::move(held));
    }
    return alive;
  }

  void accept() {
    acceptor_.async_accept(asio::make_strand(core_->io),
                           [this](error_code error, tcp::socket peer) {
                             if (core_->is_stopping) return;
                             if (error) {
                               // Out of descriptors, most likely: others close soon.
                               pause_.expires_after(std::chrono::milliseconds(20));
                               pause_.async_wait([this](error_code cancelled) {
                                 if (!cancelled && !core_->is_stopping) accept();
                               });
                               return;
                             }
                             admit(std::move(peer));
                             accept();
                           });
  }

  void admit(tcp::socket peer) {
    size_t open = 0;
    {
      std::lock_guard lock(core_->mutex);
      open = core_->connections.size();
    }
    if (open >= core_->options.connections_max) {
      const auto refusal = plain(503);
      const auto text = response_head(refusal, false, false) + refusal.body;
      error_code ignored;
      peer.non_blocking(true, ignored);
      peer.send(asio::buffer(text), 0, ignored);
      peer.shutdown(tcp::socket::shutdown_both, ignored);
      return;
    }
    const auto connection = std::make_shared<Connection>(core_, std::move(peer));
    asio::post(connection->executor(), [connection] { connection->read(); });
  }

  std::shared_ptr<Core> core_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  // Keeps the threads until all is posted that stopping posts: what came later would never run, and
  // hold its connection for ever.
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  uint16_t port_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(Options options, Handler handler) {
  try {
    auto server = std::make_unique<BeastServer>(std::move(options), std::move(handler));
    FALAJ_TRY(server->listen());
    server->run();
    return std::unique_ptr<Server>(std::move(server));
  } catch (const std::exception& failure) {
    return Error(ErrorKind::kUnavailable,
                 fmt::format("cannot start the server: {}", failure.what()));
  }
}

}  // namespace falaj::http_server
