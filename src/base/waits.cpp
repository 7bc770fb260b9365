#include "base/waits.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

namespace falaj {
namespace {

struct Entry {
  const Clock* clock = nullptr;
  Wait wait;
  Micros since{0};
};

Micros now_of(const Clock* clock) {
  if (clock != nullptr) return clock->steady_now();
  return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now().time_since_epoch());
}

struct List {
  std::mutex mutex;
  std::map<int64_t, Entry> entries;  // by the order in which they began
  int64_t last = 0;
};

List& list() {
  static List all;
  return all;
}

}  // namespace

ShownWait::ShownWait(const Clock* clock, Wait wait) {
  auto& all = list();
  const std::lock_guard lock(all.mutex);
  number_ = ++all.last;
  all.entries.emplace(number_, Entry{clock, std::move(wait), now_of(clock)});
}

ShownWait::~ShownWait() {
  auto& all = list();
  const std::lock_guard lock(all.mutex);
  all.entries.erase(number_);
}

std::vector<CurrentWait> current_waits() {
  auto& all = list();
  const std::lock_guard lock(all.mutex);
  std::vector<CurrentWait> waits;
  for (const auto& [unused, entry] : all.entries) {
    CurrentWait current{entry.wait, now_of(entry.clock) - entry.since, std::nullopt};
    if (entry.wait.lasts) current.left = std::max(Micros(0), *entry.wait.lasts - current.waited);
    waits.push_back(std::move(current));
  }
  return waits;
}

}  // namespace falaj
