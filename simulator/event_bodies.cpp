#include "simulator/event_bodies.hpp"

#include <array>

#include "base/json.hpp"
#include "simulator/fixed_lists.hpp"
#include "simulator/json_edit.hpp"
#include "simulator/side_lists.hpp"

namespace falaj::simulator {
namespace {

// A row of a list, as an event about it has it. `is_details`: as the entity alone has it.
std::string row_of(SideCall& side, std::string_view path, uint64_t number, bool is_details) {
  const auto* list = find_side_list(path);
  const auto count = list != nullptr ? list->count(side) : 0;
  if (count == 0) return "";
  JsonOut out(4096);
  const auto write =
      is_details && list->write_details != nullptr ? list->write_details : list->write;
  write(side, out, number % count);
  return out.take();
}

std::optional<OrderFacts> order_of(StoreSlot& slot, uint64_t number) {
  const auto orders = slot.store.orders({});
  if (orders.size() == 0) return std::nullopt;
  OrderFacts order;
  slot.store.order(orders.at(number % orders.size()), order);
  return order;
}

std::string order_body(StoreSlot& slot, std::string_view event, uint64_t number) {
  const auto order = order_of(slot, number);
  if (!order) return "";
  if (event == "order.status.updated") return status_event_body(slot, *order);
  JsonOut out(6000);
  if (event == "order.shipment.cancelled") {
    out.raw(R"({"id":)").number(order->id).raw(R"(,"reference_id":)");
    out.text(order->reference).raw(R"(,"shipping_number":"FLJ)");
    out.number(static_cast<int64_t>(order->noise % 100'000'000)).raw("\"}");
    return out.take();
  }
  slot.json.order_full(out, *order);
  return out.take();
}

// What of a product an event about one part of it tells.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kProductParts = {
    std::pair{"product.price.updated", "price"},
    std::pair{"product.status.updated", "status"},
    std::pair{"product.image.updated", "images"},
    std::pair{"product.category.updated", "categories"},
    std::pair{"product.brand.updated", "brand"},
    std::pair{"product.tags.updated", "tags"},
    std::pair{"product.channels.changed", "channels"},
    std::pair{"product.quantity.low", "quantity"}};

std::string product_body(StoreSlot& slot, std::string_view event, uint64_t number) {
  const auto count = slot.store.source().product_count();
  if (count == 0) return "";
  JsonOut out(6000);
  slot.json.product(out, number % count);
  const auto text = out.take();
  for (const auto& [name, part] : kProductParts) {
    if (name != event) continue;
    const auto whole = Json::parse(text);
    if (!whole.ok()) return "";
    Json narrow;
    for (const auto* member : {"id", "sku", "mpn", "gtin"}) narrow.set(member, (*whole)[member]);
    narrow.set("barcode", Json());
    const auto value =
        part == "channels" ? Json(Json::Array{Json("app"), Json("web")}) : (*whole)[part];
    narrow.set(std::string(part), value);
    if (part == "price") {
      for (const auto* member : {"sale_price", "cost_price", "taxed_price", "regular_price"})
        narrow.set(member, (*whole)[member]);
    }
    return narrow.dump();
  }
  return text;
}

std::string customer_body(StoreSlot& slot, std::string_view event, uint64_t number) {
  const auto count = slot.store.source().customer_count();
  if (count == 0) return "";
  if (event == "customer.otp.request") {
    CustomerFacts facts;
    slot.store.source().customer(number % count, facts);
    JsonOut out;
    out.raw(R"({"contact":"+966)").number(facts.mobile).raw(R"(","type":"phone","code":"0000"})");
    return out.take();
  }
  JsonOut out(2000);
  slot.json.customer(out, number % count, true);
  auto text = out.take();
  text.pop_back();
  return text + R"(,"source":{"device":"mobile","user-agent":"Mozilla/5.0","ip":"10.1.2.3"}})";
}

// A cart that was bought has its totals as bare numbers.
std::string cart_body(SideCall& side, std::string_view event, uint64_t number) {
  auto text = row_of(side, "/carts/abandoned", number, false);
  if (text.empty()) return "";
  const auto cart = Json::parse(text);
  if (!cart.ok()) return "";
  if (event == "abandoned.cart.status.changed") {
    Json body;
    body.set("id", (*cart)["id"]);
    body.set("status", "purchased");
    return body.dump();
  }
  if (event == "abandoned.cart.purchased") {
    for (const auto* member : {"total", "subtotal", "total_discount"})
      edit_json(text, std::string("/") + member, (*cart)[member]["amount"].dump());
    edit_json(text, "/status", "\"purchased\"");
  }
  return text;
}

std::string branch_body(SideCall& side, uint64_t number) {
  auto text = row_of(side, "/branches", number, false);
  if (text.empty()) return "";
  text.pop_back();
  return text +
         R"(,"short_address":"RRRD2929","branch_code":null,"is_stock":false,"district":"العليا"})";
}

std::string invoice_body(StoreSlot& slot, SideCall& side, uint64_t number) {
  auto text = row_of(side, "/orders/invoices", number, true);
  if (text.empty()) return "";
  text.pop_back();
  JsonOut out(2000);
  if (slot.store.source().customer_count() > 0) {
    slot.json.customer(out, number % slot.store.source().customer_count(), false);
  } else {
    out.raw("null");
  }
  return text + R"(,"customer":)" + out.take() + "}";
}

std::string app_body(std::string_view event) {
  std::string body = R"({"id":1298199463,"app_name":"falaj","app_type":"app")";
  if (event.find("subscription") != std::string_view::npos)
    body +=
        R"(,"plan_type":"recurring","plan_name":"Pro","price":"50.00","start_date":"2026-01-01",)"
        R"("end_date":"2027-01-01","subscription_balance":null)";
  if (event == "app.settings.updated") body += R"(,"settings":{"key":"value"})";
  return body + "}";
}

// Kinds by the first words of their names; the longest fits first.
struct Kind {
  std::string_view prefix;
  std::string (*body)(StoreSlot&, SideCall&, std::string_view, uint64_t);
};

constexpr std::array kKinds = {
    Kind{"order.", [](StoreSlot& slot, SideCall&, std::string_view event,
                      uint64_t k) { return order_body(slot, event, k); }},
    Kind{"product.", [](StoreSlot& slot, SideCall&, std::string_view event,
                        uint64_t k) { return product_body(slot, event, k); }},
    Kind{"customer.", [](StoreSlot& slot, SideCall&, std::string_view event,
                         uint64_t k) { return customer_body(slot, event, k); }},
    Kind{"category.", [](StoreSlot&, SideCall& side, std::string_view,
                         uint64_t k) { return row_of(side, "/categories", k, false); }},
    Kind{"brand.", [](StoreSlot&, SideCall& side, std::string_view,
                      uint64_t k) { return row_of(side, "/brands", k, false); }},
    Kind{"shipment.", [](StoreSlot&, SideCall& side, std::string_view,
                         uint64_t k) { return row_of(side, "/shipments", k, false); }},
    Kind{"shipping.zone.", [](StoreSlot&, SideCall&, std::string_view,
                              uint64_t) { return std::string(shipping_zone()); }},
    Kind{"shipping.company.", [](StoreSlot&, SideCall& side, std::string_view,
                                 uint64_t k) { return row_of(side, "/shipping/companies", k, false); }},
    Kind{"store.branch.", [](StoreSlot&, SideCall& side, std::string_view,
                             uint64_t k) { return branch_body(side, k); }},
    Kind{"storetax.", [](StoreSlot&, SideCall& side, std::string_view,
                         uint64_t k) { return row_of(side, "/taxes", k, false); }},
    Kind{"abandoned.cart", [](StoreSlot&, SideCall& side, std::string_view event,
                              uint64_t k) { return cart_body(side, event, k); }},
    Kind{"coupon.", [](StoreSlot&, SideCall& side, std::string_view,
                       uint64_t k) { return row_of(side, "/coupons", k, false); }},
    Kind{"invoice.", [](StoreSlot& slot, SideCall& side, std::string_view,
                        uint64_t k) { return invoice_body(slot, side, k); }},
    Kind{"specialoffer.", [](StoreSlot&, SideCall& side, std::string_view,
                             uint64_t k) { return row_of(side, "/specialoffers", k, false); }},
    Kind{"review.", [](StoreSlot&, SideCall& side, std::string_view,
                       uint64_t k) { return row_of(side, "/reviews", k, false); }},
    Kind{"communication.", [](StoreSlot&, SideCall&, std::string_view, uint64_t) {
           return std::string(
               R"({"notifiable":["+966500000000"],"type":"order.status.updated","content":"تم",)"
               R"("entity":{"id":1,"type":"order"},"meta":{}})");
         }},
    Kind{"subscription.", [](StoreSlot&, SideCall&, std::string_view event,
                             uint64_t) { return app_body(event); }},
    Kind{"app.", [](StoreSlot&, SideCall&, std::string_view event,
                    uint64_t) { return app_body(event); }},
};

}  // namespace

std::optional<StoreEvent> event_about(StoreSlot& slot, const Quirks& quirks, int64_t now,
                                      std::string_view event, uint64_t number) {
  SideCall side{slot, quirks, now, nullptr, std::nullopt};
  for (const auto& kind : kKinds) {
    if (!event.starts_with(kind.prefix)) continue;
    auto body = kind.body(slot, side, event, number);
    if (body.empty()) return std::nullopt;
    return StoreEvent{std::string(event), std::move(body)};
  }
  return std::nullopt;
}

}  // namespace falaj::simulator
