#include "connectors/salla/webhook_subscriptions.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "connectors/salla/webhook_rules.hpp"

namespace falaj::connectors::salla {
namespace {

constexpr int64_t kHooksAPage = 60;

}  // namespace

Result<std::vector<WebhookSubscription>> WebhookSubscriptions::list() {
  std::vector<WebhookSubscription> hooks;
  for (int64_t page = 1, pages = 1; page <= pages; ++page) {
    FALAJ_ASSIGN(const auto answer,
                 client_.get(fmt::format("/webhooks?page={}&per_page={}", page, kHooksAPage)));
    FALAJ_ASSIGN(const auto body, Json::parse(answer.body).while_doing("reading /webhooks"));
    for (const auto& hook : body["data"].as_array())
      hooks.push_back({hook["id"].as_int(), hook["event"].as_string(), hook["url"].as_string()});
    pages = body["pagination"]["totalPages"].as_int(1);
  }
  return hooks;
}

Result<WebhookSubscription> WebhookSubscriptions::subscribe(const std::string& event,
                                                            const std::string& url) {
  Json body;
  body.set("name", "falaj " + event);
  body.set("event", event);
  body.set("url", url);
  body.set("version", 2);
  body.set("security_strategy", proof_.strategy);
  if (proof_.strategy != "none") body.set("secret", proof_.secret.expose());
  FALAJ_ASSIGN(const auto made, client_.send("POST", "/webhooks/subscribe", body.dump()));
  FALAJ_ASSIGN(const auto answer, Json::parse(made.body).while_doing("reading the subscription"));
  const auto id = answer["data"]["id"].as_int();
  if (id <= 0) {
    return Error(ErrorKind::kBadResponse, "the subscription has no id: " + excerpt(made.body, 120));
  }
  FALAJ_TRY(client_.send("PUT", fmt::format("/webhooks/{}", id), body.dump()));
  return WebhookSubscription{id, event, url};
}

Status WebhookSubscriptions::remove(int64_t id) {
  auto gone = client_.send("DELETE", fmt::format("/webhooks/unsubscribe?id={}", id), "");
  if (gone.ok() || gone.error().kind() == ErrorKind::kNotFound) return {};
  return std::move(gone).error();
}

bool is_same_address(std::string_view one, std::string_view other) {
  const auto bare = [](std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    return url;
  };
  return bare(one) == bare(other);
}

std::vector<std::string> useful_events() {
  std::vector<std::string> events;
  for (const auto& rule : webhook_rules()) {
    // App events come without being asked for; two product events are given up by Salla.
    const bool is_left_out = rule.action == WebhookAction::kIgnore ||
                             rule.action == WebhookAction::kCredentials ||
                             rule.event == "product.updated" || rule.event == "product.available";
    if (!is_left_out) events.emplace_back(rule.event);
  }
  return events;
}

}  // namespace falaj::connectors::salla
