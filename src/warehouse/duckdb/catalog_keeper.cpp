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
  const std::lock_guard starting(start_);
  if (thread_.joinable()) return;
  auto first = database_.connect();
  auto second = database_.connect();
  if (!first.ok() || !second.ok()) return;
  const auto attached = first->execute(
      fmt::format("ATTACH IF NOT EXISTS {} AS falaj_keeper (TYPE sqlite, READ_ONLY, JOURNAL_MODE "
                  "'WAL')",
                  duck::quote_text(catalog_path_)));
  if (!attached.ok()) {
    warn("attach the catalog", attached.error());
    return;
  }
  holder_.emplace(std::move(*first));
  next_.emplace(std::move(*second));
  hold(*holder_);
  thread_ = std::jthread([this](const std::stop_token& stop) { take_turns(stop); });
}

void CatalogKeeper::stop() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  holder_.reset();
  next_.reset();
}

void CatalogKeeper::take_turns(const std::stop_token& stop) {
  std::mutex sleep;
  std::unique_lock asleep(sleep);
  while (!stop.stop_requested()) {
    wake_.wait_for(asleep, stop, kTurn, [] { return false; });
    if (stop.stop_requested()) return;
    const std::lock_guard lock(mutex_);
    if (!hold(*next_)) continue;
    (void)holder_->execute("ROLLBACK").ok();
    std::swap(holder_, next_);
  }
}

// Whoever closes the catalog last, and may write, checkpoints and deletes the log.
void CatalogKeeper::touch_catalog() {
  auto connection = database_.connect();
  if (!connection.ok()) return;
  const auto read = connection->query_int64(
      fmt::format("SELECT id FROM {}.current_snapshot()", duck::quote_name(database_name_)));
  if (!read.ok()) warn("reset the log", read.error());
}

void CatalogKeeper::reset_log() {
  const std::lock_guard lock(mutex_);
  if (!holder_) {
    touch_catalog();
    return;
  }
  (void)holder_->execute("ROLLBACK").ok();
  touch_catalog();
  hold(*holder_);
}

}  // namespace falaj::warehouse
