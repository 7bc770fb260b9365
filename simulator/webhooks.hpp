// The simulated stores' webhooks: subscriptions, made through the API as an app makes them, and
// events to them, as true or as troubled as a test asks for.
// Shape:    docs/salla-sim.md, "Webhooks".
// Threads:  confined to one; deliveries go out on the sender's thread.
// Facts:    salla-api.md 5
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "http_server/request.hpp"
#include "http_server/response.hpp"
#include "simulator/api.hpp"
#include "simulator/random_stream.hpp"
#include "simulator/webhook_events.hpp"
#include "simulator/webhook_sender.hpp"

namespace falaj::simulator {

// How events are sent, and what befalls them on the way. Rates are from 0 to 1, by chance.
struct WebhookBehaviour {
  std::string strategy = "signature";  // of hooks that do not say: signature, token, none
  std::string secret = "sim-webhook-secret";
  std::string dates = "javascript";  // created_at: javascript, naive, iso, or mixed
  double lost = 0;
  double twice = 0;
  double late = 0;
  std::chrono::milliseconds late_by{1000};
  std::chrono::hours late_hours{0};  // above 0: late ones wait for the store's clock instead
  double wrong_signature = 0;
  bool is_shuffled = false;  // the events of one change go out in any order
  int retries = 3;
  std::chrono::milliseconds retry_delay{300'000};
  uint64_t seed = 1;
};

class Webhooks {
 public:
  explicit Webhooks(double time_scale);

  // /webhooks, /webhooks/events, /webhooks/subscribe, /webhooks/unsubscribe, /webhooks/{id}.
  static bool is_path(std::string_view path);
  http_server::Response answer(const http_server::Request& request, std::string_view path,
                               const StoreSlot& slot, const Quirks& quirks);
  // /_sim/webhooks.
  http_server::Response control(const http_server::Request& request, const Json& body,
                                int64_t store, UtcTime now);

  bool has_subscribers(int64_t store) const;
  // Sends events of one store to the hooks that want them.
  void emit(int64_t store, int64_t merchant, UtcTime now, std::vector<StoreEvent> events);

 private:
  struct Hook {
    int64_t id = 0;
    int64_t store = 0;
    std::string name;
    std::string event;  // "*": every event (made by control alone)
    std::string url;
    int64_t version = 2;
    std::string rule;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string strategy;  // empty: as WebhookBehaviour says
    std::string secret;
  };
  http_server::Response subscribe(const Json& body, int64_t store, const Quirks& quirks);
  http_server::Response update(const Json& body, int64_t store, int64_t id);
  http_server::Response list(const http_server::Request& request, int64_t store,
                             const Quirks& quirks) const;
  http_server::Response unsubscribe(const http_server::Request& request, int64_t store);
  Status set_behaviour(const Json& body, int64_t store);
  Json state(int64_t store) const;
  static Json hook_json(const Hook& hook);
  // An event on its way by the store's clock.
  struct Held {
    UtcTime due;
    int64_t store = 0;
    std::string event;
    std::string body;
  };
  bool wants(const Hook& hook, int64_t store, const std::string& event) const;
  // Sends what has waited long enough.
  void release(UtcTime now);
  void send(std::vector<Delivery> deliveries);
  Delivery delivery_of(const Hook& hook, const std::string& body, bool is_signed_wrong) const;
  std::string envelope(const StoreEvent& event, int64_t merchant, UtcTime now);

  double time_scale_;
  WebhookBehaviour behaviour_;
  std::vector<Hook> hooks_;
  std::vector<Held> held_;
  int64_t next_id_ = 1;
  RandomStream random_{1, 0x40, 0};
  int64_t emitted_ = 0;
  int64_t lost_ = 0;
  std::unique_ptr<WebhookSender> sender_;
};

}  // namespace falaj::simulator
