// What is asked for one entity at a time: histories, tracking, codes, links, cities, points; see api.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "simulator/answers.hpp"
#include "simulator/catalogue_words.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/side_lists.hpp"

namespace falaj::simulator {
namespace {

using http_server::Response;

enum Salt : uint64_t { kHistories = 611, kCodes, kLinks, kCityIds };

template <typename Write>
Response paged(ApiCall& call, uint64_t total, std::string_view sibling, Write&& write) {
  const auto base = call.base_url + std::string(call.path);
  auto body = list_body(call.request, base, call.quirks, total, 500, write);
  if (!sibling.empty()) {
    body.pop_back();
    body.append(",").append(sibling).append("}");
  }
  return json_answer(200, std::move(body));
}

std::optional<int64_t> number_of(const ApiCall& call, std::string_view name) {
  const auto text = call.request.parameter(name);
  int64_t value = 0;
  if (!text || text->empty()) return std::nullopt;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), value);
  if (parsed.ec != std::errc() || parsed.ptr != text->data() + text->size()) return std::nullopt;
  return value;
}

// Where an order has been on its way to where it is.
std::vector<StatusIndex> stations(StatusIndex status) {
  constexpr std::array kWay = {kPaymentPending, kUnderReview, kInProgress, kShipped, kDelivering,
                               kDelivered,      kCompleted,   kRestoring,  kRestored};
  if (status == kCanceled) return {kUnderReview, kCanceled};
  std::vector<StatusIndex> way;
  for (const auto station : kWay) {
    if (station != kPaymentPending || status == kPaymentPending) way.push_back(station);
    if (station == status) break;
  }
  return way;
}

}  // namespace

Response order_histories_list(ApiCall& call) {
  const auto index = call.slot.store.find_order(call.id);
  if (!index) return not_found(call, "The order not found.", "الطلب غير موجود", false);
  OrderFacts order;
  call.slot.store.order(*index, order);
  const auto way = stations(order.status);
  return paged(call, way.size(), "", [&](JsonOut& out, uint64_t k) {
    const auto& status = kStatuses[way[way.size() - 1 - k]];
    const auto back = static_cast<int64_t>(k) * 3600;
    out.raw(R"({"id":)").number(derived_id(order.id, kHistories + 100 * way[way.size() - 1 - k]));
    out.raw(R"(,"status":")")
        .raw(status.name)
        .raw(R"(","customized":{"id":)")
        .number(status.custom_id);
    out.raw(R"(,"name":")").raw(status.custom_name).raw(R"(","type":"custom","slug":")");
    out.raw(status.slug).raw(R"(","original":{"id":)").number(status.id).raw(R"(,"name":")");
    out.raw(status.name).raw(R"("},"parent":{}},"note":"","created_at":)");
    out.date(std::max(order.created, order.updated - back)).raw(R"(,"created_by":)");
    out.raw(k % 2 == 0 ? R"({"id":1473353380,"name":"أحمد"})" : "null")
        .raw(R"(,"type":"activity"})");
  });
}

Response shipment_tracking(ApiCall& call) {
  const auto* shipments = find_side_list("/shipments");
  SideCall side{call.slot, call.quirks, call.now, nullptr, std::nullopt};
  const auto total = shipments->count(side);
  uint64_t k = 0;
  while (k < total && shipments->id(side, k) != call.id) ++k;
  if (k == total) return not_found(call, "The shipment not found.", "الشحنة غير موجودة", true);
  JsonOut out(1024);
  out.raw(R"({"id":)")
      .number(call.id)
      .raw(R"(,"status":"in_transit","tracking_number":null,"history":)");
  write_array(out, 1 + k % 3, [&](uint64_t i) {
    out.raw(R"({"status":"in_transit","note":null,"create_at":)");
    out.date(day_number({2026, 3, 1}) * kDaySeconds + static_cast<int64_t>(i) * 3600).raw("}");
  });
  return data_answer(out.raw("}").take());
}

Response coupon_codes(ApiCall& call) {
  const auto id = number_of(call, "coupon_id");
  if (!id) return invalid_field("coupon_id", "The coupon id field is required.");
  const auto* coupons = find_side_list("/coupons");
  SideCall side{call.slot, call.quirks, call.now, nullptr, std::nullopt};
  const auto total = coupons->count(side);
  uint64_t coupon = 0;
  while (coupon < total && coupons->id(side, coupon) != *id) ++coupon;
  if (coupon == total) return not_found(call, "The coupon not found.", "الكوبون غير موجود", true);
  const bool is_group = coupon % 30 == 0;
  return paged(call, is_group ? 3 : 0, "", [&](JsonOut& out, uint64_t k) {
    out.raw(R"({"id":)").number(row_id(call.slot, kCodes, coupon * 8 + k)).raw(R"(,"code":"VIP)");
    out.number(static_cast<int64_t>(coupon * 10 + k)).raw("\"}");
  });
}

Response affiliate_links(ApiCall& call) {
  const auto currency = call.slot.store.source().currency();
  return paged(call, 2, "", [&](JsonOut& out, uint64_t k) {
    out.raw(R"({"id":)")
        .number(derived_id(call.id, kLinks + 100 * k))
        .raw(R"(,"status":"active",)");
    out.raw(R"("marketer":{"id":)").number(static_cast<int64_t>(k) + 1).raw(R"(,"name":)");
    out.text(female_names()[k]).raw(R"(},"link":"https://)").raw(call.slot.domain).raw("/a");
    out.number(static_cast<int64_t>(k))
        .raw(R"(","statistics":{"sales":)")
        .money(1'250'000, currency);
    out.raw(R"(,"profit":)").money(62'500, currency).raw(R"(,"orders_count":3}})");
  });
}

Response country_cities(ApiCall& call) {
  // 404 with an empty object, as the official collection has it.
  if (call.id != 1473353380) return json_answer(404, "{}");
  constexpr uint64_t kCityCount = 905;
  return paged(call, kCityCount, R"("country":{"id":1473353380,"name":"Saudi Arabia","code":"SA"})",
               [&](JsonOut& out, uint64_t k) {
                 const auto name = k < cities().size() ? std::string(cities()[k].name)
                                                       : fmt::format("مدينة {}", k);
                 out.raw(R"({"id":)").number(derived_id(static_cast<int64_t>(k) + 1, kCityIds));
                 out.raw(R"(,"name":)").text(name).raw(R"(,"name_en":"City )");
                 out.number(static_cast<int64_t>(k)).raw(R"(","country_id":1473353380})");
               });
}

Response loyalty_points(ApiCall& call) {
  const auto id = number_of(call, "customer_id");
  if (!id) return invalid_field("customer_id", "The customer id field is required.");
  const auto index = call.slot.store.find_customer(*id);
  if (!index) return not_found(call, "The customer not found.", "العميل غير موجود", true);
  CustomerFacts customer;
  call.slot.store.source().customer(*index, customer);
  JsonOut out(1024);
  write_array(out, customer.noise % 3, [&](uint64_t k) {
    out.raw(R"({"name":"شراء","points":)")
        .number(static_cast<int64_t>(10 + customer.noise % 90 + k));
    out.raw(R"(,"used_points":0,"status":"active","created_at":)")
        .date(customer.created + static_cast<int64_t>(k) * 60);
    out.raw(R"(,"expiry_date":"2027-12-31","order_id":)").raw(k == 0 ? "3000000001" : "null");
    out.raw(R"(,"reference_id":null,"used_at":)").raw(k == 0 ? R"("{}")" : "null").raw("}");
  });
  return data_answer(out.take());
}

}  // namespace falaj::simulator
