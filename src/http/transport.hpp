// The seam to the network: sends requests, hands back answers. Layers above it (client.hpp) add
// authorisation, quota and retries; tests put a scripted transport here.
// Shape:    many requests may be in flight; each one's callback is called once, from poll().
// Units:    time-outs in milliseconds of real time; sizes in bytes.
// Threads:  confined to one.
// Errors:   an answer of any status is a response; an Error means that no whole answer came:
//           kUnavailable (refused, reset, unknown host, TLS), kTimeout, kBadResponse (too large),
//           kInvalidConfig (a URL that must not be used). Error::vendor_code is kNotSent when
//           nothing of the request can have reached anybody who acts on it. A request other than
//           GET is sent once, never again by the transport itself.
// Test seam: this.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace falaj::http {

inline constexpr std::string_view kNotSent = "not sent";

class Headers {
 public:
  void add(std::string name, std::string value);
  // The first value of that name, any case.
  std::optional<std::string> find(std::string_view name) const;
  void clear() { fields_.clear(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;  // capacity leaves 64 bytes behind the end for parsers that read ahead
};

class Transport {
 public:
  using Done = std::function<void(Result<HttpResponse>)>;
  virtual ~Transport() = default;
  virtual void start(HttpRequest request, Done done) = 0;
  // Moves data and calls back what is done; waits at most `wait` for something to happen.
  virtual void poll(std::chrono::milliseconds wait) = 0;
  virtual size_t in_flight() const = 0;
  // Ends what is in flight: each is called back with the reason.
  virtual void drop_all(const Error& /*reason*/) {}
};

// True for 127.0.0.0/8, ::1 and localhost: the only hosts that plain http may go to.
bool is_loopback_url(std::string_view url);
// Refuses what is neither https nor plain http to this machine.
Status check_url(std::string_view url);

}  // namespace falaj::http
