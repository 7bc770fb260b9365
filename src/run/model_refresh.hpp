// Builds silver and gold: on the loading thread while single orders are still being asked for, and at
// the end of the run.
// Shape:    what was built is kept until take() asks for it.
// Owns:     nothing that others write: what all builds brought is under a mutex.
// Threads:  build() from one thread at a time; request() from any.
// Errors:   of the models; what goes wrong on the loading thread goes wrong again at the end, and is
//           reported there.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "home/home.hpp"
#include "run/coverage.hpp"
#include "run/known_days.hpp"
#include "run/load_queue.hpp"
#include "run/run_progress.hpp"
#include "run/run_report.hpp"
#include "transform/transformer.hpp"

namespace falaj::run {

// The stores that a run reads, as far as they are known by now. Safe from any thread.
class StoresOfRun {
 public:
  virtual ~StoresOfRun() = default;
  virtual std::string store_list() const = 0;  // for tags of statements
  virtual std::vector<WholeDays> whole_days() const = 0;
};

// What the models of a run brought, all builds together; failures are those of the last one.
struct ModelsBuilt {
  std::vector<ModelReport> models;
  std::vector<Coverage> coverage;  // empty when nothing has changed
  std::vector<std::string> notes;
  std::vector<std::string> failures;
  bool has_open_records = false;  // records of models
  int64_t refreshes = 0;          // before the end
};

class ModelRefresh {
 public:
  struct Options {
    bool is_full_refresh = false;
    // Before the end what was loaded is not counted yet, but something was.
    bool has_news = true;
    std::vector<Announced> announced;
  };
  // Everything must outlive it. `large_mutex`: of statements over all that is known.
  ModelRefresh(const home::Home& home, const StoresOfRun& stores, std::mutex& large_mutex,
               RunProgress& progress);

  void begin(const RunId& run) { run_ = run; }
  Status build(warehouse::Warehouse& warehouse, const Options& options);
  // On the loading thread, once all that was handed on is loaded; not before that steady time.
  void request(LoadQueue& loading, Micros not_before);
  // What a store has brought does not wait for slower ones.
  void request_in_time(LoadQueue& loading);
  ModelsBuilt take();

 private:
  void keep(const transform::TransformReport& done);

  const home::Home& home_;
  const StoresOfRun& stores_;
  std::mutex& large_mutex_;
  RunProgress& progress_;
  RunId run_;
  std::atomic<Micros> refreshed_at_;  // or begun
  std::mutex built_mutex_;
  ModelsBuilt built_;
};

}  // namespace falaj::run
