#include "base/log.hpp"

#include <atomic>
#include <cstdio>
#include <mutex>

#include "base/clock.hpp"
#include "base/printable_text.hpp"

namespace falaj {
namespace {

std::atomic<LogLevel> threshold{LogLevel::kWarn};
std::atomic<bool> is_forced{false};
std::mutex write_mutex;

std::string_view label(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "DEBUG";
    case LogLevel::kInfo: return "INFO ";
    case LogLevel::kWarn: return "WARN ";
    case LogLevel::kError: return "ERROR";
    case LogLevel::kOff: break;
  }
  return "";
}

}  // namespace

void set_log_level(LogLevel level) {
  threshold = level;
}

void force_log_level(LogLevel level) {
  threshold = level;
  is_forced = true;
}

bool log_level_was_given() {
  return is_forced;
}

bool log_enabled(LogLevel level) {
  return level >= threshold.load(std::memory_order_relaxed);
}

void log_line(LogLevel level, std::string_view text) {
  const auto now = std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now());
  const auto line =
      fmt::format("{} {} {}\n", to_iso8601(now), label(level), printable(text, Lines::kEscaped));
  std::lock_guard lock(write_mutex);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace falaj
