#include "run/run_progress.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace falaj::run {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// People look at it: in real time, whatever the clock.
constexpr auto kShowEvery = std::chrono::milliseconds(50);

// Parts of the work after which the estimate is kept.
constexpr std::array<int64_t, 4> kSampledPercents = {10, 25, 50, 75};

double seconds(Micros time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

void RunProgress::begin(size_t stores) {
  std::lock_guard lock(mutex_);
  stores_count_ = stores;
  shown_.stage = stage_;
  started_ = clock_.steady_now();
}

void RunProgress::begin_store(size_t store) {
  std::lock_guard lock(mutex_);
  stores_[store].is_being_read = true;
}

void RunProgress::end_store(size_t store) {
  std::lock_guard lock(mutex_);
  stores_[store].is_being_read = false;
  stores_[store].has_ended = true;
}

void RunProgress::show(size_t store, const extract::ExtractProgress& progress) {
  std::lock_guard lock(mutex_);
  auto& own = stores_[store];
  done_ += progress.done - own.latest.done;
  all_ += progress.all - own.latest.all;
  own.latest = progress;
  const auto now = clock_.steady_now();
  if (progress.calls_left >= 0) {
    own.eta.observe({now, progress.calls_done, progress.counters.limit_per_minute.value_or(0),
                     progress.counters.used_in_window});
  }
  sample(now);
  const auto shown_at = std::chrono::steady_clock::now();
  if (watcher_ == nullptr || shown_at - shown_at_ < kShowEvery) return;
  shown_at_ = shown_at;
  tell(line(progress.stream));
}

void RunProgress::tick() {
  std::lock_guard lock(mutex_);
  if (watcher_ == nullptr || (!has_shown_waits_ && !watcher_->has_waits())) return;
  tell(shown_);
}

void RunProgress::tell(Progress line) {
  has_shown_waits_ = watcher_->has_waits();
  line.stores_reading = std::count_if(stores_.begin(), stores_.end(),
                                      [](const auto& each) { return each.second.is_being_read; });
  shown_ = std::move(line);
  watcher_->show(shown_);
}

std::vector<EtaSample> RunProgress::samples() const {
  std::lock_guard lock(mutex_);
  return samples_;
}

void RunProgress::show_stage(const std::string& stage) {
  {
    std::lock_guard lock(mutex_);
    stage_ = stage;
  }
  show_steps(stage, "", 0, 0);
}

void RunProgress::show_steps(const std::string& stage, const std::string& what, int64_t done,
                             int64_t all) {
  std::lock_guard lock(mutex_);
  if (watcher_ == nullptr || stage != stage_) return;
  auto shown = line(what);
  shown.stage = stage;
  shown.steps_done = done;
  shown.steps_all = all;
  shown.eta_seconds = -1;
  tell(std::move(shown));
}

Progress RunProgress::line(const std::string& stream) const {
  Progress line;
  line.stage = "extract";
  line.stream = stream;
  int64_t used = 0;
  int64_t limit = 0;
  for (const auto& [unused, each] : stores_) {
    line.pages += each.latest.pages;
    line.rows += each.latest.rows;
    line.requests += each.latest.counters.requests;
    line.orders_done += each.latest.done;
    line.orders_all += each.latest.all;
    used += each.latest.counters.used_in_window;
    limit += each.latest.counters.limit_per_minute.value_or(0);
  }
  const auto now = clock_.steady_now();
  line.requests_per_second =
      static_cast<double>(line.requests) / std::max(seconds(now - started_), 0.001);
  if (limit > 0)
    line.quota_used_percent = 100.0 * static_cast<double>(used) / static_cast<double>(limit);
  if (const auto still = left(now)) line.eta_seconds = seconds(*still);
  return line;
}

// Of the store that takes longest; nothing before that is known of each.
std::optional<Micros> RunProgress::left(Micros now) const {
  if (stores_.size() < stores_count_) return std::nullopt;
  Micros longest{0};
  for (const auto& [unused, each] : stores_) {
    if (each.has_ended) continue;
    if (each.latest.calls_left < 0) return std::nullopt;
    const auto its = each.eta.left(each.latest.calls_left, now);
    if (!its) return std::nullopt;
    longest = std::max(longest, *its);
  }
  return longest;
}

void RunProgress::sample(Micros now) {
  const auto is_due = [this] {
    return samples_.size() < kSampledPercents.size() && all_ > 0 &&
           done_ * 100 >= all_ * kSampledPercents[samples_.size()];
  };
  if (!is_due()) return;
  const auto still = left(now);
  while (still && is_due()) {
    samples_.push_back({kSampledPercents[samples_.size()],
                        duration_cast<milliseconds>(now - started_).count(),
                        duration_cast<milliseconds>(*still).count()});
  }
}

}  // namespace falaj::run
