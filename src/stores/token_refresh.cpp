#include "stores/token_refresh.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "state/refresh_journal.hpp"

namespace falaj::stores {
namespace {

using namespace std::chrono_literals;
using connectors::salla::TokenGrant;
using state::RefreshJournal;
using state::StoreState;
using state::StoreTokens;
using state::VaultStore;

constexpr Micros kMargin = 24h;
constexpr int kLifeShare = 4;
// Salla gives access tokens for 14 days; assumed where an answer does not say.
constexpr Micros kAssumedLife = 24h * 14;
// Longer than the request of whoever holds the lock may take.
constexpr Micros kPatience = 120s;

std::string label(const VaultStore& store) {
  return fmt::format("the store {} ({})", store.name, store.id.value());
}

Error dead(const VaultStore& store) {
  return Error(ErrorKind::kAuthFailed,
               fmt::format("the tokens of {} are {}: {}; {}", label(store), to_string(store.state),
                           store.state_reason, way_to_new_tokens(store)));
}

Error unclear(const VaultStore& store, const std::string& begun_at) {
  return Error(
      ErrorKind::kOutcomeUnknown,
      fmt::format(
          "{}: a refresh was begun {}and its outcome is not known. Sending the refresh token a "
          "second time could revoke the install, so falaj does not; {}. Where that is not "
          "possible: "
          "`falaj store refresh {} --again` sends it once more, which works if Salla never "
          "executed "
          "the first, and burns the tokens if it did",
          label(store), begun_at.empty() ? "" : "at " + begun_at + " ", way_to_new_tokens(store),
          store.name));
}

// One refresh, from taking the lock to giving it back.
class Refresh {
 public:
  Refresh(const RefreshParts& parts, RefreshJournal journal, VaultStore store, StoreTokens tokens)
      : parts_(parts),
        journal_(std::move(journal)),
        store_(std::move(store)),
        tokens_(std::move(tokens)) {}

  Result<StoreTokens> run(RefreshReason reason, const Secret& seen);
  // Puts an answer that had arrived into the vault, forgets what is over, notes what is unclear.
  Status settle();

 private:
  Result<StoreTokens> send();
  Result<StoreTokens> keep(const StoreTokens& answer);
  Error refused(Error error);
  void mark(StoreState state, const std::string& reason);
  UtcTime now() const { return parts_.clock.now(); }

