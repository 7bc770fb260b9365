// The real network: libcurl's multi interface, HTTP/1.1 with connections kept alive.
// Owns:     its connections. Threads: confined to one.
// Errors:   see transport.hpp; texts name the host, never a header.
#pragma once

#include <memory>

#include "http/transport.hpp"

namespace falaj::http {

struct CurlOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{60'000};
  size_t body_bytes_max = size_t{64} << 20U;         // a larger answer is refused
  size_t receive_buffer_bytes = size_t{512} << 10U;  // of each connection
  std::string user_agent = "falaj";
};

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlOptions options);
  ~CurlTransport() override;
  void start(HttpRequest request, Done done) override;
  void poll(std::chrono::milliseconds wait) override;
  size_t in_flight() const override;
  void drop_all(const Error& reason) override;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

}  // namespace falaj::http
