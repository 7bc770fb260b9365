#include "operate/progress.hpp"

#include "operate/report_shapes.hpp"

namespace falaj::operate {

const Described<Progress>& progress_shape() {
  static const auto kShape =
      Described<Progress>("progress")
          .field("stage", &Progress::stage, "extract, load, transform or reconcile")
          .field("stream", &Progress::stream, "the stream or model in work; empty: none")
          .field("pages", &Progress::pages, "answers used", "pages")
          .field("rows", &Progress::rows, "rows of them", "rows")
          .field("requests", &Progress::requests, "sent", "requests")
          .field("orders_done", &Progress::orders_done, "brought to full depth", "orders")
          .field("orders_all", &Progress::orders_all, "that need it; 0: not known yet", "orders")
          .field("steps_done", &Progress::steps_done, "packages loaded, models built")
          .field("steps_all", &Progress::steps_all, "0: not known yet")
          .field("requests_per_second", &Progress::requests_per_second, "of the last time",
                 "requests/s")
          .field("quota_used_percent", &Progress::quota_used_percent,
                 "of what the store allows; -1: no limit announced", "%")
          .field("eta_seconds", &Progress::eta_seconds, "what is left; -1: not known", "s")
          .field("stores_reading", &Progress::stores_reading, "at this moment", "stores")
          .records("waits", &Progress::waits, wait_shape(), "what is waited for");
  return kShape;
}

Json to_json(const Progress& progress) {
  return progress_shape().to_json(progress);
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
