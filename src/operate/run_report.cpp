#include "operate/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/counted.hpp"
#include "base/error.hpp"

#include "operate/report_shapes.hpp"

namespace falaj::operate {
namespace {

const Described<StoreReport>& store_report_shape() {
  static const auto kShape =
      Described<StoreReport>("run.store")
          .field("store_id", &StoreReport::store_id, "0: it did not say who it is")
          .field("name", &StoreReport::name, "its name")
          .field("orders_to_deepen", &StoreReport::orders_to_deepen, "not yet at full depth",
                 "orders")
          .optional_field(
              "error",
              [](const StoreReport& store) {
                return store.error.empty() ? std::nullopt : std::optional(store.error);
              },
              "why it could not be read");
  return kShape;
}

const Described<StreamReport>& stream_report_shape() {
  static const auto kShape =
      Described<StreamReport>("run.stream")
          .field("stream", &StreamReport::stream, "what kind of record")
          .field("requests", &StreamReport::requests, "sent to the store", "requests")
          .field("pages", &StreamReport::pages, "answers used, landed before or not", "pages")
          .field("fetched", &StreamReport::fetched, "= loaded + unchanged + quarantined", "rows")
          .field("loaded", &StreamReport::loaded, "new or changed", "rows")
          .field("unchanged", &StreamReport::unchanged, "known already, not stored again", "rows")
          .field("quarantined", &StreamReport::quarantined, "that could not become rows", "rows");
  return kShape;
}

const Described<ModelReport>& model_report_shape() {
  static const auto kShape =
      Described<ModelReport>("run.model")
          .field("model", &ModelReport::model, "its name")
          .field("rows_in", &ModelReport::rows_in, "computed", "rows")
          .field("inserted", &ModelReport::inserted, "", "rows")
          .field("updated", &ModelReport::updated, "", "rows")
          .field("closed", &ModelReport::closed, "versions that ended", "rows")
          .field("deleted", &ModelReport::deleted, "", "rows")
          .field("duration_ms", &ModelReport::duration_ms, "", "ms");
  return kShape;
}

const Described<StageTiming>& stage_shape() {
  static const auto kShape =
      Described<StageTiming>("run.stage")
          .field("stage", &StageTiming::stage,
                 "extract, load after extract, load beside extract, transform, reconcile")
          .field("duration_ms", &StageTiming::duration_ms, "", "ms");
  return kShape;
}

const Described<EtaSample>& eta_shape() {
  static const auto kShape =
      Described<EtaSample>("run.eta")
          .field("done_percent", &EtaSample::done_percent, "of the orders' details", "%")
          .field("elapsed_ms", &EtaSample::elapsed_ms, "since extracting began", "ms")
          .field("left_ms", &EtaSample::left_ms, "what was thought to be left", "ms");
  return kShape;
}

const Described<warehouse::Usage>& usage_shape() {
  using warehouse::Usage;
  static const auto kShape =
      Described<Usage>("run.usage")
          .field("statements", &Usage::statements, "that were sent", "statements")
          .field("files", &Usage::files, "that went up", "files")
          .field("bytes", &Usage::bytes, "of them", "bytes")
          .field(
              "waited_ms",
              [](const Usage& usage) {
                return std::chrono::duration_cast<std::chrono::milliseconds>(usage.waited).count();
              },
              "for answers", "ms");
  return kShape;
}

// Of the one store that was read; nothing when there were several.
template <typename Member>
auto of_only_store(Member StoreReport::*member) {
  return [member](const RunReport& run) -> std::optional<Member> {
    if (run.stores.size() != 1) return std::nullopt;
    return run.stores.front().*member;
  };
}

std::optional<warehouse::Usage> usage_of(const RunReport& run) {
  if (run.usage.statements == 0) return std::nullopt;
  return run.usage;
}

}  // namespace

const Described<RunReport>& run_shape() {
  static const auto kShape =
      Described<RunReport>("run")
          .field("run_id", &RunReport::run_id, "of this run, also when it took several processes")
          .field("task", &RunReport::task, "run, reconcile, or the days of a backfill")
          .optional_field("store_id", of_only_store(&StoreReport::store_id),
                          "of a run of one store")
          .optional_field("store_name", of_only_store(&StoreReport::name), "of a run of one store")
          .records("stores", &RunReport::stores, store_report_shape(), "each store that was read")
          .field("warehouse", &RunReport::warehouse, "where the data are, for people")
          .field("duration_ms", &RunReport::duration_ms, "of the command", "ms")
          .field("peak_rss_bytes", &RunReport::peak_rss_bytes, "of its memory", "bytes")
          .field("rows_loaded", &RunReport::rows_loaded, "of all streams", "rows")
          .field("orders_to_deepen", &RunReport::orders_to_deepen, "not yet at full depth",
                 "orders")
          .field(
              "reconciles",
              [](const RunReport& run) {
                return run.mismatches.empty() && run.differences.empty();
              },
              "the layers agree, and gold has as many orders as the list announces")
          .records("streams", &RunReport::streams, stream_report_shape(), "what each brought")
          .records("models", &RunReport::models, model_report_shape(), "those that were touched")
          .records("stages", &RunReport::stages, stage_shape(), "how long each took")
          .records("coverage", &RunReport::coverage, coverage_shape(),
                   "what is known then; empty when nothing changed")
          .records("eta", &RunReport::eta, eta_shape(), "estimates on the way")
          .optional_records("usage", usage_of, usage_shape(), "of a Snowflake account")
          .field("refreshes", &RunReport::refreshes,
                 "how often silver and gold were brought up to date before the end")
          .field("mismatches", &RunReport::mismatches, "layers that differ")
          .field("differences", &RunReport::differences,
                 "lists that announce another number of orders than gold has")
          .field("notes", &RunReport::notes, "what else a person should know")
          .field("verdict", &RunReport::verdict, "the last sentence");
  return kShape;
}

Json to_json(const warehouse::Usage& usage) {
  return usage_shape().to_json(usage);
}

int RunReport::exit_status() const {
  if (!mismatches.empty()) return exit_code(ErrorKind::kRowsRejected);
  for (const auto& store : stores) {
    if (store.exit_status != 0) return store.exit_status;
  }
  return 0;
}

int64_t RunReport::rows_loaded() const {
  int64_t rows = 0;
  for (const auto& stream : streams) rows += stream.loaded;
  return rows;
}

int64_t RunReport::rows_quarantined() const {
  int64_t rows = 0;
  for (const auto& stream : streams) rows += stream.quarantined;
  return rows;
}

std::string RunReport::verdict() const {
  if (!mismatches.empty()) {
    std::string text = "Does not reconcile: ";
    for (size_t i = 0; i < mismatches.size(); ++i) {
      if (i > 0) text += "; ";
      text += mismatches[i];
    }
    return text + ".";
  }
  int64_t fetched = 0;
  int64_t unchanged = 0;
  for (const auto& stream : streams) {
    fetched += stream.fetched;
    unchanged += stream.unchanged;
  }
  std::string missing;
  for (const auto& difference : differences) missing += difference + "; ";
  if (!missing.empty()) {
    missing.resize(missing.size() - 2);
    missing = fmt::format("Not everything is here: {}. ", missing);
  }
  auto text = fmt::format(
      "{}: {} rows fetched = {} loaded + {} unchanged + {} quarantined, and bronze, silver and "
      "gold agree.",
      missing.empty() ? "Everything reconciles" : missing + "The books balance", fetched,
      rows_loaded(), unchanged, rows_quarantined());
  if (orders_to_deepen > 0) {
    text += fmt::format(
        " {} not yet at full depth; the next run goes on with {}.",
        orders_to_deepen == 1 ? "1 order is" : with_thousands(orders_to_deepen) + " orders are",
        orders_to_deepen == 1 ? "it" : "them");
  }
  const auto failed = std::count_if(stores.begin(), stores.end(),
                                    [](const auto& store) { return !store.error.empty(); });
  if (failed > 0) {
    text +=
        fmt::format(" {} of {} could not be read.", failed, counted(std::ssize(stores), "store"));
  }
  return text;
}

Json RunReport::to_json() const {
  return run_shape().to_json(*this);
}

}  // namespace falaj::operate
