// The API client: one base URL, one store's tokens, and the layers in this order: authorisation, quota,
// retries, transport.
// Shape:    fetch() queues; poll() sends what the quota allows, and calls back what is done, each
//           request once. A 2xx answer with a JSON body is a value; everything else is an Error
//           with http_status and the API's own words, after the retries that verdict.hpp allows.
// Units:    requests and bytes are counted since construction.
// Owns:     nothing of the transport: it must outlive the client.
// Threads:  confined to one.
// Errors:   see verdict.hpp. A 401 is tried once more where the token source has another token; its
//           error, where it has none. kCancelled once the stop token was triggered: what is in flight is
//           still waited for by the transport, what is queued is given back.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/waits.hpp"
#include "http/clock_skew.hpp"
#include "http/quota_gate.hpp"
#include "http/token_source.hpp"
#include "http/transport.hpp"
#include "http/verdict.hpp"

namespace falaj::http {

struct ClientOptions {
  std::string base_url;                 // "https://api.salla.dev/admin/v2"
  Secret token;                         // sent with each request, unless there is a source:
  std::shared_ptr<TokenSource> tokens;  // belongs to this client's thread
  size_t max_in_flight = 8;
  RetryPolicy retry;
  std::string accept_language = "ar";  // pinned: names stay the same between runs
  uint64_t random_seed = 1;            // of the jitter
  QuotaOptions quota;
  // Which of its buckets a request draws on, by its path; null: the store's, always.
  std::function<Bucket(std::string_view path)> bucket_of;
  std::string whose;  // the store, for people: "riyadh"
  // On the clock's steady time: nothing is sent afterwards, and no wait outlasts it.
  std::optional<Micros> deadline;
  // Called before a wait of a second or more for the quota.
  std::function<void(Micros wait)> on_wait;
};

// vendor_code of what was not asked, or not answered, before the deadline.
inline constexpr std::string_view kTimeIsUp = "time is up";

struct ApiResponse {
  int status = 0;
  std::string body;
  Headers headers;
  UtcTime received_at{};
};

struct ClientCounters {
  int64_t requests = 0;  // sent, retries included
  int64_t answers = 0;   // usable ones
  int64_t retries = 0;
  int64_t rate_limited = 0;
  int64_t bytes = 0;
};

class Client {
 public:
  using Done = std::function<void(Result<ApiResponse>)>;
  Client(Transport& transport, Clock& clock, ClientOptions options, std::stop_token stop);
  ~Client();

  // `path` is what follows the base URL, encoded query included: "/orders?page=1".
  void fetch(std::string path, Done done, Share share = Share::kChanges);
  // Works until something was called back or nothing is left to do; false when idle.
  bool poll();
  // The next poll() calls back what is not in flight with kCancelled. A stop and the deadline do so
  // too, and give what is in flight a second more.
  void give_back() { gives_back_ = true; }
  // Queued, waiting or in flight.
  size_t pending() const;
  size_t max_in_flight() const { return options_.max_in_flight; }
  // Fetches one and waits for it.
  Result<ApiResponse> get(std::string path);
  // Sends JSON and waits for the answer. Retried as a GET is: only for what may be done twice.
  Result<ApiResponse> send(std::string method, std::string path, std::string body);

  const ClientCounters& counters() const { return counters_; }
  QuotaView quota() const { return gate_.view(); }
  // Of this machine's clock against the server's; nothing while no answer had a Date.
  std::optional<Micros> clock_skew() const { return skew_.measured(); }

 private:
  struct Call;
  using Queue = std::deque<std::shared_ptr<Call>>;
  Queue& queue_of(const Call& call);
  void queue(std::shared_ptr<Call> call);
  Result<ApiResponse> wait_for(const std::shared_ptr<Call>& call);
  size_t queued() const;
  void send_what_may_go();
  void wait_for_next();
  // What a wait of that length is for.
  Wait what_is_waited_for(Micros wait) const;
  void send(const std::shared_ptr<Call>& call);
  void finish(const std::shared_ptr<Call>& call, Result<HttpResponse> outcome);
  void give_up(const std::shared_ptr<Call>& call, Error error);
  bool try_another_token(const std::shared_ptr<Call>& call, Error& error);
  void give_back_all();
  bool must_end();
  Error ending(const std::string& path) const;
  void drop_what_is_late();
  Micros jittered(std::chrono::milliseconds wait);

  Transport& transport_;
  Clock& clock_;
  ClientOptions options_;
  std::stop_token stop_;
  QuotaGate gate_;
  std::mt19937_64 random_;
  std::array<std::array<Queue, kBuckets>, kShares> queues_;
  int64_t asked_ = 0;
  std::vector<std::shared_ptr<Call>> waiting_;  // for their next attempt
  Micros next_permit_in_{0};
  Bucket next_permit_of_ = Bucket::kStore;
  size_t called_back_ = 0;
  bool gives_back_ = false;
  bool is_time_up_ = false;
  std::optional<Micros> ending_since_;
  ClientCounters counters_;
  ClockSkew skew_;
};

}  // namespace falaj::http
