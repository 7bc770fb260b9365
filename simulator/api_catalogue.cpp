// Customers, products, the store and its user; see api.hpp.
#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/json.hpp"
#include "simulator/answers.hpp"
#include "simulator/api.hpp"
#include "simulator/civil_time.hpp"

namespace falaj::simulator {
namespace {

using http_server::Response;

std::string_view plan_name(const StoreSlot& slot) {
  return slot.plan == "unlimited" ? std::string_view("special") : std::string_view(slot.plan);
}

// An opaque cursor is a position that nobody should read.
std::string cursor_of(uint64_t position) {
  return fmt::format("eyJwIjo{:x}fQ", position * 7919 + 5);
}

std::optional<uint64_t> position_of(std::string_view cursor) {
  if (!cursor.starts_with("eyJwIjo") || !cursor.ends_with("fQ") || cursor.size() < 10) {
    return std::nullopt;
  }
  const auto digits = cursor.substr(7, cursor.size() - 9);
  uint64_t value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (parsed.ec != std::errc() || value < 5 || (value - 5) % 7919 != 0) return std::nullopt;
  return (value - 5) / 7919;
}

// None is hidden or in the trash.
std::vector<uint64_t> products_of_status(StoreSlot& slot, std::string_view status) {
  auto& out_of_stock = slot.side.out_of_stock;
  const auto& source = slot.store.source();
  if (!out_of_stock) {
    out_of_stock.emplace();
    ProductFacts product;
    for (uint64_t i = 0; i < source.product_count(); ++i) {
      source.product(i, product);
      if (product.quantity == 0) out_of_stock->push_back(i);
    }
  }
  if (status == "out") return *out_of_stock;
  std::vector<uint64_t> chosen;
  for (uint64_t i = 0, at = 0; status == "sale" && i < source.product_count(); ++i) {
    const bool is_out = at < out_of_stock->size() && (*out_of_stock)[at] == i;
    at += is_out ? 1 : 0;
    if (!is_out) chosen.push_back(i);
  }
  return chosen;
}

Response products_light(ApiCall& call) {
  const auto& source = call.slot.store.source();
  const auto given = call.request.parameter("cursor");
  const auto position = given ? position_of(*given) : std::optional<uint64_t>(0);
  if (!position) return invalid_field("cursor", "The cursor is invalid.");
  const auto page = page_request(call.request, call.quirks);
  const auto total = source.product_count();
  const auto end = std::min(total, *position + page.per_page);
  JsonOut out(65536);
  out.raw(kDataStart).raw("[");
  for (auto index = *position; index < end; ++index) {
    if (index > *position) out.raw(",");
    call.slot.json.product_light(out, index);
  }
  out.raw(R"(],"cursor":{"current":)").text(given.value_or(cursor_of(0))).raw(R"(,"next":)");
  if (end < total) {
    out.text(fmt::format("{}/products?format=light&cursor={}&page={}", call.base_url,
                         cursor_of(end), end / page.per_page + 1));
  } else {
    out.raw("null");
  }
  out.raw(R"(},"filters":{}})");
  return json_answer(200, out.take());
}

}  // namespace

int64_t store_number_id(const StoreSlot& slot) {
  return 1'305'146'708 + slot.store.number();
}

Response customers_list(ApiCall& call) {
  std::optional<int64_t> from;
  std::optional<int64_t> to;
  for (const auto* name : {"date_from", "date_to"}) {
    const auto text = call.request.parameter(name);
    if (!text || text->empty()) continue;
    const auto day = parse_day(*text);
    if (!day) return invalid_field(name, fmt::format("The {} is not a valid date.", name));
    (std::string_view(name) == "date_from" ? from : to) = day;
  }
  const bool has_extras = !call.request.parameters("fields").empty();
  const auto [low, high] = call.slot.store.customers_between(from, to);
  const auto total = high - low;
  const auto write = [&, newest = high - 1](JsonOut& out, uint64_t k) {
    call.slot.json.customer(out, newest - k, has_extras);
  };
  return json_answer(
      200, list_body(call.request, call.base_url + "/customers", call.quirks, total, 1100, write));
}

Response customer_by_id(ApiCall& call) {
  const auto index = call.slot.store.find_customer(call.id);
  if (!index) return not_found(call, "The customer not found.", "العميل غير موجود", true);
  JsonOut out(2048);
  out.raw(kDataStart);
  call.slot.json.customer(out, *index, true);
  out.raw("}");
  return json_answer(200, out.take());
}

Response products_list(ApiCall& call) {
  if (call.request.parameter("format") == "light") return products_light(call);
  const auto status = call.request.parameter("status");
  const bool is_chosen = status && !status->empty();
  if (is_chosen && *status != "sale" && *status != "out" && *status != "hidden" &&
      *status != "deleted") {
    return invalid_field("status", "The selected status is invalid.");
  }
  const auto chosen = is_chosen ? products_of_status(call.slot, *status) : std::vector<uint64_t>();
  const auto total = is_chosen ? chosen.size() : call.slot.store.source().product_count();
  const auto write = [&](JsonOut& out, uint64_t k) {
    const auto at = total - 1 - k;
    call.slot.json.product(out, is_chosen ? chosen[at] : at);
  };
  return json_answer(
      200, list_body(call.request, call.base_url + "/products", call.quirks, total, 4000, write));
}

Response product_by_id(ApiCall& call) {
  const auto index = call.slot.store.find_product(call.id);
  if (!index) return not_found(call, "The product not found.", "المنتج غير موجود", false);
  JsonOut out(4096);
  out.raw(kDataStart);
  call.slot.json.product(out, *index);
  out.raw("}");
  return json_answer(200, out.take());
}

Response store_info(ApiCall& call) {
  const auto& slot = call.slot;
  JsonOut out(1024);
  out.raw(R"({"id":)").number(slot.merchant_id()).raw(R"(,"name":"متجر فلج )");
  out.number(slot.store.number())
      .raw(R"(","entity":"company","email":"store@example.sa","avatar":)"
           R"("https://cdn.salla.sa/store.png","plan":")")
      .raw(plan_name(slot));
  out.raw(R"(","type":"demo","status":"active","verified":true,"currency":")");
  out.raw(slot.store.source().currency()).raw(R"(","domain":"https://)").raw(slot.domain);
  out.raw(R"(","description":"متجر محاكاة","licenses":{"tax_number":"300000000000003",)"
          R"("commercial_number":"1010000000","freelance_number":"FL-1"},"social":{"telegram":"",)"
          R"("twitter":"https://twitter.com/falaj","facebook":"","maroof":"https://maroof.sa/1",)"
          R"("youtube":"","snapchat":"https://snapchat.com/falaj","whatsapp":"+966500000000",)"
          R"("appstore_link":"","googleplay_link":""}})");
  return data_answer(out.take());
}

Response user_info(ApiCall& call) {
  const auto& slot = call.slot;
  JsonOut out(1024);
  out.raw(R"({"id":)").number(500'000'000 + slot.store.number());
  out.raw(
         R"(,"name":"مالك المتجر","email":"owner@example.sa","mobile":"+966500000000","role":"user",)"
         R"("created_at":"2020-01-01 00:00:00","merchant":{"id":)")
      .number(slot.merchant_id());
  out.raw(R"(,"username":"falaj-)")
      .number(slot.store.number())
      .raw(R"(","name":"متجر فلج","avatar":)"
           R"("https://cdn.salla.sa/store.png","store_location":"24.7,46.7","plan":")")
      .raw(plan_name(slot));
  out.raw(R"(","status":"active","domain":"https://)").raw(slot.domain);
  out.raw(R"(","tax_number":"300000000000003","commercial_number":"1010000000","created_at":)"
          R"("2020-01-01 00:00:00"}})");
  if (!call.quirks[Quirk::kTopLevelUserInfo]) return data_answer(out.take());
  return json_answer(200, out.take());
}

}  // namespace falaj::simulator
