// One extraction of one store: every stream from the API into landing packages.
// Shape:    a deterministic function of the store's answers, so that a killed run is resumed by
//           walking it again over what has landed (docs/decisions/0001-resume-by-replay.md).
// Threads:  confined to one; on_sealed runs on it and may wait.
// Errors:   everything fetched before an error is landed and handed on first. kCancelled when
//           stopped; kAuthFailed, kUnavailable, kBadResponse ... from the store; kStorageFailed.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "extract/known_store.hpp"
#include "extract/more_streams.hpp"
#include "extract/named_entity.hpp"
#include "extract/order_stream.hpp"
#include "extract/package_sink.hpp"
#include "extract/source.hpp"
#include "extract/store_info.hpp"
#include "extract/store_lists.hpp"
#include "extract/stream_spec.hpp"

namespace falaj::extract {

struct ExtractOptions {
  bool is_summary_only = false;
  bool is_reconciling = false;  // compare everything with the store, whatever changed
  std::optional<Backfill> backfill;
  // While single orders are being asked for, what has landed is handed on so often.
  std::chrono::seconds refresh_every{300};
  // On the clock's steady time: orders that are not deepened by then are left to the next run.
  std::optional<Micros> deadline;
  int64_t page_size = 60;
  int64_t reread_days = 0;  // in which each known order is read again once; 0: never
  std::vector<std::string> order_volatile_members;  // left out when list rows are compared
  std::vector<StreamSpec> more_streams;             // beyond those with a procedure of their own
  // Entities that somebody says have changed, each once: asked for unless seen anyway.
  std::vector<NamedEntity> named;
  std::optional<StreamSpec> light_products;  // for catalogues that the list cannot reach
  landing::PackageWriterOptions package;
};

struct ExtractProgress {
  std::string stream;
  int64_t pages = 0;
  int64_t rows = 0;
  SourceCounters counters;
  int64_t done = 0;  // orders brought to full depth, of those that need it; 0 of 0: not known yet
  int64_t all = 0;
  int64_t calls_done = 0;   // for them
  int64_t calls_left = -1;  // -1: not known yet
};

struct StreamOutcome {
  std::string stream;
  StreamTally tally;
  int64_t announced = -1;  // by the list; -1: it says nothing
};

struct ExtractReport {
  std::vector<StreamOutcome> streams;
  OrderOutcome orders;
  std::vector<NamedEntity> named_left;  // not asked for in this run
  int64_t codes_cut = 0;
  int64_t broken_pages = 0;
  std::vector<std::string> notes;
};

// What the extractor works with; all of it outlives the run.
struct ExtractContext {
  Source& source;
  landing::Landing& landing;
  UlidGenerator& ulids;
  Clock& clock;
  CursorStore& cursors;
  ReadKnownStore read_known;
  ReadKnownIds read_known_ids;
  PackageSink::OnSealed on_sealed;
  // What was handed on so far is worth a look; nothing: nobody wants to know.
  std::function<void()> on_refresh;
  // All is landed and handed on but customers, whose limit may take long; the same.
  std::function<void()> on_customers_left;
  std::function<void(const ExtractProgress&)> on_progress;
  std::stop_token stop;
  // All orders of these days have been landed: known whole once what is landed is loaded.
  std::function<void(DayWindow)> on_whole_days = {};
};

class Extractor {
 public:
  Extractor(ExtractContext context, ExtractOptions options);
  // `info_body` is the answer of /store/info that told the store's id; it is landed too.
  Result<ExtractReport> run(const RunId& run, const StoreInfo& store, Answer info_answer);
  // After a successful run, when its packages are durable: the next run starts from here.
  Status remember();

 private:
  Status read_streams(PageLoop& loop);
  Status read_backfill(PageLoop& loop);
  Status read_products_and_orders(PageLoop& loop);
  // And the streams that the catalogue adds, those below customers excepted.
  Status read_products(PageLoop& loop);
  Status read_orders(PageLoop& loop, std::function<Status()> before_deepening);
  // Hands on what has landed, if what is left will take long; later from time to time.
  Status refresh_if_long(PageLoop& loop);
  Status refresh(PageLoop& loop);
  // For single orders: made, and left.
  std::pair<int64_t, int64_t> calls() const;
  Status read_small_list(PageLoop& loop, const std::string& stream, const std::string& path);
  Status take_customers(PageLoop& loop);
  Result<std::optional<SweepResult>> take_list(const std::string& stream, Result<SweepResult> seen);
  std::vector<int64_t> named_of(const std::string& stream) const;
  // Those named that the list has not shown.
  Status ask_named(PageLoop& loop, const std::string& stream, const SweepResult& seen);
  Status land_missing(PageLoop& loop, const std::string& stream,
                      const std::optional<SweepResult>& seen, const std::vector<int64_t>& known);

  ExtractContext context_;
  ExtractOptions options_;
  ExtractReport report_;
  std::vector<std::string> statuses_;
  std::optional<SweepResult> seen_customers_;
  std::optional<SweepResult> seen_products_;
  Micros started_{};
  Micros next_refresh_{};
  std::optional<KnownStore> known_;
  ReadKnownStore read_once_;
  std::unique_ptr<MoreStreams> more_;
  std::unique_ptr<OrderStream> orders_;
};

}  // namespace falaj::extract
