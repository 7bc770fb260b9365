#include "warehouse/duckdb/catalog_keeper.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/log.hpp"

namespace falaj::warehouse {
namespace {

constexpr std::chrono::seconds kTurn{2};
constexpr const char* kHold = "BEGIN; SELECT count(*) FROM falaj_keeper.ducklake_snapshot";

void warn(const char* doing, const Error& error) {
  log_debug("the catalog's keeper could not {}: {}", doing, error.to_text());
}

// A read transaction that has read: only then does SQLite hold the log.
bool hold(duck::Connection& connection) {
  const auto held = connection.execute(kHold);
  if (held.ok()) return true;
  warn("read the catalog", held.error());
  (void)connection.execute("ROLLBACK").ok();
  return false;
}

}  // namespace

void CatalogKeeper::start() {
  const std::lock_guard lock(mutex_);
  if (thread_.joinable()) return;
  auto first = database_.connect();
  auto second = database_.connect();
  if (!first.ok() || !second.ok()) return;
  first_.emplace(std::move(*first));
  second_.emplace(std::move(*second));
  const auto attached = first_->execute(
      fmt::format("ATTACH IF NOT EXISTS {} AS falaj_keeper (TYPE sqlite, READ_ONLY, JOURNAL_MODE "
                  "'WAL')",
                  duck::quote_text(catalog_path_)));
  if (!attached.ok()) {
    warn("attach the catalog", attached.error());
    return;
  }
  hold(*first_);
  thread_ = std::jthread([this](const std::stop_token& stop) { take_turns(stop); });
}

void CatalogKeeper::stop() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  first_.reset();
  second_.reset();
}

void CatalogKeeper::take_turns(const std::stop_token& stop) {
  duck::Connection* holder = &*first_;
  duck::Connection* next = &*second_;
  std::mutex sleep;
  std::unique_lock lock(sleep);
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, kTurn, [] { return false; });
    if (stop.stop_requested()) return;
    if (!hold(*next)) continue;
    (void)holder->execute("ROLLBACK").ok();
    std::swap(holder, next);
  }
}

}  // namespace falaj::warehouse
