// What `falaj webhooks` asks of the program behind it; app fills it in.
// Threads:  called from the main thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "home/home.hpp"

namespace falaj::operate {

struct WebhookServeRequest {
  std::optional<int64_t> port;  // instead of the settings'
  std::string address;          // empty: the settings'
  std::string path;
};

// What a receiver did while it ran.
struct WebhookServeReport {
  int64_t kept = 0;
  int64_t repeated = 0;
  int64_t malformed = 0;
  int64_t not_genuine = 0;
  int64_t failed = 0;
};

struct WebhookRegisterRequest {
  std::string url;
  std::vector<std::string> events;  // empty: every event that falaj makes use of
  std::vector<std::string> stores;  // names or ids; empty: all of the home
};

struct WebhookRemoveRequest {
  std::string url;  // all that deliver there; or
  int64_t id = 0;
  std::vector<std::string> stores;
};

struct WebhookView {
  std::string store;
  int64_t id = 0;
  std::string event;
  std::string url;
  std::string state;  // registered: what was done: "made", "kept", "failed: ..."
};

struct WebhookServices {
  // Calls `on_listening` with the URL, then runs until a signal.
  std::function<Result<WebhookServeReport>(
      const home::Home& home, const WebhookServeRequest&,
      const std::function<void(const std::string& url)>& on_listening)>
      serve;
  std::function<Result<std::vector<WebhookView>>(const home::Home& home,
                                                 const std::vector<std::string>& stores)>
      list;
  std::function<Result<std::vector<WebhookView>>(const home::Home& home,
                                                 const WebhookRegisterRequest&)>
      add;
  // What was removed.
  std::function<Result<std::vector<WebhookView>>(const home::Home& home,
                                                 const WebhookRemoveRequest&)>
      remove;
};

}  // namespace falaj::operate
