#include "simulator/row_filters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "decode/json_text.hpp"
#include "simulator/answers.hpp"

namespace falaj::simulator {
namespace {

using decode::JsonText;
using decode::Token;
using http_server::Request;
using http_server::Response;

enum class Match {
  kEquals,    // one of the values given
  kContains,  // a text inside of it, in any of the places
  kFlag,      // 0, 1, true or false
  kEnding,    // the last four digits
  kAtLeast,
  kRefused,  // documented, and nothing here to look at
};

struct RowFilter {
  std::string_view path;
  std::string_view parameter;
  Match match;
  std::string_view places = {};  // "customer.name content": members, separated by spaces
  std::string_view values = {};  // what may be asked for; empty: anything
};

constexpr std::string_view kShipmentStates =
    "created in_progress in_transit received_at_final_hub to_be_reattempted reattempted "
    "unable_to_deliver delivering delivered partially_delivered shipped cancelled lost damaged "
    "return_to_origin return_in_progress";

constexpr std::array kFilters = {
    RowFilter{"/orders", "keyword", Match::kContains, "reference_id items[].name"},
    RowFilter{"/orders", "branch", Match::kRefused},
    RowFilter{"/orders", "tags", Match::kRefused},
    RowFilter{"/orders", "coupon", Match::kRefused},
    RowFilter{"/orders", "source", Match::kRefused},
    RowFilter{"/orders", "selling_channel", Match::kRefused},
    RowFilter{"/orders", "country", Match::kRefused},
    RowFilter{"/orders", "city", Match::kRefused},
    RowFilter{"/orders", "product", Match::kRefused},
    RowFilter{"/orders", "shipping_app_id", Match::kRefused},
    RowFilter{"/orders", "assign_employee", Match::kRefused},
    RowFilter{"/orders", "created_by", Match::kRefused},
    RowFilter{"/orders", "unread", Match::kRefused},
    RowFilter{"/orders", "accounting_services", Match::kRefused},
    RowFilter{"/customers", "keyword", Match::kContains, "first_name last_name email mobile"},
    RowFilter{"/products", "keyword", Match::kContains, "name sku"},
    RowFilter{"/products", "categories", Match::kEquals, "categories[].id"},
    RowFilter{"/products/quantities", "keyword", Match::kContains, "name sku"},
    RowFilter{"/products/quantities", "branch", Match::kRefused},
    RowFilter{"/products/quantities", "categories", Match::kRefused},
    RowFilter{"/products/quantities", "brands", Match::kRefused},
    RowFilter{"/products/quantities", "tags", Match::kRefused},
    RowFilter{"/transactions", "status", Match::kEquals, "status.slug",
              "initiated pending paid canceled refunded partial_refunded"},
    RowFilter{"/transactions", "last_4_digit", Match::kEnding, "card.number"},
    RowFilter{"/transactions", "amount", Match::kEquals, "total.amount"},
    RowFilter{"/transactions", "keyword", Match::kContains,
              "customer.first_name customer.last_name customer.email references.reference_id"},
    RowFilter{"/shipments", "courier_id", Match::kEquals, "courier_id"},
    RowFilter{"/shipments", "courier_slug", Match::kRefused},
    RowFilter{"/shipments", "status", Match::kEquals, "status", kShipmentStates},
    RowFilter{"/shipments", "shipment_type", Match::kEquals, "type", "shipment return"},
    RowFilter{"/shipments", "payment_method", Match::kEquals, "payment_method", "cod pre_paid"},
    RowFilter{"/shipments", "source", Match::kEquals, "source"},
    RowFilter{"/shipments", "ship_to[country_id]", Match::kRefused},
    RowFilter{"/shipments", "ship_to[country_code]", Match::kRefused},
    RowFilter{"/shipments", "ship_to[city_id]", Match::kRefused},
    RowFilter{"/shipments", "ship_from[country_id]", Match::kRefused},
    RowFilter{"/shipments", "ship_from[country_code]", Match::kRefused},
    RowFilter{"/shipments", "ship_from[city_id]", Match::kRefused},
    RowFilter{"/reviews", "keyword", Match::kContains, "content"},
    RowFilter{"/reviews", "type", Match::kEquals, "type", "rating ask shipping testimonial"},
    RowFilter{"/reviews", "stars", Match::kEquals, "rating", "0 1 2 3 4 5"},
    RowFilter{"/reviews", "customers", Match::kEquals, "customer.id"},
    RowFilter{"/reviews", "publish", Match::kFlag, "is_published"},
    RowFilter{"/reviews", "products", Match::kRefused},
    RowFilter{"/reviews", "blogs", Match::kRefused},
    RowFilter{"/reviews", "reply", Match::kRefused},
    RowFilter{"/carts/abandoned", "keyword", Match::kContains, "customer.name customer.email"},
    RowFilter{"/carts/abandoned", "offset", Match::kAtLeast, "age_in_minutes"},
    RowFilter{"/categories", "keyword", Match::kContains, "name"},
    RowFilter{"/categories", "status", Match::kEquals, "status", "active hidden"},
    RowFilter{"/brands", "keyword", Match::kContains, "name"},
    RowFilter{"/branches", "keyword", Match::kContains, "name"},
    RowFilter{"/branches", "is_default", Match::kFlag, "is_default"},
    RowFilter{"/branches", "branch_code", Match::kRefused},
    RowFilter{"/coupons", "keyword", Match::kContains, "code"},
    RowFilter{"/specialoffers", "keyword", Match::kContains, "name"},
    RowFilter{"/affiliates", "keyword", Match::kContains, "title marketer_name"},
    RowFilter{"/shipping/zones", "company", Match::kRefused},
};

struct Wanted {
  const RowFilter* filter;
  std::vector<std::string> values;
};

template <typename Visit>
void each_word(std::string_view text, Visit&& visit) {
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool has_word(std::string_view text, std::string_view wanted) {
  bool found = false;
  each_word(text, [&](std::string_view word) { found = found || word == wanted; });
  return found;
}

// What a filter asks for may not be; the message of its refusal, or nothing.
std::optional<std::string> refusal_of(const Wanted& wanted) {
  const auto& filter = *wanted.filter;
  std::string name(filter.parameter);
  std::replace(name.begin(), name.end(), '_', ' ');
  if (filter.match == Match::kRefused)
    return fmt::format("The {} is not known to this store.", name);
  for (const auto& value : wanted.values) {
    const bool is_number =
        !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
    if (filter.match == Match::kEnding && (value.size() != 4 || !is_number))
      return "The last 4 digits must be exactly 4 digits.";
    if (filter.match == Match::kFlag && !has_word("0 1 true false", value))
      return fmt::format("The {} field must be true or false.", name);
    if (filter.match == Match::kAtLeast && !is_number)
      return fmt::format("The {} must be a number.", name);
    if (!filter.values.empty() && !has_word(filter.values, value))
      return fmt::format("The selected {} is invalid.", name);
  }
  return std::nullopt;
}

// The texts at a place of a row: "items[].name" is each item's.
void texts_at(const JsonText& json, Token value, std::string_view place,
              std::vector<std::string>& texts) {
  if (place.starts_with("[]")) {
    place.remove_prefix(2);
    if (json.kind(value) == '[')
      json.each_element(value, [&](Token each) { texts_at(json, each, place, texts); });
    return;
  }
  if (place.starts_with('.')) place.remove_prefix(1);
  if (place.empty()) {
    const bool is_text = json.kind(value) == '"';
    texts.emplace_back();
    if (is_text) {
      decode::append_unescaped(texts.back(), json.raw_string(value));
    } else {
      texts.back() = json.raw(value);
    }
    return;
  }
  const auto end = std::min(place.find_first_of(".["), place.size());
  if (json.kind(value) != '{') return;
  if (const auto member = json.member(value, place.substr(0, end)))
    texts_at(json, *member, place.substr(end), texts);
}

bool fits(const Wanted& wanted, const std::string& value, const std::string& text) {
  switch (wanted.filter->match) {
    case Match::kContains: return text.find(value) != std::string::npos;
    case Match::kEnding: return text.ends_with(value);
    case Match::kFlag: return text == (value == "1" || value == "true" ? "true" : "false");
    case Match::kAtLeast: return std::atoll(text.c_str()) >= std::atoll(value.c_str());
    default: return text == value;
  }
}

bool is_left(const std::vector<Wanted>& filters, const std::string& row) {
  JsonText json;
  if (json.index(row)) return false;
  return std::all_of(filters.begin(), filters.end(), [&](const Wanted& wanted) {
    std::vector<std::string> texts;
    each_word(wanted.filter->places,
              [&](std::string_view place) { texts_at(json, json.root(), place, texts); });
    return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
      return std::any_of(wanted.values.begin(), wanted.values.end(),
                         [&](const std::string& value) { return fits(wanted, value, text); });
    });
  });
}

// The same request for another page or cursor.
Request asking(const Request& request, std::string_view name, std::string_view value) {
  auto other = request;
  std::string query;
  for (const auto& [key, old] : request.query) {
    if (key != "page" && key != "per_page" && key != "cursor") query += key + "=" + old + "&";
  }
  const auto path = request.target.substr(0, request.target.find('?'));
  other.target = fmt::format("{}?{}per_page=60&{}={}", path, query, name, value);
  other.query.clear();
  other.decode_target();
  return other;
}

}  // namespace

