// The port that a merchant's browser comes back to, served over HTTP.
// Threads:  see stores/callback_listener.hpp.
#pragma once

#include <memory>

#include "http_server/server.hpp"
#include "stores/callback_listener.hpp"

namespace falaj::app {

class CallbackServer final : public stores::CallbackListener {
 public:
  Result<uint16_t> start(uint16_t port, Answer answer) override;
  void stop() override;

 private:
  std::unique_ptr<http_server::Server> server_;
};

}  // namespace falaj::app
