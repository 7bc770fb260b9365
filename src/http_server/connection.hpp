// One connection of the server: reads requests, writes answers, and streams where an answer is one.
// Shape:    private to this folder: Boost.Beast shows here, and in no other folder's header.
// Threads:  each connection is confined to its strand; what others call is posted to it.
#pragma once

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "http_server/server.hpp"

namespace falaj::http_server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

inline constexpr std::chrono::seconds kLingerDeadline{2};
inline constexpr size_t kReadBytes = 16 * 1024;
// The largest piece offered to the kernel at once; asio's own limit of 64 KiB costs system calls.
inline constexpr size_t kWriteBytes = 4 * 1024 * 1024;

inline Response plain(int status) {
  Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  response.body = fmt::format("{} {}\n", status, reason_phrase(status));
  response.must_close = true;
  return response;
}

class Connection;

// What the server and its connections share. It goes when the last of them has gone, so that a
// stream's owner may keep its end longer than the server lives.
struct Core {
  Core(Options given, Handler answer) : options(std::move(given)), handler(std::move(answer)) {}

  Options options;
  Handler handler;
  asio::io_context io;
  std::unique_ptr<asio::thread_pool> pool;
  std::atomic<bool> is_stopping{false};
  bool has_ended = false;  // under mutex: nobody works on io any more
  std::atomic<int64_t> in_flight{0};
  std::atomic<int64_t> in_flight_peak{0};
  std::mutex mutex;
  std::set<Connection*> connections;  // under mutex
};

