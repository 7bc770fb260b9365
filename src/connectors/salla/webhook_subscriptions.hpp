// One store's subscriptions to events, over its API.
// Shape:    one event a subscription; the same URL again updates or restores it; strategy and secret
//           are set by PUT.
// Threads:  confined to the client's.
// Errors:   of the API; kBadResponse for an answer without an id.
// Facts:    salla-api.md 5.1
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/client.hpp"

namespace falaj::connectors::salla {

struct WebhookSubscription {
  int64_t id = 0;
  std::string event;
  std::string url;
};

// How deliveries are proved.
struct WebhookProof {
  std::string strategy;  // "signature", "token", "none"
  Secret secret;
};

class WebhookSubscriptions {
 public:
  // The client must outlive it.
  WebhookSubscriptions(http::Client& client, WebhookProof proof)
      : client_(client), proof_(std::move(proof)) {}

  Result<std::vector<WebhookSubscription>> list();
  Result<WebhookSubscription> subscribe(const std::string& event, const std::string& url);
  // One that is gone already counts as removed.
  Status remove(int64_t id);

 private:
  http::Client& client_;
  WebhookProof proof_;
};

// Whatever slash it ends with.
bool is_same_address(std::string_view one, std::string_view other);

// Events that falaj does something about.
std::vector<std::string> useful_events();

}  // namespace falaj::connectors::salla
