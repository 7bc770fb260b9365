#include "warehouse/snowflake/link.hpp"

namespace falaj::warehouse {
namespace {

// Nobody knows what has become of a session after a longer silence.
constexpr auto kIdleMax = std::chrono::minutes(10);
constexpr size_t kIdleLinksMax = 4;

}  // namespace

Result<std::unique_ptr<Link>> LinkPool::take() {
  std::vector<Idle> too_old;  // log out without the lock
  {
    const std::lock_guard lock(mutex_);
    while (!idle_.empty()) {
      Idle last = std::move(idle_.back());
      idle_.pop_back();
      if (clock_.steady_now() - last.since < kIdleMax) return std::move(last.link);
      too_old.push_back(std::move(last));
    }
  }
  auto link = std::make_unique<Link>();
  FALAJ_ASSIGN(link->connection, database_->connect());
  link->name = "FALAJ_" + ids_.next();
  return link;
}

void LinkPool::give_back(std::unique_ptr<Link> link) {
  for (auto& [name, table] : link->tables) table.is_stale = table.has_rows;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kIdleLinksMax) idle_.push_back({std::move(link), clock_.steady_now()});
}

}  // namespace falaj::warehouse
