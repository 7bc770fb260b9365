#include "http/client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"

namespace falaj::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// While requests are in flight the transport wakes us; while only waits are left, the clock does.
constexpr Micros kGraceAtEnd = std::chrono::seconds(1);
constexpr milliseconds kPollSlice = 20ms;
constexpr int kUnauthorized = 401;
constexpr int kTooManyRequests = 429;
// A shorter wait is over before anybody reads of it.
constexpr Micros kWorthShowing = 1s;

}  // namespace

struct Client::Call {
  std::string method = "GET";
  std::string path;
  std::string body;
  Done done;
  Share share = Share::kChanges;
  Bucket bucket = Bucket::kStore;
  int64_t number = 0;  // in order of asking
  Micros sent_at{0};
  Attempts attempts;
  UtcTime not_before{};
  std::string why_again;    // "HTTP 503": what the last attempt came to
  bool is_limited = false;  // that was a 429
  Secret token;             // of the last attempt
  bool had_another_token = false;
};

Client::Client(Transport& transport, Clock& clock, ClientOptions options, std::stop_token stop)
    : transport_(transport),
      clock_(clock),
      options_(std::move(options)),
      stop_(std::move(stop)),
      gate_(clock, options_.quota),
      random_(options_.random_seed) {
  if (options_.tokens == nullptr) options_.tokens = std::make_shared<FixedToken>(options_.token);
}

Client::~Client() = default;

size_t Client::queued() const {
  size_t sum = 0;
  for (const auto& of_share : queues_) {
    for (const auto& queue : of_share) sum += queue.size();
  }
  return sum;
}

Client::Queue& Client::queue_of(const Call& call) {
  return queues_[static_cast<size_t>(call.share)][static_cast<size_t>(call.bucket)];
}

size_t Client::pending() const {
  return queued() + waiting_.size() + transport_.in_flight();
}

void Client::fetch(std::string path, Done done, Share share) {
  auto call = std::make_shared<Call>();
  call->path = std::move(path);
  call->done = std::move(done);
  call->share = share;
  queue(std::move(call));
}

void Client::queue(std::shared_ptr<Call> call) {
  if (options_.bucket_of) call->bucket = options_.bucket_of(call->path);
  call->number = ++asked_;
  queue_of(*call).push_back(std::move(call));
}

bool Client::poll() {
  if (pending() == 0) return false;
  called_back_ = 0;
  while (called_back_ == 0 && pending() > 0) {
    const bool ends = must_end();
    if (std::exchange(gives_back_, false) || ends) give_back_all();
    if (ends) drop_what_is_late();
    const auto now = clock_.now();
    // A call whose wait is over goes to the front: it has been waiting longest.
    for (size_t i = 0; i < waiting_.size();) {
      if (waiting_[i]->not_before <= now) {
        queue_of(*waiting_[i]).push_front(std::move(waiting_[i]));
        waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
      } else {
        ++i;
      }
    }
    send_what_may_go();
    if (transport_.in_flight() > 0) {
      transport_.poll(kPollSlice);
      continue;
    }
    transport_.poll(0ms);
    if (called_back_ > 0 || pending() == 0) break;
    wait_for_next();
  }
  return pending() > 0 || called_back_ > 0;
}

void Client::wait_for_next() {
  Micros wait = queued() == 0 ? Micros(1h) : next_permit_in_;
  for (const auto& call : waiting_) wait = std::min(wait, Micros(call->not_before - clock_.now()));
  if (wait.count() <= 0) return;
  // Who would wait for nothing ends at once.
  if (options_.deadline && clock_.steady_now() + wait >= *options_.deadline) {
    is_time_up_ = true;
    return;
  }
  if (wait >= kWorthShowing && options_.on_wait) options_.on_wait(wait);
  const ShownWait shown(&clock_, what_is_waited_for(wait));
  clock_.wait_for(wait, stop_);
}

