#include "operate/reports.hpp"

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

Json strings(const std::vector<std::string>& texts) {
  return Json(Json::Array(texts.begin(), texts.end()));
}

}  // namespace

Json to_json(const std::vector<CheckItem>& items) {
  Json::Array rows;
  for (const auto& item : items) {
    Json row;
    row.set("check", item.name);
    row.set("state", state_name(item.state));
    row.set("detail", item.detail);
    row.set("remedy", item.remedy);
    rows.push_back(std::move(row));
  }
  return rows;
}

Json to_json(const StatusReport& status) {
  Json json;
  json.set("home", status.home);
  Json current;
  if (status.current) {
    current.set("holder", status.current->holder);
    current.set("task", status.current->task);
    current.set("seconds_ago", status.current->seconds_ago);
    current.set("progress", to_json(status.current->progress));
  }
  json.set("current", std::move(current));
  Json::Array runs;
  for (const auto& run : status.runs) {
    Json row;
    row.set("run_id", run.run_id);
    row.set("task", run.task);
    row.set("status", run.status);
    row.set("started_at", run.started_at);
    row.set("finished_at", run.finished_at);
    row.set("rows_loaded", run.rows_loaded);
    row.set("verdict", run.verdict);
    runs.push_back(std::move(row));
  }
  json.set("runs", std::move(runs));
  json.set("packages_on_disk", status.packages_on_disk);
  json.set("landing_bytes", status.landing_bytes);
  Json::Array layers;
  for (const auto& layer : status.layers) {
    Json row;
    row.set("layer", layer.layer);
    row.set("table", layer.table);
    row.set("rows", layer.rows);
    row.set("last_change", layer.last_change);
    layers.push_back(std::move(row));
  }
  json.set("layers", std::move(layers));
  Json::Array depth;
  for (const auto& each : status.depth) {
    Json row;
    row.set("store_id", each.store_id);
    row.set("stream", each.stream);
    row.set("known", each.known);
    row.set("deep", each.deep);
    depth.push_back(std::move(row));
  }
  json.set("depth", std::move(depth));
  return json;
}

Json to_json(const std::vector<SettingView>& settings) {
  Json::Array rows;
  for (const auto& setting : settings) {
    Json row;
    row.set("name", setting.name);
    row.set("value", setting.value);
    row.set("origin", setting.origin);
    row.set("help", setting.help);
    rows.push_back(std::move(row));
  }
  return rows;
}

Json to_json(const std::vector<StreamView>& streams) {
  Json::Array rows;
  for (const auto& stream : streams) {
    Json row;
    row.set("stream", stream.name);
    row.set("path", stream.path);
    row.set("paging", stream.paging);
    row.set("parent", stream.parent);
    row.set("changes", stream.changes);
    row.set("scope", stream.scope);
    row.set("bucket", stream.bucket);
    row.set("cost", stream.cost);
    row.set("table", stream.table);
    row.set("note", stream.note);
    row.set("document", stream.document);
    row.set("enabled", stream.is_enabled);
    Json::Array columns;
    for (const auto& column : stream.columns) {
      Json cell;
      cell.set("name", column.name);
      cell.set("kind", column.kind);
      cell.set("paths", column.paths);
      cell.set("empty", column.empty);
      cell.set("empty_text", column.empty_text);
      cell.set("important", column.is_important);
      columns.push_back(std::move(cell));
    }
    row.set("columns", std::move(columns));
    rows.push_back(std::move(row));
  }
  return rows;
}

Json to_json(const InitReport& report) {
  Json json;
  json.set("home", report.home);
  json.set("created", strings(report.created));
  json.set("kept", strings(report.kept));
  return json;
}

}  // namespace falaj::operate
