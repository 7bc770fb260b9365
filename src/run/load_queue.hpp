// Loading beside extraction: a thread that opens the warehouse, loads what earlier runs left in
// landing, then each package as it is sealed.
// Shape:    a package is decoded while the one before it is being written. Extraction goes first: its
//           quota does not come again, a package is in landing and can wait. So pages for which there
//           is no room are read from landing later.
// Owns:     the threads and the warehouse; packages wait in memory up to some megabytes.
// Threads:  push(), wait_until_ready() and finish() from the extracting thread.
// Errors:   the first error of loading is returned by push(), wait_until_ready() and finish();
//           packages not loaded stay in landing for the next run.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/result.hpp"
#include "landing/landing.hpp"
#include "load/loader.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::run {

class LoadQueue {
 public:
  using Open = std::function<Result<std::unique_ptr<warehouse::Warehouse>>()>;

  // `tables` are made if need be once the warehouse is open, then the packages that had `landed`
  // before this run are loaded. So much raw text is gathered before it is loaded (unless somebody
  // requests what comes after, or memory for pages runs out): for a warehouse where each transaction
  // costs money.
  // Loading of low priority leaves the processors to many stores, whose request limits are lost while
  // they wait; one store alone is done sooner when both go on. Extraction that asks the warehouse
  // first what it knows waits for it; else even opening it has low priority, and begins when let_begin()
  // says so, or after ten seconds.
  struct Options {
    int64_t gather_bytes = 0;
    bool has_low_priority = false;
    bool is_waited_for = true;
    // Called when packages are in the warehouse and when finish() begins, with how many are and how
    // many have come so far.
    std::function<void(int64_t loaded, int64_t all)> on_loaded;
    // Called before anything is loaded: its error ends the load.
    std::function<Status(warehouse::Warehouse&)> check;
  };
  LoadQueue(const landing::Landing& landing, Clock& clock, load::LoaderOptions load, Open open,
            std::vector<warehouse::TableDefinition> tables, std::vector<landing::Manifest> landed,
            Options options);
  ~LoadQueue();

  // Waits for room, but not long: then the package waits without its pages.
  Status push(landing::SealedPackage package);
  // Calls `work` on the loading thread once everything pushed before is in the warehouse, and not
  // before that time of the steady clock; one call for all requests that come meanwhile, none when
  // loading ends first.
  void request(std::function<void(warehouse::Warehouse&)> work, Micros not_before);
  // Extraction has a moment to spare: a store has used what its request limit allows for now.
  void let_begin();
  // Returns when everything that landed before this run is in the warehouse.
  Status wait_until_ready();
  // Loads the rest and ends the thread.
  Result<load::LoadReport> finish();
  // Valid after wait_until_ready() or finish() succeeded.
  warehouse::Warehouse& warehouse() { return *warehouse_; }
  int64_t busy_ms() const { return busy_ms_; }

 private:
  // Raw text that may wait: a package of the usual size, and more before the warehouse is open,
  // which then needs no memory yet.
  static constexpr int64_t kWaitingBytes = 8 << 20;
  static constexpr int64_t kWaitingAtStartBytes = 40 << 20;
  // Each is decoded by a thread of its own.
  static constexpr int64_t kWaitingPackages = 32;
  static constexpr auto kPatience = std::chrono::milliseconds(200);
  static constexpr auto kBeginsAfter = std::chrono::seconds(10);
  struct Waiting {
    landing::Manifest manifest;
    // Of pages in memory, being decoded; none when they are to be read from landing.
    std::future<Result<load::DecodedPackage>> decoded;
  };
  void work();
  void wait_to_begin();
  // The next thing to do; nothing when all is done or failed.
  enum class Task { kNone, kLoad, kRequested };
  Task wait_for_task();
  bool is_request_due() const;
  Status start();
  Status load_waiting();
  void count_loaded(int64_t packages);
  // Those that have waited longest, as many as are alike in being in memory or not.
  std::deque<Waiting> take_waiting();

  const landing::Landing& landing_;
  Clock& clock_;
  load::LoaderOptions load_options_;
  load::PackageDecoder decoder_;
  Open open_;
  std::vector<warehouse::TableDefinition> tables_;
  std::vector<landing::Manifest> landed_;
  Options options_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<load::Loader> loader_;
  load::LoadReport report_;
  int64_t busy_ms_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  int64_t packages_ = 0;  // all that came
  int64_t packages_loaded_ = 0;
  int64_t gathered_bytes_ = 0;     // raw text of all that wait
  int64_t waiting_bytes_ = 0;      // raw text in memory
  int64_t waiting_in_memory_ = 0;  // packages
  bool is_congested_ = false;      // somebody has just waited in vain
  bool may_begin_ = false;
  bool is_ready_ = false;
  bool is_closed_ = false;
  std::function<void(warehouse::Warehouse&)> requested_;
  Micros not_before_{0};  // of what is requested
  std::optional<Error> failure_;
  std::thread thread_;
};

}  // namespace falaj::run
