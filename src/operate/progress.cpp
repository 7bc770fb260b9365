#include "operate/progress.hpp"

namespace falaj::operate {

Json to_json(const Progress& progress) {
  Json json;
  json.set("stage", progress.stage);
  json.set("stream", progress.stream);
  json.set("pages", progress.pages);
  json.set("rows", progress.rows);
  json.set("requests", progress.requests);
  json.set("orders_done", progress.orders_done);
  json.set("orders_all", progress.orders_all);
  json.set("steps_done", progress.steps_done);
  json.set("steps_all", progress.steps_all);
  json.set("requests_per_second", progress.requests_per_second);
  json.set("quota_used_percent", progress.quota_used_percent);
  json.set("eta_seconds", progress.eta_seconds);
  json.set("stores_reading", progress.stores_reading);
  json.set("waits", to_json(progress.waits));
  return json;
}

Progress progress_of(const Json& json) {
  Progress progress;
  progress.stage = json["stage"].as_string();
  progress.stream = json["stream"].as_string();
  progress.pages = json["pages"].as_int();
  progress.rows = json["rows"].as_int();
  progress.requests = json["requests"].as_int();
  progress.orders_done = json["orders_done"].as_int();
  progress.orders_all = json["orders_all"].as_int();
  progress.steps_done = json["steps_done"].as_int();
  progress.steps_all = json["steps_all"].as_int();
  progress.requests_per_second = json["requests_per_second"].as_double();
  progress.quota_used_percent = json["quota_used_percent"].as_double(-1);
  progress.eta_seconds = json["eta_seconds"].as_double(-1);
  progress.stores_reading = json["stores_reading"].as_int();
  progress.waits = waits_of(json["waits"]);
  return progress;
}

}  // namespace falaj::operate
