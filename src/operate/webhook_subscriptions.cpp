#include "operate/webhook_subscriptions.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>

#include "base/text_file.hpp"
#include "connectors/salla/webhook_subscriptions.hpp"
#include "stores/store_access.hpp"
#include "stores/store_client.hpp"

namespace falaj::operate {
namespace {

using connectors::salla::is_same_address;
using connectors::salla::useful_events;
using connectors::salla::WebhookSubscription;

// One store's subscriptions as lines of a report.
class SubscribedStore {
 public:
  SubscribedStore(const home::Home& home, const stores::StoreAccess& access)
      : api_(home, access, stores::known_store_id(home, access), {}), name_(access.name) {
    proof_ = {home.settings().webhooks_strategy, home.settings().webhook_secret};
  }

  Status open() {
    FALAJ_TRY(api_.ask_who());
    if (!api_.info().name.empty()) name_ = api_.info().name;
    return {};
  }

  Result<std::vector<WebhookView>> list() {
    FALAJ_ASSIGN(const auto hooks, subscriptions().list());
    std::vector<WebhookView> views;
    for (const auto& hook : hooks) views.push_back(view(hook, "active"));
    return views;
  }

  // Subscribes and sets how deliveries are proved; "made" unless `known` has it.
  WebhookView add(const std::string& event, const std::string& url,
                  const std::vector<WebhookView>& known) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const auto& hook) {
      return hook.event == event && is_same_address(hook.url, url);
    });
    // In the words of the subscription that is there: Salla takes another spelling for another one.
    auto made = subscriptions().subscribe(event, found != known.end() ? found->url : url);
    if (made.ok()) return view(*made, found != known.end() ? "kept" : "made");
    return {name_, 0, event, url, "failed: " + made.error().to_text()};
  }

  WebhookView remove(WebhookView hook) {
    const auto gone = subscriptions().remove(hook.id);
    hook.state = gone.ok() ? "removed" : "failed: " + gone.error().to_text();
    return hook;
  }

 private:
  connectors::salla::WebhookSubscriptions subscriptions() { return {api_.client(), proof_}; }
  WebhookView view(const WebhookSubscription& hook, std::string state) const {
    return {name_, hook.id, hook.event, hook.url, std::move(state)};
  }

  stores::StoreClient api_;
  std::string name_;
  connectors::salla::WebhookProof proof_;
};

using Work = std::function<Status(SubscribedStore&, std::vector<WebhookView>&)>;

Result<std::vector<WebhookView>> at_each_store(const home::Home& home,
                                               const std::vector<std::string>& chosen,
                                               const Work& work) {
  FALAJ_ASSIGN(const auto stores, stores::stores_to_read(home, chosen));
  std::vector<WebhookView> all;
  for (const auto& access : stores) {
    SubscribedStore store(home, access);
    FALAJ_TRY(store.open());
    FALAJ_TRY(work(store, all).while_doing("at " + access.name));
  }
  return all;
}

}  // namespace

Result<std::vector<WebhookView>> list_webhooks(const home::Home& home,
                                               const std::vector<std::string>& stores) {
  return at_each_store(home, stores, [](auto& at, auto& all) -> Status {
    FALAJ_ASSIGN(auto hooks, at.list());
    std::move(hooks.begin(), hooks.end(), std::back_inserter(all));
    return {};
  });
}

Result<std::vector<WebhookView>> register_webhooks(const home::Home& home,
                                                   const WebhookRegisterRequest& request) {
  if (home.settings().webhooks_strategy != "none" && home.settings().webhook_secret.empty()) {
    return Error(ErrorKind::kInvalidConfig,
                 "no secret to register: set SALLA_WEBHOOK_SECRET in the environment or in .env");
  }
  const auto events = request.events.empty() ? useful_events() : request.events;
  return at_each_store(home, request.stores, [&](auto& at, auto& all) -> Status {
    FALAJ_ASSIGN(const auto known, at.list());
    for (const auto& event : events)
      all.push_back(at.add(event, std::string(trimmed(request.url)), known));
    return {};
  });
}

Result<std::vector<WebhookView>> remove_webhooks(const home::Home& home,
                                                 const WebhookRemoveRequest& request) {
  return at_each_store(home, request.stores, [&](auto& at, auto& all) -> Status {
    FALAJ_ASSIGN(auto hooks, at.list());
    for (auto& hook : hooks) {
      const bool is_meant =
          request.id != 0 ? hook.id == request.id : is_same_address(hook.url, trimmed(request.url));
      if (is_meant) all.push_back(at.remove(std::move(hook)));
    }
    return {};
  });
}

}  // namespace falaj::operate
