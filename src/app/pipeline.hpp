// The stages of a run, each a step that run() names; what they share is here.
// Owns:     the home (with its lock), the stores' runs, the landing and the loading thread.
// Threads:  confined to the main thread; loading has its own, and so has each store that is being
//           read.
// Errors:   of the stage. With several stores, one that fails does not stop the others: the report
//           names it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/load_queue.hpp"
#include "app/progress_note.hpp"
#include "app/run_progress.hpp"
#include "app/store_run.hpp"
#include "app/stream_catalogue.hpp"
#include "base/ticker.hpp"
#include "base/ulid.hpp"
#include "home/home.hpp"
#include "landing/landing.hpp"
#include "operate/reconcile.hpp"
#include "operate/run_report.hpp"
#include "operate/services.hpp"
#include "transform/transformer.hpp"

namespace falaj::app {

class Pipeline {
 public:
  Pipeline(const home::Home& home, home::HeldHome held, operate::RunRequest request,
           operate::ProgressSink progress);
  ~Pipeline();

  // Opens landing, cuts torn tails, finds the run to resume or starts one, begins loading.
  Status start(size_t stores);
  // Reads every store into landing, several at once. An error when none of them could be read.
  Status extract(std::vector<StoreAccess> stores);
  // Waits until everything landed is in BRONZE.
  Status finish_loading();
  Status transform();
  Status reconcile();
  // Saves where the next run starts, removes old packages, closes the run's record.
  Status finish();
  // Closes the record of a run that failed; the next run resumes it.
  void fail(const Error& error);

  operate::RunReport report() const { return report_; }

 private:
  Status keep_ids_in_order(const std::vector<landing::Manifest>& landed);
  Status take_in_webhooks(bool is_resumed);
  void add_stage(const std::string& name, Micros since);
  void make_stores(std::vector<StoreAccess> stores);
  std::vector<Status> run_stores();
  void note(const StoreRun& store, const std::string& text);
  void note_clock(const StoreRun& store);
  void collect_store(const StoreRun& store, const Status& outcome);
  // Requests and pages as extraction saw them, rows as the books have them.
  Status collect_streams();
  Status note_quarantine();
  std::string store_list() const;  // for tags of statements
  Status build_models(warehouse::Warehouse& warehouse, bool is_full_refresh,
                      const std::vector<operate::Announced>& announced);
  void request_refresh(Micros not_before);
  void request_refresh_in_time();
  Result<std::vector<operate::Reconciliation>> compare_with_lists(warehouse::Session& session);
  Status compare_with_stores(warehouse::Session& session,
                             std::vector<operate::Reconciliation>& results);
  Status remove_old_packages();

  const home::Home& home_;
  home::HeldHome held_;
  operate::RunRequest request_;
  ProgressNote note_;
  RunProgress progress_;
  Ticker ticker_;  // shows waits to who reads the note
  std::stop_token stop_;
  size_t stores_at_once_ = 1;
  bool knows_nothing_ = false;  // neither a warehouse nor landed packages when the run started
  UlidGenerator ulids_;
  RunId run_;
  Micros started_;
  std::atomic<Micros> refreshed_at_;  // or begun
  landing::PosixFileStore files_;
  std::unique_ptr<landing::Landing> landing_;
  connectors::salla::Streams streams_;
  std::unique_ptr<LoadQueue> loading_;
  std::mutex state_mutex_;
  std::mutex large_mutex_;  // statements over all that is known go one after another
  std::vector<std::unique_ptr<StoreRun>> stores_;
  std::vector<bool> is_read_;  // by store
  bool is_clock_noted_ = false;
  operate::RunReport report_;
  std::vector<std::string> model_failures_;  // of the last time the models were built
  bool has_open_quarantine_ = false;         // records of streams
  bool has_open_records_ = false;            // records of models
};

}  // namespace falaj::app