std::optional<Response> read_whole_list(ApiCall& call, const ApiRoute& route,
                                        std::vector<std::string>& rows, bool& has_pages) {
  std::string name = "page";
  std::string value = "1";
  for (int page = 2; !value.empty(); ++page) {
    const auto request = asking(call.request, name, value);
    ApiCall part{.request = request,
                 .path = call.path,
                 .id = call.id,
                 .slot = call.slot,
                 .quirks = call.quirks,
                 .base_url = call.base_url,
                 .now = call.now};
    auto response = route.handler(part);
    JsonText json;
    const std::string body(response.payload());
    if (response.status != 200 || json.index(body)) return response;
    value.clear();
    const auto data = json.member(json.root(), "data");
    if (!data || json.kind(*data) != '[') return response;
    json.each_element(*data, [&](Token row) { rows.emplace_back(json.raw(row)); });
    if (const auto paging = json.member(json.root(), "pagination")) {
      has_pages = true;
      const auto pages = json.raw(*json.member(*paging, "totalPages"));
      if (std::atoi(std::string(pages).c_str()) >= page) value = std::to_string(page);
    } else if (const auto cursor = json.member(json.root(), "cursor")) {
      const auto next = json.raw(*json.member(*cursor, "next"));
      name = "cursor";
      if (next != "null") value = next;
    }
  }
  return std::nullopt;
}

