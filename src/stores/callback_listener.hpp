// Where a merchant's browser comes back to: a port of this machine. app serves it.
// Threads:  the answer is called from the listener's thread; start() and stop() from one.
// Errors:   kUnavailable: the port is taken.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace falaj::stores {

class CallbackListener {
 public:
  struct Request {
    std::string method;
    std::string path;
    std::function<std::string(std::string_view name)> parameter;  // empty where there is none
  };
  struct Page {
    int status = 200;
    std::string html;
  };
  using Answer = std::function<Page(const Request&)>;

  virtual ~CallbackListener() = default;
  // Port 0: chosen by the system. Returns the port.
  virtual Result<uint16_t> start(uint16_t port, Answer answer) = 0;
  // Once it has returned, `answer` is not called any more.
  virtual void stop() = 0;
};

}  // namespace falaj::stores
