// The steps of a run, each a call that run() names; what they share is here.
// Owns:     the home's lock, the stores' runs, the landing and the loading thread, which goes first: it
//           uses all the rest.
// Threads:  confined to the main thread; loading has its own, and so has each store that is being
//           read.
// Errors:   of the step. With several stores, one that fails does not stop the others: the report
//           names it.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/ticker.hpp"
#include "base/ulid.hpp"
#include "home/home.hpp"
#include "landing/landing.hpp"
#include "run/load_queue.hpp"
#include "run/model_refresh.hpp"
#include "run/reconcile.hpp"
#include "run/run_outside.hpp"
#include "run/run_progress.hpp"
#include "run/run_report.hpp"
#include "run/run_request.hpp"
#include "run/store_reading.hpp"

namespace falaj::run {

// A run is watched for as long as the home is held.
class Watched {
 public:
  Watched(RunOutside& outside, const std::string& task) : outside_(outside) {
    outside_.begin(task);
  }
  ~Watched() { outside_.end(); }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

 private:
  RunOutside& outside_;
};

class Pipeline {
 public:
  // Everything must outlive it.
  Pipeline(const home::Home& home, home::HeldHome held, const RunRequest& request,
           RunOutside& outside);
  ~Pipeline();

  // Opens landing, takes in what webhooks brought, and finds the run to take up again.
  Status open(size_t stores);
  // Cuts torn tails, and begins to load what is landed and not in the warehouse.
  Status recover();
  // Reads every store into landing, several at once. An error when none of them could be read.
  Status extract(std::vector<stores::StoreAccess> stores);
  // Waits until everything landed is in BRONZE.
  Status load();
  Status transform();
  Status reconcile();
  // Saves where the next run starts, removes old packages, closes the run's record.
  Status finish();
  // Closes the record of a run that failed; the next run resumes it.
  void fail(const Error& error);

  RunReport report() const { return report_; }

 private:
  void add_stage(const std::string& name, Micros since);
  Status take_in_webhooks();
  Status keep_ids_in_order(const std::vector<landing::Manifest>& landed);
  void begin_loading(std::vector<landing::Manifest> landed);
  RunParts parts_of_stores();
  void note(const StoreRun& store, const std::string& text);
  void note_clock(const StoreRun& store);
  void collect_store(const StoreRun& store, const Status& outcome);
  // Requests and pages as extraction saw them, rows as the books have them.
  Status collect_streams();
  Status note_quarantine();
  Result<std::vector<Reconciliation>> compare_lists(warehouse::Session& session);
  Status compare_totals(warehouse::Session& session, std::vector<Reconciliation>& results);
  Status remove_old_packages();

  const home::Home& home_;
  home::HeldHome held_;
  std::mutex state_mutex_;  // of held_.state, while stores are being read
  const RunRequest& request_;
  RunOutside& outside_;
  Watched watched_;
  warehouse::Opener& opener_;
  RunProgress progress_;
  Micros started_;
  UlidGenerator ulids_;
  RunId run_;
  RunReport report_;

  landing::PosixFileStore files_;
  std::unique_ptr<landing::Landing> landing_;
  stores::Streams streams_;
  bool is_resumed_ = false;
  std::optional<state::RunRecord> unfinished_;
  bool knows_nothing_ = false;  // neither a warehouse nor landed packages when the run started
  size_t stores_at_once_ = 1;

  std::mutex large_mutex_;  // statements over all that is known go one after another
  StoreReading stores_;
  ModelRefresh models_;
  bool is_clock_noted_ = false;
  bool has_open_quarantine_ = false;  // records of streams
  // Last: their threads use what is above, and are joined before it goes.
  std::unique_ptr<LoadQueue> loading_;
  Ticker ticker_;  // shows waits to who watches
};

}  // namespace falaj::run
