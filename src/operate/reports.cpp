#include "operate/reports.hpp"

#include "operate/report_shapes.hpp"

namespace falaj::operate {
namespace {

const char* state_name(CheckItem::State state) {
  switch (state) {
    case CheckItem::State::kOk: return "ok";
    case CheckItem::State::kWarning: return "warning";
    case CheckItem::State::kFailed: return "failed";
  }
  return "failed";
}

const Described<StatusReport::Current>& current_shape() {
  using Current = StatusReport::Current;
  static const auto kShape =
      Described<Current>("status.current")
          .field("holder", &Current::holder, "which process, and since when")
          .field("task", &Current::task, "empty: it has not said anything yet")
          .field("seconds_ago", &Current::seconds_ago, "when it said so", "s")
          .records("progress", &Current::progress, progress_shape(), "how far it is");
  return kShape;
}

const Described<StatusReport::Run>& status_run_shape() {
  using Run = StatusReport::Run;
  static const auto kShape =
      Described<Run>("status.run")
          .field("run_id", &Run::run_id, "")
          .field("task", &Run::task, "run, reconcile, or the days of a backfill")
          .field("status", &Run::status,
                 "running, done, partial, mismatch, stopped, failed, interrupted or dropped")
          .time("started_at", &Run::started_at, "")
          .time("finished_at", &Run::finished_at, "empty: not yet")
          .field("rows_loaded", &Run::rows_loaded, "-1: not known", "rows")
          .field("verdict", &Run::verdict, "its last sentence, or its error");
  return kShape;
}

const Described<StatusReport::Layer>& layer_shape() {
  using Layer = StatusReport::Layer;
  static const auto kShape = Described<Layer>("status.layer")
                                 .field("layer", &Layer::layer, "the schema")
                                 .field("table", &Layer::table, "")
                                 .field("rows", &Layer::rows, "", "rows")
                                 .time("last_change", &Layer::last_change, "empty: never");
  return kShape;
}

const Described<StatusReport::Depth>& depth_shape() {
  using Depth = StatusReport::Depth;
  static const auto kShape = Described<Depth>("status.depth")
                                 .field("store_id", &Depth::store_id, "the store")
                                 .field("stream", &Depth::stream, "")
                                 .field("known", &Depth::known, "", "rows")
                                 .field("deep", &Depth::deep, "of them at full depth", "rows");
  return kShape;
}

const Described<StreamView::Column>& column_shape() {
  using Column = StreamView::Column;
  static const auto kShape =
      Described<Column>("stream.column")
          .field("name", &Column::name, "")
          .field("kind", &Column::kind, "its type")
          .field("paths", &Column::paths, "where in the answer it is looked for")
          .field("empty", &Column::empty, "what [] and {} mean")
          .field("empty_text", &Column::empty_text, "what an empty text means")
          .field("important", &Column::is_important, "whether a value that does not fit is told");
  return kShape;
}

}  // namespace

const Described<CheckItem>& check_shape() {
  static const auto kShape =
      Described<CheckItem>("check")
          .field("check", &CheckItem::name, "what was looked at")
          .field(
              "state", [](const CheckItem& item) { return state_name(item.state); },
              "ok, warning or failed")
          .field("detail", &CheckItem::detail, "what was found")
          .field("remedy", &CheckItem::remedy, "what to do; empty: nothing");
  return kShape;
}

const Described<StatusReport>& status_shape() {
  static const auto kShape =
      Described<StatusReport>("status")
          .field("home", &StatusReport::home, "its folder")
          .records("current", &StatusReport::current, current_shape(),
                   "the run that is going on; null: none")
          .records("runs", &StatusReport::runs, status_run_shape(), "the last ten, newest first")
          .field("packages_on_disk", &StatusReport::packages_on_disk, "landed", "packages")
          .field("landing_bytes", &StatusReport::landing_bytes, "of the landing", "bytes")
          .records("layers", &StatusReport::layers, layer_shape(),
                   "the main tables; empty without --live")
          .records("depth", &StatusReport::depth, depth_shape(),
                   "after the last run that changed something");
  return kShape;
}

const Described<SettingView>& setting_shape() {
  static const auto kShape =
      Described<SettingView>("setting")
          .field("name", &SettingView::name, "")
          .field("value", &SettingView::value, "secrets are masked")
          .field("origin", &SettingView::origin, "default, falaj.toml:LINE, .env or environment")
          .field("help", &SettingView::help, "what it is");
  return kShape;
}

const Described<StreamView>& stream_shape() {
  static const auto kShape =
      Described<StreamView>("stream")
          .field("stream", &StreamView::name, "its name")
          .field("path", &StreamView::path, "empty: falaj's own records")
          .field("paging", &StreamView::paging, "how its list is paged")
          .field("parent", &StreamView::parent, "the stream whose entities it hangs on")
          .field("changes", &StreamView::changes, "how changes are found")
          .field("scope", &StreamView::scope, "what the token must allow")
          .field("bucket", &StreamView::bucket, "which limit its requests draw on")
          .field("cost", &StreamView::cost, "requests, in words")
          .field("table", &StreamView::table, "where its rows go")
          .field("note", &StreamView::note, "")
          .field("document", &StreamView::document, "where its facts come from")
          .field("enabled", &StreamView::is_enabled, "whether it is read")
          .records("columns", &StreamView::columns, column_shape(), "of its table");
  return kShape;
}

const Described<InitReport>& init_shape() {
  static const auto kShape = Described<InitReport>("init")
                                 .field("home", &InitReport::home, "its folder")
                                 .field("created", &InitReport::created, "paths that were made")
                                 .field("kept", &InitReport::kept, "paths that were there");
  return kShape;
}

Json to_json(const std::vector<CheckItem>& items) {
  return check_shape().to_json(items);
}

Json to_json(const StatusReport& status) {
  return status_shape().to_json(status);
}

Json to_json(const std::vector<SettingView>& settings) {
  return setting_shape().to_json(settings);
}

Json to_json(const std::vector<StreamView>& streams) {
  return stream_shape().to_json(streams);
}

Json to_json(const InitReport& report) {
  return init_shape().to_json(report);
}

}  // namespace falaj::operate
