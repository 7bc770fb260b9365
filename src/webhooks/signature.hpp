// Decides whether a delivery comes from the one who knows the secret.
// Shape:    the strategy is ours to choose; what the request says of itself is not asked.
// Threads:  a value, constant after construction.
// Facts:    salla-api.md 5.4: X-Salla-Signature is the HMAC-SHA256 of the raw body, 64 lower-case
//           hex digits, by some senders after "sha256="; with the token strategy Authorization is
//           the secret itself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "http_server/request.hpp"

namespace falaj::webhooks {

enum class Strategy { kSignature, kToken, kNone };

// Secrets in force: the current one, and the one before while it is being replaced.
struct Secrets {
  std::vector<Secret> general;
  std::map<int64_t, std::vector<Secret>> of_store;  // instead of the general ones
};

// "1305146709=secret;1305146710=another" to secrets by store.
Result<std::map<int64_t, std::vector<Secret>>> parse_store_secrets(const std::string& text);

class SignatureCheck {
 public:
  // kInvalidConfig when the strategy needs a secret and there is none.
  static Result<SignatureCheck> create(Strategy strategy, Secrets secrets);

  // Whether secrets depend on the store, so that it must be known before anything is checked.
  bool depends_on_store() const { return !secrets_.of_store.empty(); }
  // `store` is who the body says that it is of; nothing when it does not say.
  bool is_genuine(const http_server::Request& request, std::optional<int64_t> store) const;

 private:
  SignatureCheck(Strategy strategy, Secrets secrets)
      : strategy_(strategy), secrets_(std::move(secrets)) {}

  Strategy strategy_;
  Secrets secrets_;
};

}  // namespace falaj::webhooks
