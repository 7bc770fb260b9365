// Delivers events to whoever subscribed, as Salla does: 200 or 201 is delivered, anything else is
// tried again some times. Runs on a thread of its own, so that a slow receiver never holds up the
// simulator.
// Shape:    a delivery is due after its delay; deliveries that are due go out side by side.
// Owns:     the thread, its connections, and what is not delivered yet.
// Threads:  safe.
// Facts:    salla-api.md 5.5
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace falaj::simulator {

struct Delivery {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::chrono::milliseconds delay{0};
  int retries = 3;
  std::chrono::milliseconds retry_delay{300'000};
};

struct DeliveryCounts {
  int64_t waiting = 0;    // not delivered and not given up
  int64_t attempts = 0;   // answered or failed
  int64_t delivered = 0;  // answered 200 or 201
  int64_t given_up = 0;
};

class WebhookSender {
 public:
  WebhookSender();
  ~WebhookSender();
  WebhookSender(const WebhookSender&) = delete;
  WebhookSender& operator=(const WebhookSender&) = delete;

  void send(std::vector<Delivery> deliveries);
  DeliveryCounts counts() const;
  // Forgets what waits, and the counts.
  void clear();

 private:
  using Due = std::chrono::steady_clock::time_point;
  void work(const std::stop_token& stop);
  // What is due by now, at most `room`; holds the mutex.
  std::vector<Delivery> take_due(size_t room);
  // `generation`: when it was sent.
  void finish(Delivery delivery, int status, int64_t generation);

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::multimap<Due, Delivery> waiting_;  // under mutex_, as are the counts
  int64_t in_flight_ = 0;
  int64_t generation_ = 0;  // of clear()
  DeliveryCounts counts_;
  std::jthread thread_;
};

}  // namespace falaj::simulator
