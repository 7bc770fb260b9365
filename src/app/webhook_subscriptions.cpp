#include "app/webhook_subscriptions.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <string_view>

#include "app/quota_books.hpp"
#include "app/store_access.hpp"
#include "base/json.hpp"
#include "base/text_file.hpp"
#include "base/ulid.hpp"
#include "connectors/salla/webhook_rules.hpp"
#include "home/home.hpp"
#include "home/interrupt.hpp"
#include "http/client.hpp"
#include "http/curl_transport.hpp"

namespace falaj::app {
namespace {

using connectors::salla::WebhookAction;

constexpr int64_t kHooksAPage = 60;

// Whatever slash it ends with.
bool is_same_address(std::string_view one, std::string_view other) {
  const auto bare = [](std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    return url;
  };
  return bare(one) == bare(other);
}

// One store's subscriptions over the API.
class Subscriptions {
 public:
  static Result<std::unique_ptr<Subscriptions>> open(const home::Home& home,
                                                     const StoreAccess& access) {
    FALAJ_ASSIGN(const auto token, access.tokens->token());
    FALAJ_ASSIGN(const auto store, ask_store(home, token));
    return std::make_unique<Subscriptions>(home, access, store);
  }

  Subscriptions(const home::Home& home, const StoreAccess& access, const extract::StoreInfo& store)

      : name_(store.name.empty() ? access.name : store.name), home_(home) {
    http::ClientOptions options;
    options.base_url = home.settings().api_base_url;
    options.tokens = access.tokens;
    options.retry.max_retries = static_cast<int>(home.settings().max_retries);
    options.retry.delay = std::chrono::seconds(home.settings().retry_delay_secs);
    options.retry.rate_limit_delay = std::chrono::seconds(home.settings().rate_limit_delay_secs);
    options.retry.rate_limit_max = std::chrono::seconds(home.settings().rate_limit_secs_max);
    options.random_seed = UlidGenerator::random_seed();
    options.quota = quota_options(home.settings(), std::to_string(store.id));
    client_ =
        std::make_unique<http::Client>(transport_, home_.clock(), std::move(options), home.stop());
  }

  Result<std::vector<operate::WebhookView>> list() {
    std::vector<operate::WebhookView> hooks;
    for (int64_t page = 1, pages = 1; page <= pages; ++page) {
      FALAJ_ASSIGN(const auto answer,
                   client_->get(fmt::format("/webhooks?page={}&per_page={}", page, kHooksAPage)));
      FALAJ_ASSIGN(const auto body, Json::parse(answer.body).while_doing("reading /webhooks"));
      for (const auto& hook : body["data"].as_array()) hooks.push_back(view(hook, "active"));
      pages = body["pagination"]["totalPages"].as_int(1);
    }
    return hooks;
  }

  // Subscribes and sets how deliveries are proved; "made" unless `known` has it.
  operate::WebhookView add(const std::string& event, const std::string& url,
                           const std::vector<operate::WebhookView>& known) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const auto& hook) {
      return hook.event == event && is_same_address(hook.url, url);
    });
    // In the words of the subscription that is there: Salla takes another spelling for another one.
    auto made = subscribe(event, found != known.end() ? found->url : url);
    if (made.ok()) {
      made->state = found != known.end() ? "kept" : "made";
      return std::move(*made);
    }
    return {name_, 0, event, url, "failed: " + made.error().to_text()};
  }

  operate::WebhookView remove(operate::WebhookView hook) {
    auto gone = client_->send("DELETE", fmt::format("/webhooks/unsubscribe?id={}", hook.id), "");
    const bool is_gone = gone.ok() || gone.error().kind() == ErrorKind::kNotFound;
    hook.state = is_gone ? "removed" : "failed: " + gone.error().to_text();
    return hook;
  }

 private:
  operate::WebhookView view(const Json& hook, std::string state) const {
    return {name_, hook["id"].as_int(), hook["event"].as_string(), hook["url"].as_string(),
            std::move(state)};
  }

  Result<operate::WebhookView> subscribe(const std::string& event, const std::string& url) {
    Json body;
    body.set("name", "falaj " + event);
    body.set("event", event);
    body.set("url", url);
    body.set("version", 2);
    body.set("security_strategy", home_.settings().webhooks_strategy);
    if (home_.settings().webhooks_strategy != "none")
      body.set("secret", home_.settings().webhook_secret.expose());
    FALAJ_ASSIGN(const auto made, client_->send("POST", "/webhooks/subscribe", body.dump()));
    FALAJ_ASSIGN(const auto answer, Json::parse(made.body).while_doing("reading the subscription"));
    const auto id = answer["data"]["id"].as_int();
    if (id <= 0) {
      return Error(ErrorKind::kBadResponse,
                   "the subscription has no id: " + excerpt(made.body, 120));
    }
    FALAJ_TRY(client_->send("PUT", fmt::format("/webhooks/{}", id), body.dump()));
    return operate::WebhookView{name_, id, event, url, ""};
  }

  std::string name_;
  const home::Home& home_;
  http::CurlTransport transport_{http::CurlOptions{}};
  std::unique_ptr<http::Client> client_;
};

// What falaj does something about.
std::vector<std::string> useful_events() {
  std::vector<std::string> events;
  for (const auto& rule : connectors::salla::webhook_rules()) {
    // App events come without being asked for; two product events are given up by Salla.
    const bool is_left_out = rule.action == WebhookAction::kIgnore ||
                             rule.action == WebhookAction::kCredentials ||
                             rule.event == "product.updated" || rule.event == "product.available";
    if (!is_left_out) events.emplace_back(rule.event);
  }
  return events;
}

using Work = std::function<Status(Subscriptions&, std::vector<operate::WebhookView>&)>;

Result<std::vector<operate::WebhookView>> at_each_store(const home::Home& home,
                                                        const std::vector<std::string>& chosen,
                                                        const Work& work) {
  FALAJ_ASSIGN(const auto stores, stores_to_read(home, chosen));
  std::vector<operate::WebhookView> all;
  for (const auto& access : stores) {
    FALAJ_ASSIGN(const auto subscriptions, Subscriptions::open(home, access));
    FALAJ_TRY(work(*subscriptions, all).while_doing("at " + access.name));
  }
  return all;
}

}  // namespace

Result<std::vector<operate::WebhookView>> list_webhooks(const home::Home& home,
                                                        const std::vector<std::string>& stores) {
  return at_each_store(home, stores, [](auto& at, auto& all) -> Status {
    FALAJ_ASSIGN(auto hooks, at.list());
    std::move(hooks.begin(), hooks.end(), std::back_inserter(all));
    return {};
  });
}

Result<std::vector<operate::WebhookView>> register_webhooks(
    const home::Home& home, const operate::WebhookRegisterRequest& request) {
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

Result<std::vector<operate::WebhookView>> remove_webhooks(
    const home::Home& home, const operate::WebhookRemoveRequest& request) {
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

}  // namespace falaj::app