  const RefreshParts& parts_;
  RefreshJournal journal_;
  VaultStore store_;
  StoreTokens tokens_;
  bool is_unclear_ = false;
  std::string begun_at_;
};

Status Refresh::settle() {
  FALAJ_ASSIGN(const auto key, parts_.vault.key());
  FALAJ_ASSIGN(const auto entry, journal_.read(key));
  if (!entry) return {};
  const bool is_ours =
      entry->fingerprint.empty() || entry->fingerprint == state::fingerprint(tokens_.refresh);
  if (!is_ours) return journal_.clear();  // the vault has gone on
  if (!entry->answer) {
    is_unclear_ = true;
    begun_at_ = entry->begun_at;
    return {};
  }
  FALAJ_ASSIGN(tokens_, keep(*entry->answer));
  return {};
}

Result<StoreTokens> Refresh::run(RefreshReason reason, const Secret& seen) {
  FALAJ_TRY(settle());
  if (tokens_.access != seen) return tokens_;
  if (reason == RefreshReason::kDue && !is_due(tokens_, now())) return tokens_;
  if (store_.state == StoreState::kBurnt || store_.state == StoreState::kUninstalled)
    return dead(store_);
  if (tokens_.refresh.empty()) {
    return Error(ErrorKind::kAuthFailed, fmt::format("the token of {} cannot be refreshed: {}",
                                                     label(store_), way_to_new_tokens(store_)));
  }
  if (is_unclear_ && reason != RefreshReason::kAgain) {
    auto problem = unclear(store_, begun_at_);
    if (store_.state != StoreState::kUnclear) mark(StoreState::kUnclear, problem.message());
    if (reason != RefreshReason::kDue || has_ended(tokens_, now())) return problem;
    log_warn("{}; the access token can be used until {}", problem.message(),
             to_iso8601(*tokens_.expires_at));
    return tokens_;
  }
  return send();
}

Result<StoreTokens> Refresh::send() {
  FALAJ_TRY(journal_.begin(tokens_.refresh, now())
                .while_doing("writing down that a refresh begins; nothing was sent"));
  auto grant =
      connectors::salla::refresh_grant(parts_.transport, parts_.clock, parts_.app, tokens_.refresh);
  if (!grant.ok()) return refused(std::move(grant).error());
  auto answer = to_store_tokens(*grant, now());
  if (answer.scopes.empty()) answer.scopes = tokens_.scopes;
  const auto kept = parts_.vault.key().ok()
                        ? journal_.keep_answer(*parts_.vault.key(), tokens_.refresh, answer, now())
                        : Status(parts_.vault.key().error());
  if (!kept.ok()) log_warn("{}", kept.error().to_text());
  return keep(answer);
}

// The vault may fail where the journal did not, since its room was set aside: the answer is durable
// then, and whoever comes next puts it into the vault.
Result<StoreTokens> Refresh::keep(const StoreTokens& answer) {
  const auto replaced = parts_.vault.replace_tokens(store_.id, answer, tokens_.refresh, now());
  if (replaced.ok()) {
    if (const auto cleared = journal_.clear(); !cleared.ok())
      log_warn("{}", cleared.error().to_text());
    return answer;
  }
  const auto key = parts_.vault.key();
  if (key.ok()) {
    const auto entry = journal_.read(*key);
    if (entry.ok() && *entry && (*entry)->answer) {
      log_warn("the new tokens of {} wait in the refresh journal: {}", label(store_),
               replaced.error().to_text());
      return answer;
    }
  }
  return Error(replaced.error().kind(),
               fmt::format("the new tokens of {} arrived and could not be kept: {}; {}",
                           label(store_), replaced.error().message(), way_to_new_tokens(store_)));
}

Error Refresh::refused(Error error) {
  if (error.kind() == ErrorKind::kOutcomeUnknown) {
    log_debug("{}", error.to_text());
    auto problem = unclear(store_, to_iso8601(now()));
    mark(StoreState::kUnclear, problem.message());
    return std::move(problem).while_doing(error.to_text());
  }
  // Salla has answered, or was never asked: the refresh is over.
  if (error.kind() == ErrorKind::kAuthFailed) {
    mark(StoreState::kBurnt, fmt::format("Salla refused the refresh token at {} ({})",
                                         to_iso8601(now()), error.message()));
    store_.state = StoreState::kBurnt;
    error = dead(store_);
  }
  if (const auto cleared = journal_.clear(); !cleared.ok())
    log_warn("{}", cleared.error().to_text());
  return error;
}

void Refresh::mark(StoreState state, const std::string& reason) {
  store_.state_reason = reason;
  if (const auto marked = parts_.vault.mark(store_.id, state, reason); !marked.ok())
    log_warn("{}", marked.error().to_text());
}

Result<Refresh> begin(const RefreshParts& parts, StoreId store) {
  FALAJ_ASSIGN(auto journal,
               RefreshJournal::open(parts.folder, store, parts.clock, kPatience, parts.stop));
  FALAJ_ASSIGN(auto known, parts.vault.find(store));
  if (!known) {
    return Error(ErrorKind::kNotFound,
                 fmt::format("the store {} is in this home no more", store.value()));
  }
  FALAJ_ASSIGN(auto tokens, parts.vault.tokens(store));
  return Refresh(parts, std::move(journal), std::move(*known), std::move(tokens));
}

}  // namespace

bool is_due(const StoreTokens& tokens, UtcTime now) {
  if (tokens.refresh.empty() || !tokens.expires_at) return false;
  const auto life = std::max(Micros(*tokens.expires_at - tokens.issued_at), Micros(0));
  return now >= *tokens.expires_at - std::min(kMargin, life / kLifeShare);
}

bool has_ended(const StoreTokens& tokens, UtcTime now) {
  return tokens.expires_at && now >= *tokens.expires_at;
}

std::string way_to_new_tokens(const VaultStore& store) {
  switch (store.origin) {
    case state::StoreOrigin::kStaticToken:
      return fmt::format("get a new token and keep it with `falaj store add {} --token-file F`",
                         store.name);
    case state::StoreOrigin::kAuthorized:
      return fmt::format("let the merchant allow the app again: `falaj store authorize {}`",
                         store.name);
    case state::StoreOrigin::kInstalled:
      return "the merchant must install the app again in Salla's app store; Salla then sends new "
             "tokens (app.store.authorize) to `falaj webhooks serve`";
  }
  return "";
}

StoreTokens to_store_tokens(const TokenGrant& grant, UtcTime now) {
  StoreTokens tokens;
  tokens.access = grant.access;
  tokens.refresh = grant.refresh;
  tokens.issued_at = now;
  tokens.scopes = grant.scopes;
  tokens.expires_at = grant.expires_at;
  if (!tokens.expires_at && !tokens.refresh.empty()) tokens.expires_at = now + kAssumedLife;
  return tokens;
}

Result<StoreTokens> refresh_tokens(const RefreshParts& parts, StoreId store, RefreshReason reason,
                                   const Secret& seen) {
  FALAJ_ASSIGN(auto refresh, begin(parts, store));
  return refresh.run(reason, seen);
}

Status settle_refresh(const RefreshParts& parts, StoreId store) {
  FALAJ_ASSIGN(auto refresh, begin(parts, store));
  return refresh.settle();
}

Status put_store(state::TokenVault& vault, const std::string& folder, Clock& clock,
                 const VaultStore& store, const StoreTokens& tokens, const std::stop_token& stop) {
  FALAJ_ASSIGN(auto journal, RefreshJournal::open(folder, store.id, clock, kPatience, stop));
  return vault.put(store, tokens);
}

}  // namespace falaj::stores
