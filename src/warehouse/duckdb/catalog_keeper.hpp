// Keeps the SQLite catalog's write-ahead log alive while this process works with it.
// DuckLake opens and closes the catalog for every transaction; the last to close it checkpoints
// and deletes the log, and whoever comes at that moment meets "database is locked". Two
// connections take turns in holding a read transaction, so that there is always one and none is
// old enough to keep the log from being checkpointed.
// Owns:     a thread and two connections of the database.
// Threads:  start() and the destructor from one thread.
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
  CatalogKeeper(duck::Database& database, std::string catalog_path)
      : database_(database), catalog_path_(std::move(catalog_path)) {}
  ~CatalogKeeper() { stop(); }
  CatalogKeeper(const CatalogKeeper&) = delete;
  CatalogKeeper& operator=(const CatalogKeeper&) = delete;

  // Returns once the log is held. Without effect when started already.
  void start();
  void stop();

 private:
  void take_turns(const std::stop_token& stop);

  duck::Database& database_;
  std::string catalog_path_;
  std::optional<duck::Connection> first_;
  std::optional<duck::Connection> second_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace falaj::warehouse