Wait Client::what_is_waited_for(Micros wait) const {
  const auto quota_of = [](Bucket bucket) {
    return bucket == Bucket::kCustomers ? WaitFor::kCustomersQuota : WaitFor::kQuota;
  };
  Wait shown{quota_of(next_permit_of_), options_.whose, "", wait, false};
  const auto next =
      std::min_element(waiting_.begin(), waiting_.end(),
                       [](const auto& a, const auto& b) { return a->not_before < b->not_before; });
  const bool is_permit = queued() > 0 && next_permit_in_ <= wait;
  if (is_permit || next == waiting_.end()) return shown;
  shown.what = (*next)->is_limited ? quota_of((*next)->bucket) : WaitFor::kRetry;
  shown.cause = (*next)->why_again;
  return shown;
}

void Client::send_what_may_go() {
  next_permit_in_ = Micros::max();
  for (size_t share = 0; share < kShares; ++share) {
    // One bucket being empty does not hold up what needs the other.
    std::array<bool, kBuckets> must_wait{};
    while (transport_.in_flight() < options_.max_in_flight) {
      Queue* next = nullptr;
      for (size_t i = 0; i < kBuckets; ++i) {
        auto& queue = queues_[share][i];
        if (must_wait[i] || queue.empty()) continue;
        if (next == nullptr || queue.front()->number < next->front()->number) next = &queue;
      }
      if (next == nullptr) break;
      // Before the permit: renewing a token may take longer than a permit is good for.
      auto token = options_.tokens->token();
      if (!token.ok()) {
        const auto refused = std::move(next->front());
        next->pop_front();
        give_up(refused, std::move(token).error());
        continue;
      }
      const auto bucket = next->front()->bucket;
      const auto wait = gate_.acquire(bucket, static_cast<Share>(share));
      if (wait.count() > 0) {
        if (wait < next_permit_in_) {
          next_permit_in_ = wait;
          next_permit_of_ = bucket;
        }
        must_wait[static_cast<size_t>(bucket)] = true;
        continue;
      }
      auto call = std::move(next->front());
      next->pop_front();
      call->sent_at = clock_.shared_now();
      call->token = std::move(*token);
      send(call);
    }
  }
}

