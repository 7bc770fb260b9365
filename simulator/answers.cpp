#include "simulator/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/json.hpp"
#include "decode/json_text.hpp"

namespace falaj::simulator {
namespace {

constexpr uint64_t kPerPageMax = 60;
constexpr uint64_t kPerPageUnclamped = 1000;
constexpr uint64_t kDepthMax = 10'000;

uint64_t positive(const http_server::Request& request, std::string_view name, uint64_t fallback) {
  const auto text = request.parameter(name);
  if (!text) return fallback;
  uint64_t value = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), value);
  return parsed.ec == std::errc() && value > 0 && value < 1'000'000'000 ? value : fallback;
}

std::string page_link(uint64_t number, const http_server::Request& request, std::string_view base,
                      const Quirks& quirks) {
  auto link = fmt::format("{}?", base);
  if (!quirks[Quirk::kLinksLoseFilters]) {
    for (const auto& [name, value] : request.query) {
      if (name != "page") link += fmt::format("{}={}&", name, value);
    }
  }
  return link + fmt::format("page={}", number);
}

}  // namespace

PageRequest page_request(const http_server::Request& request, const Quirks& quirks) {
  PageRequest page;
  page.page = positive(request, "page", 1);
  page.per_page = positive(request, "per_page", 15);
  page.per_page =
      std::min(page.per_page, quirks[Quirk::kPerPageClamp] ? kPerPageMax : kPerPageUnclamped);
  return page;
}

PageRange page_range(const PageRequest& page, uint64_t total, const Quirks& quirks) {
  const auto first = (page.page - 1) * page.per_page;
  const bool is_too_deep = quirks[Quirk::kDepthCap] && page.page * page.per_page > kDepthMax;
  if (first >= total || is_too_deep) return {.first = std::min(first, total), .count = 0};
  return {.first = first, .count = std::min(page.per_page, total - first)};
}

void end_list(JsonOut& out, const PageRequest& page, const PageRange& range, uint64_t total,
              const http_server::Request& request, std::string_view base, const Quirks& quirks) {
  const auto pages = std::max<uint64_t>(1, (total + page.per_page - 1) / page.per_page);
  out.raw(R"(],"pagination":{"count":)").number(static_cast<int64_t>(range.count));
  out.raw(R"(,"total":)").number(static_cast<int64_t>(total));
  out.raw(R"(,"perPage":)").number(static_cast<int64_t>(page.per_page));
  out.raw(R"(,"currentPage":)").number(static_cast<int64_t>(page.page));
  out.raw(R"(,"totalPages":)").number(static_cast<int64_t>(pages)).raw(R"(,"links":)");
  const bool has_next = page.page < pages;
  const bool has_previous = page.page > 1;
  if (!has_next && !has_previous) {
    const bool is_orders = base.ends_with("/orders");
    out.raw(quirks[Quirk::kEmptyArrayLinks] && !is_orders ? "[]}}" : "{}}}");
    return;
  }
  out.raw("{");
  if (has_previous) {
    out.raw(R"("previous":)").text(page_link(page.page - 1, request, base, quirks));
  }
  if (has_next) {
    out.raw(has_previous ? "," : "").raw(R"("next":)");
    out.text(page_link(page.page + 1, request, base, quirks));
  }
  out.raw("}}}");
}

void page_whole_list(std::string& body, const http_server::Request& request, std::string_view base,
                     const Quirks& quirks) {
  decode::JsonText json;
  if (json.index(body)) return;
  const auto data = json.member(json.root(), "data");
  if (!data || json.kind(*data) != '[' || json.member(json.root(), "pagination") ||
      json.member(json.root(), "cursor")) {
    return;
  }
  std::vector<std::string_view> rows;
  json.each_element(*data, [&](decode::Token row) { rows.push_back(json.raw(row)); });
  body = list_body(request, base, quirks, rows.size(), 1000,
                   [&](JsonOut& out, uint64_t k) { out.raw(rows[k]); });
}

http_server::Response json_answer(int status, std::string body) {
  http_server::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = std::move(body);
  return response;
}

http_server::Response data_answer(std::string_view data) {
  return json_answer(200, fmt::format("{}{}}}", kDataStart, data));
}

http_server::Response error_answer(int status, std::string_view code, std::string_view message,
                                   std::string_view fields) {
  auto body = fmt::format(R"({{"status":{},"success":false,"error":{{"code":{},"message":{})",
                          status, code, json_quote(message));
  if (!fields.empty()) body.append(",\"fields\":").append(fields);
  return json_answer(status, body + "}}");
}

http_server::Response invalid_field(std::string_view field, std::string_view message) {
  return error_answer(422, "\"error\"", "alert.invalid_fields",
                      fmt::format("{{{}:[{}]}}", json_quote(field), json_quote(message)));
}

}  // namespace falaj::simulator
