// Orders, their items and statuses; see api.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/json.hpp"
#include "simulator/answers.hpp"
#include "simulator/api.hpp"
#include "simulator/civil_time.hpp"

namespace falaj::simulator {
namespace {

using http_server::Request;
using http_server::Response;

std::optional<int64_t> parse_number(std::string_view text) {
  int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

// A status by slug, or by the id of Salla's or the merchant's.
std::optional<StatusIndex> find_status(std::string_view text) {
  const auto id = parse_number(text);
  for (size_t i = 0; i < kStatuses.size(); ++i) {
    const auto& status = kStatuses[i];
    if (status.slug == text || (id && (status.id == *id || status.custom_id == *id))) {
      return static_cast<StatusIndex>(i);
    }
  }
  return std::nullopt;
}

std::optional<PaymentIndex> find_payment(std::string_view slug) {
  const auto* found = std::find(kPayments.begin(), kPayments.end(), slug);
  if (found == kPayments.end()) return std::nullopt;
  return static_cast<PaymentIndex>(found - kPayments.begin());
}

bool read_sort(std::string_view text, OrderQuery& query) {
  const auto dash = text.rfind('-');
  if (dash == std::string_view::npos) return false;
  const auto field = text.substr(0, dash);
  const auto direction = text.substr(dash + 1);
  if (direction != "asc" && direction != "desc") return false;
  query.is_ascending = direction == "asc";
  if (field == "created_at")
    query.sort = OrderSort::kCreated;
  else if (field == "updated_at")
    query.sort = OrderSort::kUpdated;
  else if (field == "total")
    query.sort = OrderSort::kTotal;
  else if (field == "id")
    query.sort = OrderSort::kId;
  else
    return false;
  return true;
}

// Fills the query; an answer if a filter's value is refused.
std::optional<Response> read_query(const Request& request, const Quirks& quirks,
                                   OrderQuery& query) {
  for (const auto* name : {"from_date", "to_date"}) {
    const auto text = request.parameter(name);
    if (!text || text->empty()) continue;
    const auto day = parse_day(*text);
    if (!day) return invalid_field(name, fmt::format("The {} is not a valid date.", name));
    const bool is_from = std::string_view(name) == "from_date";
    (is_from ? query.from_day : query.to_day) = day;
    if (text->size() <= 10 || !quirks[Quirk::kTimeOfDayFilters]) continue;
    const auto time = parse_time(*text);
    if (!time) return invalid_field(name, fmt::format("The {} is not a valid date.", name));
    (is_from ? query.from_second : query.to_second) = local_seconds(*time);
  }
  for (const auto text : request.parameters("status")) {
    const auto status = find_status(text);
    if (!status) return invalid_field("status", "The selected status is invalid.");
    query.statuses.push_back(*status);
  }
  for (const auto text : request.parameters("payment_method")) {
    const auto payment = find_payment(text);
    if (!payment) return invalid_field("payment_method", "The selected payment method is invalid.");
    query.payments.push_back(*payment);
  }
  if (const auto text = request.parameter("customer_id"); text && !text->empty()) {
    query.customer_id = parse_number(*text);
    if (!query.customer_id)
      return invalid_field("customer_id", "The customer id must be a number.");
  }
  if (const auto text = request.parameter("reference_id"); text && !text->empty()) {
    query.reference = std::string(*text);
  }
  if (const auto text = request.parameter("sort_by"); text && !text->empty()) {
    if (!read_sort(*text, query))
      return invalid_field("sort_by", "The selected sort by is invalid.");
    if (quirks[Quirk::kIgnoredSort]) {
      query.sort = OrderSort::kCreated;
      query.is_ascending = false;
    }
  }
  return std::nullopt;
}

// Whether full orders are wanted and given; an answer if the way of asking is refused.
std::optional<Response> read_expanded(const ApiCall& call, bool& is_full) {
  is_full = false;
  const auto text = call.request.parameter("expanded");
  if (!text || *text == "0" || *text == "false" || text->empty()) return std::nullopt;
  const bool is_spelled = *text == "1" || *text == "true";
  if (!is_spelled && call.quirks[Quirk::kPythonBooleans]) {
    return invalid_field("expanded", "The expanded field must be true or false.");
  }
  if (!call.slot.is_expanded) {
    if (!call.quirks[Quirk::kRefuseExpanded]) return std::nullopt;
    return invalid_field("expanded", "The expanded format is no longer available.");
  }
  is_full = true;
  return std::nullopt;
}

// How long details lag behind the list (quirk stale-details).
constexpr int64_t kStaleSeconds = 600;

// The order as its own answers have it.
void read_order(const ApiCall& call, uint64_t index, OrderFacts& order) {
  const auto& store = call.slot.store;
  if (call.quirks[Quirk::kStaleDetails]) {
    store.order_before(index, call.now, kStaleSeconds, order);
  } else {
    store.order(index, order);
  }
}

}  // namespace

Response orders_list(ApiCall& call) {
  OrderQuery query;
  if (auto refused = read_query(call.request, call.quirks, query)) return *refused;
  bool is_full = false;
  if (auto refused = read_expanded(call, is_full)) return *refused;
  auto& slot = call.slot;
  const auto found = slot.store.orders(query);
  OrderFacts order;
  const auto write = [&](JsonOut& out, uint64_t k) {
    slot.store.order(found.at(k), order);
    if (is_full) {
      slot.json.order_full(out, order);
    } else {
      slot.json.order_summary(out, order);
    }
  };
  return json_answer(200, list_body(call.request, call.base_url + "/orders", call.quirks,
                                    found.size(), is_full ? 5000 : 900, write));
}

Response order_by_id(ApiCall& call) {
  auto& slot = call.slot;
  const auto index = slot.store.find_order(call.id);
  if (!index) return not_found(call, "The order not found.", "الطلب غير موجود", false);
  const auto format = call.request.parameter("format");
  OrderFacts order;
  read_order(call, *index, order);
  JsonOut out(6000);
  out.raw(kDataStart);
  if (slot.is_expanded && format != "light") {
    slot.json.order_full(out, order);
  } else {
    slot.json.order_details(out, order);
  }
  out.raw("}");
  return json_answer(200, out.take());
}

Response order_items_list(ApiCall& call) {
  const auto text = call.request.parameter("order_id");
  if (!text || text->empty()) return invalid_field("order_id", "The order id field is required.");
  const auto id = parse_number(*text);
  if (!id) return invalid_field("order_id", "The order id must be a number.");
  auto& slot = call.slot;
  const auto index = slot.store.find_order(*id);
  if (!index) return not_found(call, "The order not found.", "الطلب غير موجود", true);
  OrderFacts order;
  read_order(call, *index, order);
  JsonOut out(512 + order.items.size() * 800);
  out.raw(kDataStart);
  slot.json.order_items(out, order);
  out.raw("}");
  return json_answer(200, out.take());
}

// The merchant's own statuses for the way to the customer hang below 'completed'.
bool is_step_of_completed(std::string_view slug) {
  return slug == "shipped" || slug == "delivering" || slug == "delivered";
}

Response order_statuses(ApiCall& call) {
  const auto nothing = call.quirks[Quirk::kEmptyContainers] ? "{}" : "null";
  JsonOut out(8192);
  out.raw(kDataStart).raw("[");
  int64_t sort = 0;
  for (const auto& status : kStatuses) {
    out.raw(sort == 0 ? "" : ",").raw(R"({"id":)").number(status.id).raw(R"(,"name":)");
    out.text(status.name).raw(R"(,"type":"original","slug":")").raw(status.slug);
    out.raw(R"(","sort":)")
        .number(sort)
        .raw(R"(,"message":"","icon":"sicon-box","is_active":true,)");
    out.raw(R"("parent":)").raw(nothing).raw(R"(,"original":)").raw(nothing).raw("}");
    out.raw(R"(,{"id":)").number(status.custom_id).raw(R"(,"name":)").text(status.custom_name);
    out.raw(R"(,"type":"custom","slug":")").raw(status.slug).raw(R"(","sort":)").number(sort);
    out.raw(R"(,"message":"[ {store.name} ] \\n أصبحت حالة طلبك {order.id} {status}","icon":)"
            R"("sicon-trash","is_active":true,"parent":)");
    if (is_step_of_completed(status.slug)) {
      const auto& parent = kStatuses[kCompleted];
      out.raw(R"({"id":)").number(parent.custom_id).raw(R"(,"name":)").text(parent.custom_name);
      out.raw("}");
    } else {
      out.raw(nothing);
    }
    out.raw(R"(,"original":{"id":)")
        .number(status.id)
        .raw(R"(,"name":)")
        .text(status.name)
        .raw("}}");
    ++sort;
  }
  out.raw("]}");
  return json_answer(200, out.take());
}

// The steps on the way hang below the merchant's 'completed'; Salla's own statuses have none.
Response order_status_by_id(ApiCall& call) {
  constexpr std::string_view kLook =
      R"(,"message":"[ {store.name} ] \\n أصبحت حالة طلبك {order.id} {status}","color":"#58C9B9",)"
      R"("icon":"sicon-box","sort":)";
  const auto* found =
      std::find_if(kStatuses.begin(), kStatuses.end(), [&](const StatusWord& status) {
        return status.id == call.id || status.custom_id == call.id;
      });
  if (found == kStatuses.end())
    return not_found(call, "The status not found.", "الحالة غير موجودة", true);
  const auto& status = *found;
  const bool is_custom = status.custom_id == call.id;
  const auto sort = static_cast<int64_t>(found - kStatuses.begin());
  const std::string_view nothing = call.quirks[Quirk::kEmptyContainers] ? "{}" : "null";
  JsonOut out(2048);
  out.raw(R"({"id":)").number(call.id).raw(R"(,"name":)");
  out.text(is_custom ? status.custom_name : status.name).raw(R"(,"type":")");
  out.raw(is_custom ? "custom" : "original").raw(R"(","slug":")").raw(status.slug).raw("\"");
  out.raw(kLook).number(sort).raw(R"(,"is_active":true,"original":)");
  if (is_custom) {
    out.raw(R"({"id":)").number(status.id).raw(R"(,"name":)").text(status.name).raw("}");
  } else {
    out.raw(nothing);
  }
  out.raw(R"(,"parent":)").raw(nothing).raw(R"(,"children":[)");
  bool is_first = true;
  for (const auto& child : kStatuses) {
    if (!is_custom || status.slug != "completed" || !is_step_of_completed(child.slug)) continue;
    out.raw(is_first ? "" : ",").raw(R"({"id":)").number(child.custom_id).raw(R"(,"name":)");
    is_first = false;
    out.text(child.custom_name).raw(R"(,"slug":")").raw(child.slug).raw(R"(","type":"custom")");
    out.raw(kLook).number(0).raw(R"(,"is_active":true})");
  }
  return data_answer(out.raw("]}").take());
}

}  // namespace falaj::simulator
