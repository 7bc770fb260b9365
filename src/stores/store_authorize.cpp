#include "stores/store_authorize.hpp"

#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <random>
#include <set>

#include "base/child_process.hpp"
#include "base/log.hpp"
#include "home/demo_mark.hpp"
#include "home/home.hpp"
#include "home/secret_keeping.hpp"
#include "http/curl_transport.hpp"
#include "stores/home_streams.hpp"
#include "stores/store_access.hpp"
#include "stores/store_client.hpp"
#include "stores/store_commands.hpp"
#include "stores/token_keeper.hpp"

namespace falaj::stores {
namespace {

constexpr const char* kCallback = "/callback";

// What the browser brought back, first come.
class CallbackResult {
 public:
  void give(Result<Secret> code) {
    const std::lock_guard lock(mutex_);
    if (!code_) code_.emplace(std::move(code));
    arrived_.notify_all();
  }
  Result<Secret> wait(int64_t seconds, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    const bool has_come = arrived_.wait_for(lock, stop, std::chrono::seconds(seconds),
                                            [this] { return code_.has_value(); });
    if (has_come) return *code_;
    if (stop.stop_requested())
      return Error(ErrorKind::kCancelled, "asked to stop before the browser came back");
    return Error(ErrorKind::kTimeout,
                 fmt::format("the browser did not come back within {} s; try again, or give the "
                             "merchant more time with --wait",
                             seconds));
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any arrived_;
  std::optional<Result<Secret>> code_;
};

CallbackListener::Page page(int status, const std::string& text) {
  return {status, "<!DOCTYPE html><title>falaj</title><p>" + text + "</p>"};
}

// A code that comes with another state was not asked for here: somebody else's, or an install that
// began at Salla. It is refused, and the waiting goes on.
CallbackListener::Page receive(const CallbackListener::Request& request, const std::string& state,
                               CallbackResult& result) {
  if (request.path != kCallback || request.method != "GET") return page(404, "Not found.");
  if (!connectors::salla::is_same_state(state, request.parameter("state"))) {
    return page(400,
                "This did not begin with <code>falaj store authorize</code>. Open the address that "
                "it printed.");
  }
  if (const auto problem = request.parameter("error"); !problem.empty()) {
    result.give(Error(ErrorKind::kNotAllowed,
                      fmt::format("the merchant did not allow the app: {}", excerpt(problem, 80))));
    return page(200, "Nothing was allowed. You may close this page.");
  }
  const auto code = request.parameter("code");
  if (code.empty()) return page(400, "There is no code in this address.");
  result.give(Secret(code));
  return page(200, "Thank you. falaj goes on; you may close this page.");
}

// Groups of hex digits.
std::string random_state() {
  std::random_device device;
  return fmt::format("{:08x}-{:08x}-{:08x}-{:08x}", device(), device(), device(), device());
}

Result<std::string> needed_scopes(const home::Home& home) {
  FALAJ_ASSIGN(const auto streams, home_streams(home.paths()));
  std::set<std::string> scopes;
  for (const auto& stream : streams) {
    if (!stream.scope.empty()) scopes.insert(stream.scope);
  }
  std::string text = "offline_access";
  for (const auto& scope : scopes) text += " " + scope;
  return text;
}

// Where there is a screen; the address was printed even so.
void open_browser(const std::string& url) {
  if (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr) return;
  if (::access("/usr/bin/xdg-open", X_OK) != 0) return;
  auto child = ChildProcess::start(
      {.command = {"/usr/bin/xdg-open", url}, .withheld = home::secret_variables()});
  if (child.ok()) child->wait();
}

// The code that the merchant's browser brings, and the address it was brought to.
struct AuthorizationCode {
  Secret code;
  std::string redirect_url;
};

Result<AuthorizationCode> ask_merchant(const home::Home& home,
                                       const connectors::salla::OauthApp& app,
                                       const AuthorizeRequest& request, const ShowAddress& show,
                                       CallbackListener& listener) {
  auto scopes = request.scopes;
  if (scopes.empty()) {
    FALAJ_ASSIGN(scopes, needed_scopes(home));
  }
  const auto state = random_state();
  CallbackResult result;
  FALAJ_ASSIGN(const auto port, listener.start(static_cast<uint16_t>(request.port),
                                               [&](const CallbackListener::Request& received) {
                                                 return receive(received, state, result);
                                               }));
  const auto own = fmt::format("http://127.0.0.1:{}{}", port, kCallback);
  const auto redirect_url = request.redirect_url.empty() ? own : request.redirect_url;
  const auto url = connectors::salla::authorize_url(app, {scopes, redirect_url, state});
  show(url, redirect_url);
  if (request.opens_browser) open_browser(url);
  auto code = result.wait(request.seconds, home.stop());
  listener.stop();
  FALAJ_ASSIGN(auto brought, std::move(code));
  return AuthorizationCode{std::move(brought), redirect_url};
}

}  // namespace

Result<state::VaultStore> authorize_store(const home::Home& home, const AuthorizeRequest& request,
                                          const ShowAddress& show, CallbackListener& listener) {
  FALAJ_TRY(home::refuse_demo_home(home.paths().root, "authorizing a store"));
  FALAJ_TRY(check_api_settings(home.settings()));
  FALAJ_TRY(
      http::check_url(home.settings().accounts_url).while_doing("checking SALLA_ACCOUNTS_URL"));
  FALAJ_TRY(state::check_store_name(request.name));
  const auto app = oauth_app(home);
  if (app.client_id.empty() || app.client_secret.empty()) {
    return Error(ErrorKind::kInvalidConfig,
                 "SALLA_CLIENT_ID and SALLA_CLIENT_SECRET are not set: take both from the app in "
                 "the Salla partner portal");
  }
  // Everything that can fail here fails before the merchant is asked.
  FALAJ_ASSIGN(auto vault, state::TokenVault::open(home.paths().root, home.vault_key_place()));
  FALAJ_TRY(vault.key());
  FALAJ_ASSIGN(const auto brought, ask_merchant(home, app, request, show, listener));

  http::CurlTransport transport{http::CurlOptions{}};
  FALAJ_ASSIGN(const auto grant,
               connectors::salla::code_grant(transport, home.clock(), app, brought.code,
                                             brought.redirect_url)
                   .while_doing("a code is good once: `falaj store authorize` again"));
  if (grant.refresh.empty()) {
    log_warn(
        "{}: Salla gave no refresh token, so this access ends with its token; offline_access "
        "must be among the scopes",
        request.name);
  }
  FALAJ_ASSIGN(
      const auto info,
      ask_store(home, grant.access).while_doing("asking who the store is; authorise it again"));
  state::VaultStore store;
  store.id = StoreId(info.id);
  store.name = request.name;
  store.title = info.name;
  store.plan = info.plan;
  store.origin = state::StoreOrigin::kAuthorized;
  store.added_at = home.clock().now();
  FALAJ_TRY(put_store(vault, home.paths().root + "/state", home.clock(), store,
                      to_store_tokens(grant, home.clock().now()), home.stop()));
  return vault.find(request.name);
}

}  // namespace falaj::stores
