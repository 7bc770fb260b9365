// An HTTP/1.1 server: reads whole requests within limits and deadlines, hands them to a handler,
// writes its answer. For falaj's own pages and for salla-sim.
// Units:    sizes in bytes; deadlines are absolute per request, so a client that drips bytes is
//           closed however lively it looks, with 408.
// Threads:  `threads` io threads. The handler runs on them when workers = 0 and must then be
//           quick; with workers it runs on a pool of so many threads and may block. Called for
//           several requests at once unless there is one thread only.
// Errors:   start() returns kUnavailable when the address cannot be listened on. A handler that
//           throws is answered with 500.
// Facts:    HTTP/1.1 keep-alive and chunked streaming (RFC 9112); no pipelining, no TLS.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "http_server/request.hpp"
#include "http_server/response.hpp"

namespace falaj::http_server {

using Handler = std::function<Response(const Request&)>;

struct Options {
  std::string address = "127.0.0.1";
  uint16_t port = 0;  // 0: the system chooses; see Server::port()
  int threads = 1;
  int workers = 0;
  uint32_t header_bytes_max = 16 * 1024;  // more is answered with 431
  uint64_t body_bytes_max = 1024 * 1024;  // more is answered with 413
  size_t connections_max = 1024;          // more are answered with 503
  size_t stream_queue_bytes_max = 256 * 1024;
  std::chrono::milliseconds request_deadline{15'000};    // from the first byte to the last
  std::chrono::milliseconds idle_deadline{120'000};      // between two requests
  std::chrono::milliseconds response_deadline{120'000};  // for writing one answer
};

struct ServerStats {
  int64_t connections = 0;  // open now
  int64_t in_flight = 0;    // requests read and not yet answered to the last byte
  int64_t in_flight_peak = 0;
};

class Server {
 public:
  static Result<std::unique_ptr<Server>> start(Options options, Handler handler);
  virtual ~Server() = default;  // stops

  virtual uint16_t port() const = 0;
  virtual ServerStats stats() const = 0;
  // Closes every connection and ends the threads; returns when the handler runs no more. Not from
  // within the handler.
  virtual void stop() = 0;
};

}  // namespace falaj::http_server