class StreamEnd;
class LaterAnswer;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Core> core, tcp::socket socket)
      : core_(std::move(core)), stream_(std::move(socket)), timer_(stream_.get_executor()) {
    error_code ignored;
    stream_.socket().set_option(tcp::no_delay(true), ignored);
    const auto peer = stream_.socket().remote_endpoint(ignored);
    if (!ignored) peer_ = fmt::format("{}:{}", peer.address().to_string(), peer.port());
    std::lock_guard lock(core_->mutex);
    core_->connections.insert(this);
  }
  ~Connection() {
    finish_request();
    std::lock_guard lock(core_->mutex);
    core_->connections.erase(this);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Waits, for as long as a connection may idle, for the first byte of a request.
  void read() {
    if (core_->is_stopping) return close();
    if (buffer_.size() > 0) return read_head();
    stream_.expires_after(core_->options.idle_deadline);
    stream_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this()](error_code error, size_t bytes) {
                              if (error) return self->close();
                              self->buffer_.commit(bytes);
                              self->read_head();
                            });
  }

  // From any thread.
  void close_from_outside() {
    std::lock_guard lock(core_->mutex);
    if (core_->has_ended) return;
    asio::post(stream_.get_executor(), [self = shared_from_this()] { self->close(); });
  }

  // From any thread; nothing happens once the server has ended.
  void respond_from_outside(Response response) {
    auto held = std::make_shared<Response>(std::move(response));
    std::lock_guard lock(core_->mutex);
    if (core_->has_ended) return;
    asio::post(stream_.get_executor(),
               [self = shared_from_this(), held] { self->respond(std::move(*held)); });
  }

  void stream_write(std::string bytes) {
    if (!is_streaming_) return;
    if (!bytes.empty()) {
      chunks_.push_back(fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes));
    } else {
      chunks_.emplace_back("0\r\n\r\n");
      is_last_chunk_queued_ = true;
    }
    if (!is_writing_) write_chunk();
  }

  auto executor() { return stream_.get_executor(); }

 private:
  // From here to the last byte of the request, one deadline holds.
  void read_head() {
    // A timer of our own: the stream's closes the connection, and could not be answered with 408.
    stream_.expires_never();
    is_reading_ = true;
    timer_.expires_after(core_->options.request_deadline);
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (error || !self->is_reading_) return;
      self->is_late_ = true;
      self->stream_.cancel();
      self->close_if_still_reading();
    });
    parser_.emplace();
    parser_->header_limit(core_->options.header_bytes_max);
    parser_->body_limit(core_->options.body_bytes_max);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](error_code error, size_t) {
                              if (error) return self->refuse(error);
                              self->on_head();
                            });
  }

  void on_head() {
    if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      head_ = "HTTP/1.1 100 Continue\r\n\r\n";
      asio::async_write(stream_, asio::buffer(head_),
                        [self = shared_from_this()](error_code error, size_t) {
                          if (error) return self->close();
                          self->read_body();
                        });
      return;
    }
    read_body();
  }

  void read_body() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, size_t) {
                       if (error) return self->refuse(error);
                       self->on_request();
                     });
  }

  // Bytes that keep coming can slip past the cancellation: such a client gets no 408.
  void close_if_still_reading() {
    timer_.expires_after(std::chrono::milliseconds(100));
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error && self->is_reading_) self->close();
    });
  }

  void refuse(error_code error) {
    is_reading_ = false;
    timer_.cancel();
    keeps_alive_ = false;
    is_head_ = false;
    if (is_late_ && error == asio::error::operation_aborted) return respond(plain(408));
    if (error == http::error::header_limit) return respond(plain(431));
    if (error == http::error::body_limit) return respond(plain(413));
    const bool is_malformed =
        error.category() == make_error_code(http::error::bad_method).category();
    if (is_malformed && error != http::error::end_of_stream &&
        error != http::error::partial_message) {
      return respond(plain(400));
    }
    close();
  }

  void on_request() {
    is_reading_ = false;
    timer_.cancel();
    auto& message = parser_->get();
    auto request = std::make_shared<Request>();
    request->method = std::string(message.method_string());
    request->target = std::string(message.target());
    request->decode_target();
    for (const auto& field : message) {
      request->headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    request->body = std::move(message.body());
    request->peer = peer_;
    keeps_alive_ = message.keep_alive();
    is_head_ = request->method == "HEAD";
    begin_request();
    stream_.expires_never();
    if (!core_->pool) return respond(answer(*request));
    asio::post(*core_->pool, [self = shared_from_this(), request] {
      auto response = std::make_shared<Response>(self->answer(*request));
      asio::post(self->stream_.get_executor(),
                 [self, response] { self->respond(std::move(*response)); });
    });
  }

  Response answer(const Request& request) const {
    try {
      return core_->handler(request);
    } catch (const std::exception& failure) {
      log_error("{} {}: the handler failed: {}", request.method, request.path, failure.what());
      return plain(500);
    }
  }

  void respond(Response response) {
    if (response.later) return begin_later(response.later);
    response_ = std::move(response);
    if (response_.delay.count() <= 0) return write();
    timer_.expires_after(response_.delay);
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->write();
    });
  }

  void write() {
    if (core_->is_stopping) return close();
    if (response_.is_reset) return reset();
    if (!response_.pieces.empty()) return write_piece(0);
    keeps_alive_ = keeps_alive_ && !response_.must_close && !response_.cut_body_after;
    const bool is_chunked = response_.stream != nullptr;
    head_ = response_head(response_, keeps_alive_, is_chunked);
    auto body = is_head_ || is_chunked ? std::string_view() : response_.payload();
    if (response_.cut_body_after) body = body.substr(0, *response_.cut_body_after);
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head_), asio::buffer(body)};
    stream_.expires_after(core_->options.response_deadline);
    asio::async_write(
        stream_, buffers, [](error_code error, size_t) { return error ? 0 : kWriteBytes; },
        [self = shared_from_this()](error_code error, size_t) {
          if (error) return self->close();
          self->on_written();
        });
  }

  // Instead of head and body: what the handler wants to be on the wire, byte for byte.
  void write_piece(size_t at) {
    keeps_alive_ = false;
    if (at == response_.pieces.size()) return end_pieces();
    timer_.expires_after(response_.pieces[at].wait);
    timer_.async_wait([self = shared_from_this(), at](error_code cancelled) {
      if (cancelled) return;
      self->stream_.expires_after(self->core_->options.response_deadline);
      asio::async_write(self->stream_, asio::buffer(self->response_.pieces[at].bytes),
                        [self, at](error_code error, size_t) {
                          if (error) return self->close();
                          self->write_piece(at + 1);
                        });
    });
  }

  void end_pieces() {
    switch (response_.pieces_end) {
      case Response::End::kClose: return on_written();
      case Response::End::kReset: return reset();
      case Response::End::kHold: stream_.expires_never(); return watch_peer();
    }
  }

  void on_written() {
    if (response_.stream && !is_head_) return begin_stream();
    response_ = Response();
    finish_request();
    if (keeps_alive_) return read();
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kLingerDeadline);
    linger();
  }

  // Takes what the peer still sends, so that closing does not reset the answer away.
  void linger() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this()](error_code error, size_t) {
                              if (error) return self->close();
                              self->linger();
                            });
  }

  void begin_stream();
  void begin_later(const std::function<void(std::shared_ptr<PendingAnswer>)>& later);

  void watch_peer() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this()](error_code error, size_t) {
                              if (error) return self->close();
                              self->watch_peer();
                            });
  }

  void write_chunk() {
    is_writing_ = true;
    asio::async_write(stream_, asio::buffer(chunks_.front()),
                      [self = shared_from_this()](error_code error, size_t bytes) {
                        if (error) return self->close();
                        self->on_chunk_written(bytes);
                      });
  }

  void on_chunk_written(size_t bytes);

  void begin_request() {
    is_in_flight_ = true;
    const auto now = ++core_->in_flight;
    auto peak = core_->in_flight_peak.load();
    while (now > peak && !core_->in_flight_peak.compare_exchange_weak(peak, now)) {
    }
  }

  void finish_request() {
    if (is_in_flight_) --core_->in_flight;
    is_in_flight_ = false;
  }

  void reset() {
    error_code ignored;
    stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    close();
  }

  void close();

  std::shared_ptr<Core> core_;
  beast::tcp_stream stream_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::string peer_;
  std::string head_;
  Response response_;
  bool is_reading_ = false;
  bool is_late_ = false;
  bool keeps_alive_ = false;
  bool is_head_ = false;
  bool is_in_flight_ = false;
  bool is_streaming_ = false;
  bool is_writing_ = false;
  bool is_last_chunk_queued_ = false;
  std::deque<std::string> chunks_;
  std::shared_ptr<StreamEnd> stream_end_;
};

}  // namespace falaj::http_server
