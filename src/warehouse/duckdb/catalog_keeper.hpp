// Keeps the SQLite catalog's write-ahead log alive while this process works with it.
// DuckLake opens and closes the catalog for every transaction; the last to close it checkpoints
// and deletes the log, and whoever comes at that moment meets "database is locked". Two
// connections take turns in holding a read transaction, so that there is always one and none is
// old enough to keep the log from being checkpointed. While there is always one, SQLite never
// starts the log again and it grows by 0.1 MB a commit: reset_log() lets go for a moment.
// Owns:     a thread and two connections of the database.
// Threads:  safe; reset_log() wants the writers' lock, so that only readers can meet the moment:
//           they try again.
// Errors:   none: without a keeper everything works, with more retries.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "duck/connection.hpp"
#include "duck/database.hpp"

namespace falaj::warehouse {

class CatalogKeeper {
 public:
  CatalogKeeper(duck::Database& database, std::string database_name, std::string catalog_path)
      : database_(database),
        database_name_(std::move(database_name)),
        catalog_path_(std::move(catalog_path)) {}
  ~CatalogKeeper() { stop(); }
  CatalogKeeper(const CatalogKeeper&) = delete;
  CatalogKeeper& operator=(const CatalogKeeper&) = delete;

  // Returns once the log is held. Without effect when started already.
  void start();
  void stop();
  bool is_started() const { return thread_.joinable(); }
  // Lets the log be checkpointed and deleted, unless another process holds it.
  void reset_log();

 private:
  void take_turns(const std::stop_token& stop);
  void touch_catalog();

  duck::Database& database_;
  std::string database_name_;
  std::string catalog_path_;
  std::mutex start_;
  std::mutex mutex_;  // the two connections, and who of them holds
  std::optional<duck::Connection> holder_;
  std::optional<duck::Connection> next_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace falaj::warehouse