void Client::send(const std::shared_ptr<Call>& call) {
  HttpRequest request;
  request.method = call->method;
  request.url = options_.base_url + call->path;
  request.body = call->body;
  request.headers = {{"Authorization", "Bearer " + call->token.expose()},
                     {"Accept", "application/json"},
                     {"Accept-Language", options_.accept_language}};
  if (!call->body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  ++counters_.requests;
  transport_.start(std::move(request), [this, call](Result<HttpResponse> outcome) {
    finish(call, std::move(outcome));
  });
}

void Client::finish(const std::shared_ptr<Call>& call, Result<HttpResponse> outcome) {
  const bool limited = outcome.ok() && outcome->status == kTooManyRequests;
  const QuotaGate::Answer told{call->bucket, outcome.ok() ? &outcome->headers : nullptr,
                               call->sent_at, limited};
  gate_.observe(told);
  if (outcome.ok()) skew_.observe(outcome->headers, clock_.now());
  std::optional<Error> error;
  if (!outcome.ok()) {
    error = outcome.error();
  } else if (auto usable = classify(*outcome); !usable.ok()) {
    error = std::move(usable).error();
  }
  if (!error) {
    ++counters_.answers;
    counters_.bytes += static_cast<int64_t>(outcome->body.size());
    ++called_back_;
    call->done(ApiResponse{outcome->status, std::move(outcome->body), std::move(outcome->headers),
                           clock_.now()});
    return;
  }
  if (error->http_status == kUnauthorized && try_another_token(call, *error)) return;
  if (limited) {
    ++counters_.rate_limited;
  } else {
    ++call->attempts.failures;
  }
  const auto verdict = judge(*error, call->attempts, options_.retry);
  if (verdict.action == Verdict::Action::kGiveUp || must_end()) {
    give_up(call, std::move(*error));
    return;
  }
  ++counters_.retries;
  auto wait = jittered(verdict.wait);
  if (limited) {
    const auto asked = error->retry_after ? std::optional(wait) : std::nullopt;
    wait = gate_.refuse(told, asked, wait);
    call->attempts.limited_for += std::chrono::duration_cast<milliseconds>(wait);
  }
  log_info("{}: {}; asking again in {} ms", call->path, error->to_text(), wait.count() / 1000);
  call->not_before = clock_.now() + wait;
  call->why_again = error->http_status != 0 ? fmt::format("HTTP {}", error->http_status)
                                            : std::string("no whole answer");
  call->is_limited = limited;
  waiting_.push_back(call);
}

void Client::give_up(const std::shared_ptr<Call>& call, Error error) {
  ++called_back_;
  call->done(std::move(error).while_doing(fmt::format("requesting {}", call->path)));
}

// Requests that were under way when the token was renewed come here too: each goes again with the
// new one. A second refusal stands.
bool Client::try_another_token(const std::shared_ptr<Call>& call, Error& error) {
  if (call->had_another_token || stop_.stop_requested()) return false;
  auto another = options_.tokens->replace(call->token, error);
  if (!another.ok()) {
    error = std::move(another).error();
    return false;
  }
  call->had_another_token = true;
  ++counters_.retries;
  queue_of(*call).push_front(call);
  return true;
}

Micros Client::jittered(milliseconds wait) {
  if (wait.count() == 0) return Micros(0);
  // Up to a tenth more, so that many processes do not come back at the same moment.
  std::uniform_int_distribution<int64_t> more(0, std::max<int64_t>(1, Micros(wait).count() / 10));
  return Micros(wait) + Micros(more(random_));
}

void Client::give_back_all() {
  std::vector<std::shared_ptr<Call>> calls;
  for (auto& of_share : queues_) {
    for (auto& queue : of_share) {
      for (auto& call : std::exchange(queue, {})) calls.push_back(std::move(call));
    }
  }
  for (auto& call : waiting_) calls.push_back(std::move(call));
  waiting_.clear();
  for (const auto& call : calls) {
    ++called_back_;
    call->done(ending(call->path));
  }
}

bool Client::must_end() {
  if (options_.deadline && clock_.steady_now() >= *options_.deadline) is_time_up_ = true;
  return is_time_up_ || stop_.stop_requested();
}

Error Client::ending(const std::string& path) const {
  if (stop_.stop_requested() || !is_time_up_) {
    return {ErrorKind::kCancelled, "asked to stop before this was answered: " + path};
  }
  Error error(ErrorKind::kCancelled,
              "the time for asking the store (--for) is up before this was answered: " + path);
  error.vendor_code = kTimeIsUp;
  return error;
}

// What has been sent counts against the quota: its answer is worth a moment.
void Client::drop_what_is_late() {
  const auto now = clock_.steady_now();
  if (!ending_since_) ending_since_ = now;
  if (transport_.in_flight() == 0 || now - *ending_since_ < kGraceAtEnd) return;
  transport_.drop_all(ending("requests under way"));
}

Result<ApiResponse> Client::get(std::string path) {
  auto call = std::make_shared<Call>();
  call->path = std::move(path);
  return wait_for(call);
}

Result<ApiResponse> Client::send(std::string method, std::string path, std::string body) {
  auto call = std::make_shared<Call>();
  call->method = std::move(method);
  call->path = std::move(path);
  call->body = std::move(body);
  return wait_for(call);
}

Result<ApiResponse> Client::wait_for(const std::shared_ptr<Call>& call) {
  std::optional<Result<ApiResponse>> answer;
  call->done = [&](Result<ApiResponse> result) { answer.emplace(std::move(result)); };
  queue(call);
  while (!answer && poll()) {
  }
  if (!answer) return Error(ErrorKind::kBug, "a request was never answered");
  return std::move(*answer);
}

}  // namespace falaj::http
