#include "operate/plan_report.hpp"

#include <algorithm>

#include "operate/report_shapes.hpp"

namespace falaj::operate {
namespace {

constexpr double kCustomersSpanMinutes = 10;

// Requests and what they are of the store's quota, as a plan and each of its lines have them.
struct Requests {
  CountRange count;
  std::optional<double> minutes;
  std::optional<double> minutes_most;
};

Requests requests_of(const PlanReport& plan, const CountRange& count) {
  return {count, plan.quota_minutes(count.least),
          count.most ? plan.quota_minutes(*count.most) : std::nullopt};
}

// A line of a plan with the plan's quota.
struct Line {
  const PlanItem* item = nullptr;
  Requests requests;
};

std::vector<Line> lines_of(const PlanReport& plan) {
  std::vector<Line> lines;
  for (const auto& item : plan.items) lines.push_back({&item, requests_of(plan, item.requests)});
  return lines;
}

template <typename T, typename Get>
void describe_requests(Described<T>& described, Get get) {
  described
      .field(
          "requests", [get](const T& value) { return get(value).count.least; }, "the least",
          "requests")
      .field(
          "requests_most", [get](const T& value) { return get(value).count.most; },
          "equal where the number is exact; null: nobody knows", "requests")
      .field(
          "quota_minutes", [get](const T& value) { return get(value).minutes.value_or(0); },
          "of the store's limit; 0 where none is announced", "min")
      .field(
          "quota_minutes_most", [get](const T& value) { return get(value).minutes_most; },
          "null: nobody knows", "min");
}

const Described<Line>& line_shape() {
  static const auto kShape = [] {
    Described<Line> shape("plan.stream");
    shape
        .field(
            "stream", [](const Line& line) { return line.item->stream; }, "what is read")
        .field(
            "part", [](const Line& line) { return line.item->part; },
            "of orders: list, details or confirmations");
    describe_requests(shape, [](const Line& line) { return line.requests; });
    shape
        .field(
            "rows",
            [](const Line& line) {
              return line.item->rows ? std::optional(line.item->rows->least) : std::nullopt;
            },
            "the least; null: not known before they are asked for", "rows")
        .field(
            "rows_most",
            [](const Line& line) {
              return line.item->rows ? line.item->rows->most : std::optional<int64_t>();
            },
            "null: nobody knows", "rows")
        .field(
            "reason", [](const Line& line) { return line.item->reason; }, "why");
    return shape;
  }();
  return kShape;
}

const Described<PlanWindow>& window_shape() {
  const auto or_null = [](std::string PlanWindow::*member) {
    return [member](const PlanWindow& window) {
      const auto& text = window.*member;
      return text.empty() ? std::nullopt : std::optional(text);
    };
  };
  static const auto kShape =
      Described<PlanWindow>("plan.window")
          .field("stream", &PlanWindow::stream, "whose list is cut")
          .day("from", or_null(&PlanWindow::from), "null: all days")
          .day("to", or_null(&PlanWindow::to), "inclusive")
          .field("status", or_null(&PlanWindow::status), "null: all")
          .field("rows", &PlanWindow::rows, "in it", "rows")
          .field("requests", &PlanWindow::requests, "to read it", "requests");
  return kShape;
}

const Described<PlanReport>& customers_shape() {
  static const auto kShape =
      Described<PlanReport>("plan.customers")
          .field(
              "requests", [](const PlanReport& plan) { return plan.customers_requests().least; },
              "to /customers, the least", "requests")
          .field(
              "requests_most",
              [](const PlanReport& plan) { return plan.customers_requests().most; },
              "null: nobody knows", "requests")
          .field("limit", &PlanReport::customers_limit,
                 "of all stores behind this address in ten minutes", "requests")
          .field("used", &PlanReport::customers_used, "of them", "requests")
          .field("wait_minutes", &PlanReport::customers_minutes, "the least, beside the rest",
                 "min");
  return kShape;
}

}  // namespace

CountRange PlanReport::requests() const {
  CountRange sum;
  for (const auto& item : items) sum += item.requests;
  return sum;
}

CountRange PlanReport::customers_requests() const {
  CountRange sum;
  for (const auto& item : items) {
    if (item.is_of_customers) sum += item.requests;
  }
  return sum;
}

std::optional<double> PlanReport::quota_minutes(int64_t requests) const {
  if (!limit_per_minute) return std::nullopt;
  return static_cast<double>(requests) /
         static_cast<double>(std::max<int64_t>(1, *limit_per_minute));
}

// Spans that must pass before the last of them may be asked for.
double PlanReport::customers_minutes() const {
  const auto all = customers_used + customers_requests().least;
  if (customers_limit <= 0 || all <= customers_limit) return 0;
  const int64_t whole_spans = (all - 1) / customers_limit;
  return kCustomersSpanMinutes * static_cast<double>(whole_spans);
}

std::string name_of(const PlanItem& item) {
  return item.part.empty() ? item.stream : item.stream + " (" + item.part + ")";
}

const Described<PlanReport>& plan_shape() {
  static const auto kShape = [] {
    Described<PlanReport> shape("plan");
    shape.field("store_id", &PlanReport::store_id, "the store")
        .field("store_name", &PlanReport::store_name, "what it calls itself")
        .field("store_plan", &PlanReport::store_plan, "its plan at Salla")
        .field("task", &PlanReport::task, "run, or the days of a backfill")
        .field("limit_per_minute", &PlanReport::limit_per_minute, "null: none is announced",
               "requests");
    describe_requests(shape,
                      [](const PlanReport& plan) { return requests_of(plan, plan.requests()); });
    shape.field("requests_made", &PlanReport::requests_made, "by the plan itself", "requests")
        .records(
            "customers", [](const PlanReport& plan) { return plan; }, customers_shape(),
            "requests to /customers, which have a limit of their own")
        .records("streams", lines_of, line_shape(), "what each takes")
        .records("windows", &PlanReport::windows, window_shape(), "of lists that are cut")
        .field("notes", &PlanReport::notes, "what else a person should know");
    return shape;
  }();
  return kShape;
}

Json to_json(const PlanReport& plan) {
  return plan_shape().to_json(plan);
}

Json to_json(const std::vector<PlanReport>& plans) {
  if (plans.size() == 1) return to_json(plans[0]);
  Json::Array stores;
  for (const auto& plan : plans) stores.push_back(to_json(plan));
  Json json;
  json.set("stores", std::move(stores));
  return json;
}

}  // namespace falaj::operate
