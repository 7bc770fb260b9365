#include "stores/store_client.hpp"

#include <fmt/format.h>

#include "base/ulid.hpp"
#include "stores/quota_books.hpp"

namespace falaj::stores {
namespace {

http::ClientOptions client_options(const home::Home& home, const StoreAccess& access) {
  const auto& settings = home.settings();
  http::ClientOptions options;
  options.base_url = settings.api_base_url;
  options.tokens = access.tokens;
  options.max_in_flight = static_cast<size_t>(settings.max_in_flight);
  options.retry.max_retries = static_cast<int>(settings.max_retries);
  options.retry.delay = std::chrono::seconds(settings.retry_delay_secs);
  options.retry.rate_limit_delay = std::chrono::seconds(settings.rate_limit_delay_secs);
  options.retry.rate_limit_max = std::chrono::seconds(settings.rate_limit_secs_max);
  options.random_seed = UlidGenerator::random_seed();
  options.bucket_of = [paths = access.paths](std::string_view path) {
    return paths == nullptr ? connectors::salla::built_in_request_paths().bucket_of(path)
                            : paths->bucket_of(path);
  };
  return options;
}

}  // namespace

std::optional<StoreId> known_store_id(const home::Home& home, const StoreAccess& access) {
  if (access.id) return access.id;
  if (access.fingerprint.empty() || !home.has_state()) return std::nullopt;
  auto state = state::StateStore::open_to_read(home.paths().root);
  if (!state.ok()) return std::nullopt;
  const auto known = state->find_store(access.fingerprint);
  if (!known.ok() || !*known) return std::nullopt;
  return StoreId((*known)->store_id);
}

StoreClient::StoreClient(const home::Home& home, StoreAccess access, std::optional<StoreId> known,
                         Options options)
    : home_(home),
      access_(std::move(access)),
      known_(known),
      options_(std::move(options)),
      clock_(options_.clock != nullptr ? *options_.clock : home.clock()),
      transport_(options_.curl) {
  open(known_ ? std::to_string(known_->value()) : "");
}

StoreClient::~StoreClient() = default;

// The store's request limit is shared under its id, which a new token does not tell yet.
void StoreClient::open(const std::string& store_id) {
  source_.reset();
  client_.reset();
  auto options = client_options(home_, access_);
  options.quota = quota_options(home_, store_id);
  options.whose = name();
  options.deadline = options_.deadline;
  if (options_.max_retries) options.retry.max_retries = *options_.max_retries;
  if (options_.on_wait) options.on_wait = [this](Micros) { options_.on_wait(); };
  client_ = std::make_unique<http::Client>(transport_, clock_, std::move(options), home_.stop());
  source_ = std::make_unique<connectors::salla::SallaSource>(*client_);
}

Result<http::ApiResponse> StoreClient::ask_who() {
  for (int tries = 0;; ++tries) {
    const auto sent_at = clock_.shared_now();
    FALAJ_ASSIGN(auto answer,
                 client_->get(extract::kStoreInfoRequest).while_doing("asking who the store is"));
    auto info = extract::parse_store_info(answer.body);
    if (!info.ok() && tries < extract::kBrokenRetries) continue;
    if (!info.ok()) return std::move(info).error().while_doing("asking who the store is");
    info_ = std::move(*info);
    FALAJ_TRY(check_identity());
    if (known_ && known_->value() == info_.id) return answer;
    count_first_request(answer, sent_at);
    known_ = StoreId(info_.id);
    requests_before_ = client_->counters().requests;
    skew_before_ = client_->clock_skew();
    open(std::to_string(info_.id));
    return answer;
  }
}

Status StoreClient::check_identity() const {
  if (!access_.id || access_.id->value() == info_.id) return {};
  return Error(
      ErrorKind::kAuthFailed,
      fmt::format("the token of {} ({}) opens another store, {}: is SALLA_API_BASE_URL the "
                  "API that it was made for?",
                  access_.name, access_.id->value(), info_.id));
}

// It was sent before anybody could tell whose limit it draws on.
void StoreClient::count_first_request(const http::ApiResponse& answer, Micros sent_at) {
  const auto quota = quota_options(home_, std::to_string(info_.id));
  if (quota.book == nullptr) return;
  http::QuotaGate gate(clock_, quota);
  if (gate.acquire(http::Bucket::kStore) != Micros(0)) return;
  gate.observe({http::Bucket::kStore, &answer.headers, sent_at, false});
}

int64_t StoreClient::requests_made() const {
  return requests_before_ + client_->counters().requests;
}

std::optional<Micros> StoreClient::clock_skew() const {
  const auto skew = client_->clock_skew();
  return skew ? skew : skew_before_;
}

Result<extract::StoreInfo> ask_store(const home::Home& home, const Secret& token) {
  const auto access = access_by_token(home, token);
  StoreClient store(home, access, known_store_id(home, access), {});
  FALAJ_TRY(store.ask_who());
  return store.info();
}

}  // namespace falaj::stores
