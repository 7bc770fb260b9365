#include "http/client.hpp"

#include <algorithm>
#include <numeric>

#include "base/log.hpp"

namespace falaj::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

// While requests are in flight the transport wakes us; while only waits are left, the clock does.
constexpr milliseconds kPollSlice = 20ms;
// A shorter wait is over before anybody reads of it.
constexpr Micros kWorthShowing = 1s;

Bucket bucket_of(const std::string& path) {
  return path.starts_with("/customers") ? Bucket::kCustomers : Bucket::kStore;
}

}  // namespace

struct Client::Call {
  std::string path;
  Done done;
  Share share = Share::kChanges;
  Attempts attempts;
  UtcTime not_before{};
};

Client::Client(Transport& transport, Clock& clock, ClientOptions options, std::stop_token stop)
    : transport_(transport),
      clock_(clock),
      options_(std::move(options)),
      stop_(std::move(stop)),
      gate_(clock, options_.quota),
      random_(options_.random_seed) {}

Client::~Client() = default;

size_t Client::queued() const {
  return std::accumulate(queues_.begin(), queues_.end(), size_t{0},
                         [](size_t sum, const auto& queue) { return sum + queue.size(); });
}

size_t Client::pending() const {
  return queued() + waiting_.size() + transport_.in_flight();
}

void Client::fetch(std::string path, Done done, Share share) {
  auto call = std::make_shared<Call>();
  call->path = std::move(path);
  call->done = std::move(done);
  call->share = share;
  queues_[static_cast<size_t>(share)].push_back(std::move(call));
}

bool Client::poll() {
  if (pending() == 0) return false;
  called_back_ = 0;
  while (called_back_ == 0 && pending() > 0) {
    if (stop_.stop_requested()) give_back_all();
    const auto now = clock_.now();
    // A call whose wait is over goes to the front: it has been waiting longest.
    for (size_t i = 0; i < waiting_.size();) {
      if (waiting_[i]->not_before <= now) {
        auto& queue = queues_[static_cast<size_t>(waiting_[i]->share)];
        queue.push_front(std::move(waiting_[i]));
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
  if (wait >= kWorthShowing && options_.on_wait) options_.on_wait(wait);
  clock_.wait_for(wait, stop_);
}

void Client::send_what_may_go() {
  next_permit_in_ = Micros::max();
  for (size_t share = 0; share < kShares; ++share) {
    auto& queue = queues_[share];
    while (!queue.empty() && transport_.in_flight() < options_.max_in_flight) {
      const auto wait = gate_.acquire(bucket_of(queue.front()->path), static_cast<Share>(share));
      if (wait.count() > 0) {
        next_permit_in_ = std::min(next_permit_in_, wait);
        break;
      }
      auto call = std::move(queue.front());
      queue.pop_front();
      send(std::move(call));
    }
  }
}

void Client::send(const std::shared_ptr<Call>& call) {
  HttpRequest request;
  request.url = options_.base_url + call->path;
  request.headers = {{"Authorization", "Bearer " + options_.token.expose()},
                     {"Accept", "application/json"},
                     {"Accept-Language", options_.accept_language}};
  ++counters_.requests;
  transport_.start(std::move(request), [this, call](Result<HttpResponse> outcome) {
    finish(call, std::move(outcome));
  });
}

void Client::finish(const std::shared_ptr<Call>& call, Result<HttpResponse> outcome) {
  gate_.observe(outcome.ok() ? &outcome->headers : nullptr);
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
  const bool limited = error->kind() == ErrorKind::kRateLimited;
  limited ? ++call->attempts.rate_limits : ++call->attempts.failures;
  if (limited) ++counters_.rate_limited;
  const auto verdict = judge(*error, call->attempts, options_.retry);
  if (verdict.action == Verdict::Action::kGiveUp || stop_.stop_requested()) {
    ++called_back_;
    call->done(std::move(*error).while_doing(fmt::format("requesting {}", call->path)));
    return;
  }
  ++counters_.retries;
  const auto wait = jittered(verdict.wait);
  log_info("{}: {}; asking again in {} ms", call->path, error->to_text(), wait.count() / 1000);
  if (verdict.action == Verdict::Action::kWaitForQuota) gate_.pause(wait);
  call->not_before = clock_.now() + wait;
  waiting_.push_back(call);
}

Micros Client::jittered(milliseconds wait) {
  if (wait.count() == 0) return Micros(0);
  // Up to a tenth more, so that many processes do not come back at the same moment.
  std::uniform_int_distribution<int64_t> more(0, std::max<int64_t>(1, Micros(wait).count() / 10));
  return Micros(wait) + Micros(more(random_));
}

void Client::give_back_all() {
  std::vector<std::shared_ptr<Call>> calls;
  for (auto& queue : queues_) {
    for (auto& call : std::exchange(queue, {})) calls.push_back(std::move(call));
  }
  for (auto& call : waiting_) calls.push_back(std::move(call));
  waiting_.clear();
  for (const auto& call : calls) {
    ++called_back_;
    call->done(
        Error(ErrorKind::kCancelled, "asked to stop before this was requested: " + call->path));
  }
}

Result<ApiResponse> Client::get(std::string path) {
  std::optional<Result<ApiResponse>> answer;
  fetch(std::move(path), [&](Result<ApiResponse> result) { answer.emplace(std::move(result)); });
  while (!answer && poll()) {
  }
  if (!answer) return Error(ErrorKind::kBug, "a request was never answered");
  return std::move(*answer);
}

}  // namespace falaj::http
