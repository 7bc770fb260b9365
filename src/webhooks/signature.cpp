#include "webhooks/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/hmac.hpp"

namespace falaj::webhooks {
namespace {

bool is_signed_with(const Secret& secret, std::string_view signature, std::string_view body) {
  return equal_in_constant_time(signature, to_hex(hmac_sha256(secret.expose(), body)));
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (auto& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

Result<std::map<int64_t, std::vector<Secret>>> parse_store_secrets(const std::string& text) {
  std::map<int64_t, std::vector<Secret>> secrets;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto entry = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    if (entry.empty()) continue;
    const auto equals = entry.find('=');
    int64_t store = 0;
    const auto name = entry.substr(0, equals);
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), store);
    if (equals == std::string_view::npos || equals + 1 == entry.size() || problem != std::errc() ||
        end != name.data() + name.size()) {
      return Error(ErrorKind::kInvalidConfig,
                   "SALLA_WEBHOOK_STORE_SECRETS takes STORE_ID=SECRET pairs with ; between them");
    }
    secrets[store].emplace_back(std::string(entry.substr(equals + 1)));
  }
  return secrets;
}

Result<SignatureCheck> SignatureCheck::create(Strategy strategy, Secrets secrets) {
  std::erase_if(secrets.general, [](const Secret& secret) { return secret.empty(); });
  if (strategy != Strategy::kNone && secrets.general.empty() && secrets.of_store.empty()) {
    return Error(ErrorKind::kInvalidConfig,
                 "webhooks cannot be checked without a secret: set SALLA_WEBHOOK_SECRET in the "
                 "environment or in .env, to what the app's webhook settings say; or say "
                 "webhooks.strategy = \"none\" to take whatever anybody sends");
  }
  return SignatureCheck(strategy, std::move(secrets));
}

bool SignatureCheck::is_genuine(const http_server::Request& request,
                                std::optional<int64_t> store) const {
  if (strategy_ == Strategy::kNone) return true;
  const std::vector<Secret>* secrets = &secrets_.general;
  if (store) {
    const auto own = secrets_.of_store.find(*store);
    if (own != secrets_.of_store.end()) secrets = &own->second;
  }
  if (strategy_ == Strategy::kToken) {
    const auto given = request.header("Authorization").value_or("");
    bool matches = false;
    for (const auto& secret : *secrets) {
      matches = equal_in_constant_time(given, secret.expose()) || matches;
    }
    return matches;
  }
  auto given = lower_case(request.header("X-Salla-Signature").value_or(""));
  constexpr std::string_view kPrefix = "sha256=";
  if (given.starts_with(kPrefix)) given.erase(0, kPrefix.size());
  bool matches = false;
  for (const auto& secret : *secrets) {
    matches = matches || is_signed_with(secret, given, request.body);
  }
  return matches;
}

}  // namespace falaj::webhooks
