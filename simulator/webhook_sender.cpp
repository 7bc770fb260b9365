#include "simulator/webhook_sender.hpp"

#include <algorithm>

#include "base/thread_name.hpp"
#include "http/curl_transport.hpp"

namespace falaj::simulator {
namespace {

using namespace std::chrono_literals;

constexpr size_t kAtOnce = 16;
constexpr auto kPatience = 30s;  // salla-api.md 5.5

}  // namespace

WebhookSender::WebhookSender() : thread_([this](const std::stop_token& stop) { work(stop); }) {}

WebhookSender::~WebhookSender() {
  thread_.request_stop();
  changed_.notify_all();
}

void WebhookSender::send(std::vector<Delivery> deliveries) {
  {
    std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    for (auto& delivery : deliveries) {
      const auto due = now + delivery.delay;
      waiting_.emplace(due, std::move(delivery));
    }
  }
  changed_.notify_all();
}

DeliveryCounts WebhookSender::counts() const {
  std::lock_guard lock(mutex_);
  auto counts = counts_;
  counts.waiting = static_cast<int64_t>(waiting_.size()) + in_flight_;
  return counts;
}

void WebhookSender::clear() {
  std::lock_guard lock(mutex_);
  waiting_.clear();
  counts_ = {};
  ++generation_;
}

std::vector<Delivery> WebhookSender::take_due(size_t room) {
  std::vector<Delivery> due;
  const auto now = std::chrono::steady_clock::now();
  while (!waiting_.empty() && due.size() < room && waiting_.begin()->first <= now) {
    due.push_back(std::move(waiting_.begin()->second));
    waiting_.erase(waiting_.begin());
  }
  in_flight_ += static_cast<int64_t>(due.size());
  return due;
}

void WebhookSender::finish(Delivery delivery, int status, int64_t generation) {
  std::lock_guard lock(mutex_);
  --in_flight_;
  if (generation != generation_) return;
  ++counts_.attempts;
  if (status == 200 || status == 201) {
    ++counts_.delivered;
  } else if (delivery.retries > 0) {
    --delivery.retries;
    const auto due = std::chrono::steady_clock::now() + delivery.retry_delay;
    waiting_.emplace(due, std::move(delivery));
  } else {
    ++counts_.given_up;
  }
}

void WebhookSender::work(const std::stop_token& stop) {
  name_thread("hooks");
  http::CurlOptions options;
  options.total_timeout = kPatience;
  options.user_agent = "salla-sim";
  http::CurlTransport transport(options);
  while (!stop.stop_requested()) {
    std::vector<Delivery> due;
    int64_t generation = 0;
    {
      std::unique_lock lock(mutex_);
      const auto has_due = [this] {
        return !waiting_.empty() && waiting_.begin()->first <= std::chrono::steady_clock::now();
      };
      if (transport.in_flight() == 0 && !has_due()) {
        if (waiting_.empty()) {
          changed_.wait(lock, stop, [this] { return !waiting_.empty(); });
        } else {
          changed_.wait_until(lock, stop, waiting_.begin()->first, has_due);
        }
      }
      due = take_due(kAtOnce - std::min(kAtOnce, transport.in_flight()));
      generation = generation_;
    }
    for (auto& delivery : due) {
      http::HttpRequest request;
      request.method = "POST";
      request.url = delivery.url;
      request.headers = delivery.headers;
      request.body = delivery.body;
      transport.start(std::move(request), [this, generation, held = std::move(delivery)](
                                              Result<http::HttpResponse> answer) mutable {
        finish(std::move(held), answer.ok() ? answer->status : 0, generation);
      });
    }
    if (transport.in_flight() > 0 || !due.empty()) transport.poll(5ms);
  }
}

}  // namespace falaj::simulator
