#include "simulator/extra_rows.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "decode/json_text.hpp"
#include "simulator/answers.hpp"
#include "simulator/api.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/row_filters.hpp"

namespace falaj::simulator {
namespace {

using decode::JsonText;
using http_server::Request;
using http_server::Response;

constexpr std::array<std::string_view, 3> kFromNames = {"from_date", "date_from", "start_date"};
constexpr std::array<std::string_view, 3> kToNames = {"to_date", "date_to", "end_date"};
// Calls that are for what belongs to one entity, or in another shape.
constexpr std::array<std::string_view, 4> kOthers = {"order_id", "customer_id", "reference_id",
                                                     "format"};

Error refuse(std::string text) {
  return Error(ErrorKind::kUsage, std::move(text));
}

std::optional<int64_t> day_of(const Request& request, std::span<const std::string_view> names) {
  for (const auto name : names) {
    if (const auto text = request.parameter(name)) return parse_day(*text);
  }
  return std::nullopt;
}

}  // namespace

Status ExtraRows::add(const Json& body) {
  for (const auto& given : body["rows"].as_array()) {
    const auto list = given["list"].as_string();
    Row row{given["id"].as_int(), std::nullopt, given["row"].as_string()};
    JsonText json;
    if (!list.starts_with('/')) return refuse("a row needs its list, such as /brands");
    if (const auto problem = json.index(row.text))
      return refuse("row is no JSON text: " + problem->to_text(row.text));
    if (given["day"].is_string()) {
      row.day = parse_day(given["day"].as_string());
      if (!row.day) return refuse("day is a date such as 2026-11-20");
    }
    lists_[list].push_back(std::move(row));
  }
  return {};
}

Json ExtraRows::to_json() const {
  Json json(Json::Object{});
  for (const auto& [list, rows] : lists_) json.set(list, static_cast<int64_t>(rows.size()));
  return json;
}

std::optional<Response> ExtraRows::answer(ApiCall& call, const ApiRoute& route) const {
  const auto whole = lists_.find(call.path);
  if (whole != lists_.end()) {
    const bool is_other = std::any_of(kOthers.begin(), kOthers.end(), [&](const auto name) {
      return call.request.parameter(name).has_value();
    });
    if (is_other) return std::nullopt;
    return list(call, route, whole->second);
  }
  const auto one = lists_.find(call.path.substr(0, call.path.rfind('/')));
  if (one == lists_.end() || !route.pattern.ends_with("/{id}")) return std::nullopt;
  for (const auto& row : one->second) {
    if (row.id == call.id) return data_answer(row.text);
  }
  return std::nullopt;
}

Response ExtraRows::list(ApiCall& call, const ApiRoute& route,
                         const std::vector<Row>& extra) const {
  std::vector<std::string> own;
  bool has_pages = false;
  if (auto refused = read_whole_list(call, route, own, has_pages)) return std::move(*refused);
  std::vector<std::string_view> rows(own.begin(), own.end());
  const auto from = day_of(call.request, kFromNames);
  const auto to = day_of(call.request, kToNames);
  for (const auto& row : extra) {
    if (row.day && ((from && *row.day < *from) || (to && *row.day > *to))) continue;
    rows.push_back(row.text);
  }
  if (has_pages) {
    return json_answer(
        200, list_body(call.request, call.base_url + std::string(call.path), call.quirks,
                       rows.size(), 2000, [&](JsonOut& out, uint64_t k) { out.raw(rows[k]); }));
  }
  // What has no pages comes as a whole, behind a cursor at its end where it has one.
  JsonOut out(1024 + rows.size() * 1000);
  out.raw(kDataStart).raw("[");
  for (size_t k = 0; k < rows.size(); ++k) out.raw(k > 0 ? "," : "").raw(rows[k]);
  out.raw(R"(],"cursor":{"current":0,"previous":null,"next":null,"count":)");
  out.number(static_cast<int64_t>(rows.size())).raw("}}");
  return json_answer(200, out.take());
}

}  // namespace falaj::simulator
