#include "http_server/connection.hpp"

namespace falaj::http_server {

class StreamEnd final : public BodyStream {
 public:
  StreamEnd(std::weak_ptr<Connection> connection, size_t bytes_max)
      : connection_(std::move(connection)), bytes_max_(bytes_max) {}

  bool write(std::string bytes) override {
    if (!is_open_ || bytes.empty()) return is_open_;
    const auto connection = connection_.lock();
    if (!connection) return false;
    if (queued_.fetch_add(bytes.size()) + bytes.size() > bytes_max_) {
      is_open_ = false;
      connection->close_from_outside();
      return false;
    }
    asio::post(connection->executor(), [connection, text = std::move(bytes)]() mutable {
      connection->stream_write(std::move(text));
    });
    return true;
  }
  bool is_open() const override { return is_open_; }
  void close() override {
    const auto connection = connection_.lock();
    if (!is_open_.exchange(false) || !connection) return;
    asio::post(connection->executor(), [connection] { connection->stream_write(""); });
  }

  void on_written(size_t bytes) { queued_ -= std::min(bytes, queued_.load()); }
  void on_closed() { is_open_ = false; }

 private:
  std::weak_ptr<Connection> connection_;
  size_t bytes_max_;
  std::atomic<size_t> queued_{0};
  std::atomic<bool> is_open_{true};
};

class LaterAnswer final : public PendingAnswer {
 public:
  explicit LaterAnswer(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)) {}
  ~LaterAnswer() override {
    if (!is_answered_) connection_->close_from_outside();
  }
  void answer(Response response) override {
    if (is_answered_.exchange(true)) return;
    connection_->respond_from_outside(std::move(response));
  }

 private:
  std::shared_ptr<Connection> connection_;
  std::atomic<bool> is_answered_{false};
};

void Connection::begin_later(const std::function<void(std::shared_ptr<PendingAnswer>)>& later) {
  later(std::make_shared<LaterAnswer>(shared_from_this()));
}

void Connection::begin_stream() {
  is_streaming_ = true;
  keeps_alive_ = false;
  stream_.expires_never();
  stream_end_ =
      std::make_shared<StreamEnd>(weak_from_this(), core_->options.stream_queue_bytes_max);
  watch_peer();
  auto start = std::move(response_.stream);
  response_ = Response();
  start(stream_end_);
}

void Connection::on_chunk_written(size_t bytes) {
  // The frame around a chunk was not counted when it was queued.
  const auto frame = fmt::format("{:x}", bytes).size() + 4;
  if (stream_end_ && bytes > frame) stream_end_->on_written(bytes - frame);
  chunks_.pop_front();
  is_writing_ = false;
  if (!chunks_.empty()) return write_chunk();
  if (is_last_chunk_queued_) close();
}

void Connection::close() {
  finish_request();
  is_streaming_ = false;
  if (stream_end_) stream_end_->on_closed();
  stream_end_.reset();
  timer_.cancel();
  stream_.close();
}

}  // namespace falaj::http_server
