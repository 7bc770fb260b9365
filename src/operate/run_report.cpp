#include "operate/run_report.hpp"

#include <chrono>

namespace falaj::operate {
namespace {

Json rows_of(const std::vector<EtaSample>& samples) {
  Json::Array rows;
  for (const auto& sample : samples) {
    Json row;
    row.set("done_percent", sample.done_percent);
    row.set("elapsed_ms", sample.elapsed_ms);
    row.set("left_ms", sample.left_ms);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Json to_json(const warehouse::Usage& usage) {
  Json json;
  json.set("statements", usage.statements);
  json.set("files", usage.files);
  json.set("bytes", usage.bytes);
  json.set("waited_ms",
           std::chrono::duration_cast<std::chrono::milliseconds>(usage.waited).count());
  return json;
}

Json RunReport::to_json() const {
  Json json;
  json.set("run_id", run_id);
  json.set("task", task);
  if (stores.size() == 1) {
    json.set("store_id", stores.front().store_id);
    json.set("store_name", stores.front().name);
  }
  Json::Array store_rows;
  for (const auto& store : stores) {
    Json row;
    row.set("store_id", store.store_id);
    row.set("name", store.name);
    row.set("orders_to_deepen", store.orders_to_deepen);
    if (!store.error.empty()) row.set("error", store.error);
    store_rows.push_back(std::move(row));
  }
  json.set("stores", std::move(store_rows));
  json.set("warehouse", warehouse);
  json.set("duration_ms", duration_ms);
  json.set("peak_rss_bytes", peak_rss_bytes);
  json.set("rows_loaded", rows_loaded());
  json.set("orders_to_deepen", orders_to_deepen);
  json.set("reconciles", mismatches.empty() && differences.empty());
  Json::Array stream_rows;
  for (const auto& stream : streams) {
    Json row;
    row.set("stream", stream.stream);
    row.set("requests", stream.requests);
    row.set("pages", stream.pages);
    row.set("fetched", stream.fetched);
    row.set("loaded", stream.loaded);
    row.set("unchanged", stream.unchanged);
    row.set("quarantined", stream.quarantined);
    stream_rows.push_back(std::move(row));
  }
  json.set("streams", std::move(stream_rows));
  Json::Array model_rows;
  for (const auto& model : models) {
    Json row;
    row.set("model", model.model);
    row.set("rows_in", model.rows_in);
    row.set("inserted", model.inserted);
    row.set("updated", model.updated);
    row.set("closed", model.closed);
    row.set("deleted", model.deleted);
    row.set("duration_ms", model.duration_ms);
    model_rows.push_back(std::move(row));
  }
  json.set("models", std::move(model_rows));
  Json::Array stage_rows;
  for (const auto& stage : stages) {
    Json row;
    row.set("stage", stage.stage);
    row.set("duration_ms", stage.duration_ms);
    stage_rows.push_back(std::move(row));
  }
  json.set("stages", std::move(stage_rows));
  json.set("coverage", operate::to_json(coverage));
  json.set("eta", rows_of(eta));
  if (usage.statements > 0) json.set("usage", operate::to_json(usage));
  json.set("refreshes", refreshes);
  Json::Array mismatch_rows(mismatches.begin(), mismatches.end());
  json.set("mismatches", std::move(mismatch_rows));
  json.set("differences", Json::Array(differences.begin(), differences.end()));
  Json::Array note_rows(notes.begin(), notes.end());
  json.set("notes", std::move(note_rows));
  json.set("verdict", verdict());
  return json;
}

}  // namespace falaj::operate
