// What is asked for one entity at a time: histories, tracking, codes, links, cities, points; see api.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "simulator/answers.hpp"
#include "simulator/catalogue_words.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/places.hpp"
#include "simulator/side_lists.hpp"

namespace falaj::simulator {
namespace {

using http_server::Response;

enum Salt : uint64_t { kHistories = 611, kCodes, kLinks };

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
  // The shipment's own members, without what is in it and where it goes.
  JsonOut whole(4096);
  shipments->write(side, whole, k);
  auto body = whole.take();
  body.resize(body.find(R"(,"packages":)"));
  const auto from = body.find(R"("date":")") + 8;
  const auto created = parse_time(body.substr(from, 19));
  const auto start = created ? local_seconds(*created) : call.now;
  constexpr std::array<std::string_view, 4> kSteps = {"created", "in_progress", "in_transit",
                                                      "delivering"};
  JsonOut out(body.size() + 1024);
  out.raw(body).raw(R"(,"history":)");
  write_array(out, 1 + k % kSteps.size(), [&](uint64_t i) {
    out.raw(R"({"status":")").raw(kSteps[i]).raw(R"(","note":)");
    out.raw(i % 2 == 0 ? "null" : R"("خرجت من المستودع")").raw(R"(,"create_at":)");
    out.date(start + static_cast<int64_t>(i) * 3600).raw("}");
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
  const auto* affiliates = find_side_list("/affiliates");
  SideCall side{call.slot, call.quirks, call.now, nullptr, std::nullopt};
  uint64_t affiliate = 0;
  while (affiliate < affiliates->count(side) && affiliates->id(side, affiliate) != call.id)
    ++affiliate;
  if (affiliate == affiliates->count(side))
    return not_found(call, "The affiliate not found.", "المسوق غير موجود", false);
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
    out.raw(R"(,"visits":)").number(static_cast<int64_t>(11 + k));
    out.raw(R"(,"profit":)").money(62'500, currency).raw(R"(,"orders_count":3}})");
  });
}

Response country_cities(ApiCall& call) {
  const auto countries = place_countries();
  uint64_t number = 0;
  while (number < countries.size() && country_id(number) != call.id) ++number;
  // 404 with an empty object, as the official collection has it.
  if (number == countries.size()) return json_answer(404, "{}");
  const auto& country = countries[number];
  const auto sibling = fmt::format(R"("country":{{"id":{},"name":"{}","code":"{}"}})", call.id,
                                   country.name, country.code);
  return paged(call, country.cities.size(), sibling, [&](JsonOut& out, uint64_t k) {
    out.raw(R"({"id":)").number(city_id(k, number)).raw(R"(,"name":)");
    out.text(country.cities[k].name).raw(R"(,"name_en":)").text(country.cities[k].name_en);
    out.raw(R"(,"country_id":)").number(call.id).raw("}");
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
