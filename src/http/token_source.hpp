// Where the client takes the access token of each request from. A token may be renewed while
// requests run: those under way go on, those after them are sent with the new one.
// Threads:  confined to the client's.
// Errors:   one of token() ends the request that asked for it, without being sent.
// Test seam: this.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

namespace falaj::http {

class TokenSource {
 public:
  virtual ~TokenSource() = default;
  // The token to send now. May renew it first, which takes a request of its own.
  virtual Result<Secret> token() = 0;
  // The API answered 401 to `refused`, and `why` says how. Another token to try once more with, or
  // the error that the request ends with: `why`, or one that knows more.
  virtual Result<Secret> replace(const Secret& refused, const Error& why) = 0;
};

// One token for ever.
class FixedToken final : public TokenSource {
 public:
  explicit FixedToken(Secret token) : token_(std::move(token)) {}
  Result<Secret> token() override { return token_; }
  Result<Secret> replace(const Secret& /*refused*/, const Error& why) override { return why; }

 private:
  Secret token_;
};

}  // namespace falaj::http
