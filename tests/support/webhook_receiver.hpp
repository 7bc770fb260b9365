// A running `falaj webhooks serve` on a free port of this machine.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>

#include "support/programs.hpp"

namespace falaj::test {

class Receiver {
 public:
  explicit Receiver(const Falaj& falaj) {
    auto started = falaj.start({"webhooks", "serve", "--port", "0"});
    EXPECT_TRUE(started.ok());
    if (!started.ok()) return;
    process_.emplace(std::move(*started));
    const auto line = process_->read_line(std::chrono::seconds(60));
    EXPECT_TRUE(line.ok());
    url_ = line.ok() ? line->substr(line->find("http://")) : "";
    port_ = static_cast<uint16_t>(std::atoi(url_.c_str() + url_.find(':', 6) + 1));
  }
  const std::string& url() const { return url_; }
  uint16_t port() const { return port_; }
  ChildProcess& process() { return *process_; }

 private:
  std::optional<ChildProcess> process_;
  std::string url_;
  uint16_t port_ = 0;
};

// Returns when everything that the store has sent is delivered or given up: what became of it.
inline Json wait_for_deliveries(SimStore& store) {
  Json state = store.get("/_sim/webhooks");
  while (state["waiting"].as_int() > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    state = store.get("/_sim/webhooks");
  }
  return state;
}

}  // namespace falaj::test
