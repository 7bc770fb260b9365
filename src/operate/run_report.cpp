#include "operate/run_report.hpp"

#include <chrono>

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

Json RunReport::to_json() const {
  return run_shape().to_json(*this);
}

}  // namespace falaj::operate
