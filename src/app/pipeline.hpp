// The stages of a run, each a step that run() names; what they share is here.
// Owns:     the home (with its lock), the HTTP client, the landing and the loading thread.
// Threads:  confined to the main thread; loading has its own.
// Errors:   of the stage.
#pragma once

#include <memory>
#include <string>

#include "app/home.hpp"
#include "app/load_queue.hpp"
#include "app/stream_catalogue.hpp"
#include "base/ulid.hpp"
#include "cli/services.hpp"
#include "connectors/salla/salla_source.hpp"
#include "extract/extractor.hpp"
#include "http/client.hpp"
#include "http/curl_transport.hpp"
#include "landing/landing.hpp"
#include "operate/run_report.hpp"
#include "transform/transformer.hpp"

namespace falaj::app {

class Pipeline {
 public:
  Pipeline(Home home, cli::RunRequest request, operate::ProgressSink progress);
  ~Pipeline();

  // Opens landing, cuts torn tails, finds the run to resume or starts one, begins loading.
  Status start();
  // Asks who the token belongs to.
  Status identify_store();
  Status extract();
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
  void add_stage(const std::string& name, Micros since);
  void collect_streams(const load::LoadReport& loaded);
  Status note_quarantine();
  void show(const extract::ExtractProgress& progress);
  Status remove_old_packages();

  Home home_;
  cli::RunRequest request_;
  operate::ProgressSink progress_;
  std::stop_token stop_;
  bool knows_nothing_ = false;  // neither a warehouse nor landed packages when the run started
  UlidGenerator ulids_;
  RunId run_;
  Micros started_;
  landing::PosixFileStore files_;
  std::unique_ptr<landing::Landing> landing_;
  http::CurlTransport transport_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<connectors::salla::SallaSource> source_;
  extract::CursorStore cursors_;
  extract::StoreInfo store_;
  extract::Answer store_answer_;
  connectors::salla::Streams streams_;
  std::unique_ptr<LoadQueue> loading_;
  std::unique_ptr<extract::Extractor> extractor_;
  extract::ExtractReport extracted_;
  operate::RunReport report_;
};

}  // namespace falaj::app
