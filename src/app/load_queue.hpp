// Loading beside extraction: a thread that opens the warehouse, loads what earlier runs left in
// landing, then each package as it is sealed.
// Owns:     the thread and the warehouse it opens; at most `kWaiting` sealed packages wait.
// Threads:  push(), wait_until_ready() and finish() from the extracting thread.
// Errors:   the first error of loading is returned by push(), wait_until_ready() and finish();
//           packages not loaded stay in landing for the next run.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/result.hpp"
#include "landing/landing.hpp"
#include "load/loader.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::app {

class LoadQueue {
 public:
  using Open = std::function<Result<std::unique_ptr<warehouse::Warehouse>>()>;
  // `prepare` runs once the warehouse is open: creates tables.
  using Prepare = std::function<Status(warehouse::Warehouse&)>;

  LoadQueue(const landing::Landing& landing, Clock& clock, load::LoaderOptions options, Open open,
            Prepare prepare);
  ~LoadQueue();

  // Waits for room.
  Status push(landing::SealedPackage package);
  // Returns when everything that landed before this run is in the warehouse.
  Status wait_until_ready();
  // Loads the rest and ends the thread.
  Result<load::LoadReport> finish();
  // Valid after wait_until_ready() or finish() succeeded.
  warehouse::Warehouse& warehouse() { return *warehouse_; }
  int64_t busy_ms() const { return busy_ms_; }

 private:
  static constexpr size_t kWaiting = 2;
  void work();
  Status start();
  Status load_waiting();

  const landing::Landing& landing_;
  Clock& clock_;
  load::LoaderOptions options_;
  Open open_;
  Prepare prepare_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<load::Loader> loader_;
  load::LoadReport report_;
  int64_t busy_ms_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<landing::SealedPackage> waiting_;
  bool is_ready_ = false;
  bool is_closed_ = false;
  std::optional<Error> failure_;
  std::thread thread_;
};

}  // namespace falaj::app