std::optional<Response> filtered_list(ApiCall& call, const ApiRoute& route) {
  std::vector<Wanted> filters;
  std::string refusals;
  for (const auto& filter : kFilters) {
    if (filter.path != route.pattern) continue;
    Wanted wanted{&filter, {}};
    for (const auto value : call.request.parameters(filter.parameter)) {
      if (!value.empty()) wanted.values.emplace_back(value);
    }
    if (wanted.values.empty()) continue;
    if (const auto refusal = refusal_of(wanted)) {
      refusals += fmt::format("{}{}:[{}]", refusals.empty() ? "" : ",",
                              json_quote(filter.parameter), json_quote(*refusal));
    }
    filters.push_back(std::move(wanted));
  }
  if (filters.empty()) return std::nullopt;
  if (!refusals.empty())
    return error_answer(422, "\"error\"", "alert.invalid_fields", "{" + refusals + "}");
  std::vector<std::string> rows;
  bool has_pages = false;
  if (auto refused = read_whole_list(call, route, rows, has_pages)) return std::move(*refused);
  std::erase_if(rows, [&](const std::string& row) { return !is_left(filters, row); });
  return json_answer(
      200, list_body(call.request, call.base_url + std::string(call.path), call.quirks, rows.size(),
                     1000, [&](JsonOut& out, uint64_t k) { out.raw(rows[k]); }));
}

}  // namespace falaj::simulator
