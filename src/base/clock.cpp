#include "base/clock.hpp"

#include <fmt/format.h>
#include <time.h>

namespace falaj {

using std::chrono::duration_cast;

SystemClock::SystemClock(double time_scale, Micros ahead)
    : time_scale_(time_scale),
      ahead_(ahead),
      started_at_(std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now()) + ahead),
      steady_start_(std::chrono::steady_clock::now()) {}

UtcTime SystemClock::now() const {
  if (time_scale_ == 1.0) {
    return std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now()) + ahead_;
  }
  return started_at_ + steady_now();
}

Micros SystemClock::steady_now() const {
  const auto elapsed = std::chrono::steady_clock::now() - steady_start_;
  if (time_scale_ == 1.0) return duration_cast<Micros>(elapsed);
  const double micros = std::chrono::duration<double, std::micro>(elapsed).count() * time_scale_;
  return Micros(static_cast<Micros::rep>(micros));
}

Micros SystemClock::shared_now() const {
  timespec since_boot{};
  ::clock_gettime(CLOCK_BOOTTIME, &since_boot);
  const double micros =
      static_cast<double>(since_boot.tv_sec) * 1e6 + static_cast<double>(since_boot.tv_nsec) / 1e3;
  return Micros(static_cast<Micros::rep>(micros * time_scale_));
}

bool SystemClock::wait_for(Micros duration, std::stop_token stop) {
  const auto real =
      time_scale_ == 1.0
          ? duration
          : Micros(static_cast<Micros::rep>(static_cast<double>(duration.count()) / time_scale_));
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, real, [] { return false; });
  return !stop.stop_requested();
}

UtcTime ManualClock::now() const {
  std::lock_guard lock(mutex_);
  return now_;
}

Micros ManualClock::steady_now() const {
  std::lock_guard lock(mutex_);
  return now_.time_since_epoch();
}

bool ManualClock::wait_for(Micros duration, std::stop_token stop) {
  if (stop.stop_requested()) return false;
  advance(duration);
  return true;
}

void ManualClock::advance(Micros duration) {
  std::lock_guard lock(mutex_);
  now_ += duration;
}

std::string to_iso8601(UtcTime time, bool with_micros) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                          clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (with_micros) text += fmt::format(".{:06}", clock.subseconds().count());
  return text + "Z";
}

}  // namespace falaj
