#include "stores/token_keeper.hpp"

#include "base/log.hpp"
#include "connectors/salla/store_info.hpp"
#include "http/curl_transport.hpp"
#include "http/verdict.hpp"

namespace falaj::stores {
namespace {

using namespace std::chrono_literals;
using state::StoreState;

// After a renewal that failed while the token can still be used.
constexpr Micros kTryAgainAfter = 10min;
// A token that is refused so soon after it was issued is not refused for its age.
constexpr Micros kTooYoungToRefuse = 10min;
constexpr Micros kGoodFor = 10min;

http::CurlOptions short_options() {
  http::CurlOptions options;
  options.total_timeout = 30s;
  return options;
}

Error with_advice(const Error& why, const std::string& advice) {
  Error error(why.kind(), fmt::format("{}: {}", why.message(), advice));
  error.http_status = why.http_status;
  error.vendor_code = why.vendor_code;
  return error;
}

}  // namespace

struct TokenKeeper::Connections {
  explicit Connections(state::TokenVault opened) : vault(std::move(opened)) {}
  state::TokenVault vault;
  http::CurlTransport transport{short_options()};
};

TokenKeeper::TokenKeeper(const home::Home& home, state::VaultStore store, state::StoreTokens tokens)
    : home_(home), store_(std::move(store)), tokens_(std::move(tokens)) {
  if (store_.state == StoreState::kBurnt || store_.state == StoreState::kUninstalled) {
    dead_ = Error(ErrorKind::kAuthFailed,
                  fmt::format("the tokens of the store {} ({}) are {}: {}; {}", store_.name,
                              store_.id.value(), to_string(store_.state), store_.state_reason,
                              way_to_new_tokens(store_)));
  }
}

TokenKeeper::~TokenKeeper() = default;

Result<TokenKeeper::Connections*> TokenKeeper::connections() {
  if (connections_ == nullptr) {
    FALAJ_ASSIGN(auto vault, state::TokenVault::open(home_.paths().root, home_.vault_key_place()));
    connections_ = std::make_unique<Connections>(std::move(vault));
  }
  return connections_.get();
}

Result<state::StoreTokens> TokenKeeper::refresh(RefreshReason reason) {
  FALAJ_ASSIGN(auto* open, connections());
  const RefreshParts parts{home_.paths().state(), open->vault,      open->transport,
                           home_.clock(),         oauth_app(home_), home_.stop()};
  return refresh_tokens(parts, store_.id, reason, tokens_.access);
}

Result<Secret> TokenKeeper::token() {
  if (dead_) return *dead_;
  const auto now = home_.clock().now();
  if (!is_due(tokens_, now) || now < next_try_) return tokens_.access;
  auto renewed = refresh(RefreshReason::kDue);
  next_try_ = now + kTryAgainAfter;
  if (renewed.ok()) {
    tokens_ = std::move(*renewed);
    return tokens_.access;
  }
  if (!has_ended(tokens_, now)) {
    log_warn("{}; the token can be used until {}", renewed.error().to_text(),
             to_iso8601(*tokens_.expires_at));
    return tokens_.access;
  }
  if (!is_retryable(renewed.error().kind())) dead_ = renewed.error();
  return std::move(renewed).error();
}

Status TokenKeeper::look_into_vault() {
  FALAJ_ASSIGN(auto* open, connections());
  FALAJ_ASSIGN(tokens_, open->vault.tokens(store_.id));
  return {};
}

bool TokenKeeper::is_taken_by_store_info() {
  if (home_.clock().now() < known_good_until_) return true;
  const auto open = connections();
  if (!open.ok()) return false;
  http::HttpRequest request;
  request.url = home_.settings().api_base_url + extract::kStoreInfoRequest;
  request.headers = {{"Authorization", "Bearer " + tokens_.access.expose()},
                     {"Accept", "application/json"}};
  std::optional<Result<http::HttpResponse>> answer;
  (*open)->transport.start(std::move(request), [&](Result<http::HttpResponse> result) {
    answer.emplace(std::move(result));
  });
  while (!answer) (*open)->transport.poll(50ms);
  // Anything but a second refusal leaves the doubt in favour of the token.
  const bool is_refused = answer->ok() && (*answer)->status == 401;
  if (!is_refused) known_good_until_ = home_.clock().now() + kGoodFor;
  return !is_refused;
}

Result<Secret> TokenKeeper::replace(const Secret& refused, const Error& why) {
  if (dead_) return *dead_;
  if (refused != tokens_.access) return tokens_.access;
  FALAJ_TRY(look_into_vault());
  if (refused != tokens_.access) {
    known_good_until_ = {};
    return tokens_.access;
  }
  if (connectors::salla::says_missing_scope(why)) return why;
  if (tokens_.refresh.empty()) {
    if (is_taken_by_store_info()) return why;
    return with_advice(why, way_to_new_tokens(store_));
  }
  const auto now = home_.clock().now();
  if (renewed_at_ && now < *renewed_at_ + kTooYoungToRefuse) {
    return with_advice(why,
                       "a token that was issued a moment ago is refused too; is the app "
                       "installed in the store, and the account active?");
  }
  // The text of a 401 may be in any language: only a second question tells a token that is dead
  // from one that lacks a scope, and only for a dead one is a refresh token spent.
  if (!has_ended(tokens_, now) && is_taken_by_store_info()) {
    return with_advice(why,
                       "the store takes this token elsewhere, so a scope is missing or the "
                       "request is not allowed");
  }
  auto renewed = refresh(RefreshReason::kRefused);
  if (!renewed.ok()) {
    if (!is_retryable(renewed.error().kind())) dead_ = renewed.error();
    return std::move(renewed).error();
  }
  renewed_at_ = now;
  known_good_until_ = {};
  tokens_ = std::move(*renewed);
  return tokens_.access;
}

Result<Secret> VariableToken::replace(const Secret& /*refused*/, const Error& why) {
  if (connectors::salla::says_missing_scope(why)) return why;
  return with_advice(why, "set a valid one in SALLA_API_TOKEN");
}

connectors::salla::OauthApp oauth_app(const home::Home& home) {
  auto url = home.settings().accounts_url;
  while (url.ends_with('/')) url.pop_back();
  return {std::move(url), home.settings().client_id, home.settings().client_secret};
}

}  // namespace falaj::stores
