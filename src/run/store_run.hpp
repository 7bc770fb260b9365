// One store's part of a run: who it is, and its extraction into the landing that all stores of the
// run share.
// Owns:     its connections, its HTTP client and its extractor.
// Threads:  confined to one, which may be another store by store; what RunParts holds is shared.
// Errors:   of the stage; each names the store where there are several.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/shifted_clock.hpp"
#include "base/ulid.hpp"
#include "extract/extractor.hpp"
#include "home/home.hpp"
#include "landing/landing.hpp"
#include "run/load_queue.hpp"
#include "run/named_entities.hpp"
#include "run/run_request.hpp"
#include "stores/home_streams.hpp"
#include "stores/store_access.hpp"
#include "stores/store_client.hpp"

namespace falaj::run {

// What the stores of a run share.
struct RunParts {
  const home::Home& home;
  state::StateStore& state;
  std::mutex& state_mutex;
  // Of statements over all that is known: the memory of the warehouse is for one of them.
  std::mutex& large_mutex;
  const RunRequest& request;
  RunId run;
  landing::Landing& landing;
  UlidGenerator& ulids;
  LoadQueue& loading;
  const stores::Streams& streams;
  bool knows_nothing = false;  // neither a warehouse nor landed packages when the run started
  int64_t package_bytes_max = 0;
  bool keeps_pages = false;         // loaded from memory if there is room, else from landing
  size_t receive_buffer_bytes = 0;  // of one connection
  std::stop_token stop;
  std::optional<Micros> deadline;  // of the whole command, on the clock's steady time
};

// What a store tells the run that reads it, from the thread that reads the store.
class StoreListener {
 public:
  virtual ~StoreListener() = default;
  virtual void on_progress(const extract::ExtractProgress& progress) = 0;
  // Its limit makes it wait before its next request.
  virtual void on_wait() = 0;
  // What was handed on by now is to become gold.
  virtual void on_refresh() = 0;
  // All else is landed and handed on.
  virtual void on_customers_left() = 0;
};

class StoreRun {
 public:
  // `listener` must outlive it.
  StoreRun(RunParts parts, stores::StoreAccess access, StoreListener& listener);
  ~StoreRun();

  // Asks who the token belongs to, then reads everything, going on where an earlier run of this
  // store did not end.
  Status run();
  // Saves where the next run starts; call when everything is in the warehouse.
  Status remember();

  // Safe from other threads: what is known of the store by now; id 0: nothing.
  extract::StoreInfo store() const;
  std::string name() const;
  // Days whose orders have all been handed on; safe from other threads.
  std::optional<extract::DayWindow> whole_days() const;

  // After run().
  const extract::ExtractReport& extracted() const { return extracted_; }
  // Of this machine's clock against the store's, when it is far off.
  std::optional<Micros> clock_skew() const { return skew_; }

 private:
  Result<std::optional<StoreId>> known_id();
  Status identify();
  // From here on answers are dated by the store's clock where ours is far from it.
  void set_clock(const std::optional<Micros>& measured);
  // The run whose answers are this one's too, or this one.
  Status find_run();
  Status extract();
  extract::ExtractContext context();
  extract::CursorStore cursors();
  extract::ExtractOptions options() const;
  // The warehouse, once what landed before the run is in it; nothing: there is none yet.
  Result<warehouse::Warehouse*> warehouse();
  void publish_whole_days();
  // Keeps the names of what events have named and this run has not asked for.
  Status forget_named();

  RunParts parts_;
  stores::StoreAccess access_;
  StoreListener& listener_;
  ShiftedClock clock_;

  // What other threads ask for while the store is being read.
  mutable std::mutex published_mutex_;
  extract::StoreInfo published_store_;
  std::optional<extract::DayWindow> landed_days_;  // known to extraction
  std::optional<extract::DayWindow> whole_days_;   // and handed on

  // Of the reading thread.
  std::optional<Micros> skew_;
  RunId run_;  // under which this store's answers land
  std::unique_ptr<stores::StoreClient> client_;
  StoreId store_id_;
  extract::Answer store_answer_;
  extract::CursorStore cursors_;
  std::unique_ptr<extract::Extractor> extractor_;
  extract::ExtractReport extracted_;
  NamedEntities named_;  // by events, when the run began
};

}  // namespace falaj::run
