// One store's part of a run: who it is, and its extraction into the landing that all stores of the
// run share.
// Owns:     its connections, its HTTP client and its extractor.
// Threads:  confined to one, which may be another store by store; what RunParts holds is shared.
// Errors:   of the stage; each names the store where there are several.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "app/load_queue.hpp"
#include "app/store_access.hpp"
#include "app/stream_catalogue.hpp"
#include "app/webhook_intake.hpp"
#include "base/shifted_clock.hpp"
#include "base/ulid.hpp"
#include "connectors/salla/salla_source.hpp"
#include "extract/extractor.hpp"
#include "home/home.hpp"
#include "http/client.hpp"
#include "http/curl_transport.hpp"
#include "landing/landing.hpp"
#include "operate/services.hpp"

namespace falaj::app {

// What the stores of a run share.
struct RunParts {
  const home::Home& home;
  state::StateStore& state;
  std::mutex& state_mutex;
  // Of statements over all that is known: the memory of the warehouse is for one of them.
  std::mutex& large_mutex;
  const operate::RunRequest& request;
  RunId run;
  landing::Landing& landing;
  UlidGenerator& ulids;
  LoadQueue& loading;
  const connectors::salla::Streams& streams;
  bool knows_nothing = false;  // neither a warehouse nor landed packages when the run started
  int64_t package_bytes_max = 0;
  bool keeps_pages = false;          // loaded from memory if there is room, else from landing
  size_t receive_buffer_bytes = 0;   // of one connection
  std::function<void()> on_refresh;  // what was handed on is to become gold
  std::stop_token stop;
  std::optional<Micros> deadline;  // of the whole command, on the clock's steady time
};

class StoreRun {
 public:
  using OnProgress = std::function<void(const extract::ExtractProgress&)>;
  // The store must wait before its next request.
  using OnWait = std::function<void()>;
  StoreRun(RunParts parts, StoreAccess access, OnProgress on_progress, OnWait on_wait);
  ~StoreRun();

  // Asks who the token belongs to, then reads everything, going on where an earlier run of this
  // store did not end. `on_customers_left`: all else is landed and handed on.
  Status run(std::function<void()> on_customers_left);
  // Saves where the next run starts; call when everything is in the warehouse.
  Status remember();

  const std::string& name() const { return store_.name.empty() ? access_.name : store_.name; }
  const extract::StoreInfo& store() const { return store_; }
  const extract::ExtractReport& extracted() const { return extracted_; }
  // Days whose orders have all been handed on; safe from other threads.
  std::optional<extract::DayWindow> whole_days() const;
  // Of this machine's clock against the store's, when it is far off.
  std::optional<Micros> clock_skew() const { return skew_; }

 private:
  Status identify();
  Status ask_who();
  void publish_whole_days();
  // From here on answers are dated by the store's clock where ours is far from it.
  void set_clock();
  Status extract();
  // The run whose answers are this one's too, or this one.
  Status find_run();
  // Keeps the names of what events have named and this run has not asked for.
  Status forget_named();
  void open_client(const std::string& store_id);
  Result<std::optional<std::string>> known_store_id();
  extract::ExtractOptions options() const;

  RunParts parts_;
  StoreAccess access_;
  OnProgress on_progress_;
  OnWait on_wait_;
  std::function<void()> on_customers_left_;
  ShiftedClock clock_;
  mutable std::mutex days_mutex_;
  std::optional<extract::DayWindow> landed_days_;  // known to extraction
  std::optional<extract::DayWindow> whole_days_;   // and handed on
  std::optional<Micros> skew_;
  RunId run_;  // under which this store's answers land
  http::CurlTransport transport_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<connectors::salla::SallaSource> source_;
  extract::CursorStore cursors_;
  extract::StoreInfo store_;
  extract::Answer store_answer_;
  std::unique_ptr<extract::Extractor> extractor_;
  extract::ExtractReport extracted_;
  NamedEntities named_;  // by events, when the run began
};

}  // namespace falaj::app
