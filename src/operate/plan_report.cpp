#include "operate/plan_report.hpp"

#include <algorithm>

namespace falaj::operate {
namespace {

constexpr double kCustomersSpanMinutes = 10;

Json or_null(const std::optional<int64_t>& count) {
  return count ? Json(*count) : Json();
}

Json or_null(const std::optional<double>& number) {
  return number ? Json(*number) : Json();
}

void set_requests(Json& json, const PlanReport& plan, const CountRange& requests) {
  json.set("requests", requests.least);
  json.set("requests_most", or_null(requests.most));
  json.set("quota_minutes", plan.quota_minutes(requests.least).value_or(0));
  json.set("quota_minutes_most",
           requests.most ? or_null(plan.quota_minutes(*requests.most)) : Json());
}

Json to_json(const PlanReport& plan, const PlanItem& item) {
  Json row;
  row.set("stream", item.stream);
  row.set("part", item.part);
  set_requests(row, plan, item.requests);
  row.set("rows", item.rows ? Json(item.rows->least) : Json());
  row.set("rows_most", item.rows ? or_null(item.rows->most) : Json());
  row.set("reason", item.reason);
  return row;
}

Json to_json(const PlanWindow& window) {
  Json row;
  row.set("stream", window.stream);
  row.set("from", window.from.empty() ? Json() : Json(window.from));
  row.set("to", window.to.empty() ? Json() : Json(window.to));
  row.set("status", window.status.empty() ? Json() : Json(window.status));
  row.set("rows", window.rows);
  row.set("requests", window.requests);
  return row;
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
  return kCustomersSpanMinutes * static_cast<double>((all - 1) / customers_limit);
}

std::string name_of(const PlanItem& item) {
  return item.part.empty() ? item.stream : item.stream + " (" + item.part + ")";
}

Json to_json(const PlanReport& plan) {
  Json json;
  json.set("store_id", plan.store_id);
  json.set("store_name", plan.store_name);
  json.set("store_plan", plan.store_plan);
  json.set("task", plan.task);
  json.set("limit_per_minute", or_null(plan.limit_per_minute));
  set_requests(json, plan, plan.requests());
  json.set("requests_made", plan.requests_made);
  Json customers;
  const auto requests = plan.customers_requests();
  customers.set("requests", requests.least);
  customers.set("requests_most", or_null(requests.most));
  customers.set("limit", plan.customers_limit);
  customers.set("used", plan.customers_used);
  customers.set("wait_minutes", plan.customers_minutes());
  json.set("customers", std::move(customers));
  Json::Array rows;
  for (const auto& item : plan.items) rows.push_back(to_json(plan, item));
  json.set("streams", std::move(rows));
  Json::Array windows;
  for (const auto& window : plan.windows) windows.push_back(to_json(window));
  json.set("windows", std::move(windows));
  json.set("notes", Json(Json::Array(plan.notes.begin(), plan.notes.end())));
  return json;
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
