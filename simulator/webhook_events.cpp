#include "simulator/webhook_events.hpp"

#include <array>

#include "simulator/json_out.hpp"

namespace falaj::simulator {
namespace {

constexpr auto kEvents = std::to_array<std::string_view>({
    "order.created",
    "order.updated",
    "order.status.updated",
    "order.cancelled",
    "order.refunded",
    "order.deleted",
    "order.products.updated",
    "order.payment.updated",
    "order.coupon.updated",
    "order.total.price.updated",
    "order.shipment.creating",
    "order.shipment.created",
    "order.shipment.cancelled",
    "order.shipment.return.creating",
    "order.shipment.return.created",
    "order.shipment.return.cancelled",
    "order.shipping.address.updated",
    "order.customer.updated",
    "product.created",
    "product.updated",
    "product.deleted",
    "product.available",
    "product.quantity.low",
    "product.price.updated",
    "product.status.updated",
    "product.image.updated",
    "product.category.updated",
    "product.brand.updated",
    "product.tags.updated",
    "product.channels.changed",
    "customer.created",
    "customer.updated",
    "customer.login",
    "customer.otp.request",
    "category.created",
    "category.updated",
    "brand.created",
    "brand.updated",
    "brand.deleted",
    "shipment.creating",
    "shipment.created",
    "shipment.cancelled",
    "shipment.updated",
    "shipping.zone.created",
    "shipping.zone.updated",
    "shipping.company.created",
    "shipping.company.updated",
    "shipping.company.deleted",
    "store.branch.created",
    "store.branch.updated",
    "store.branch.setDefault",
    "store.branch.activated",
    "store.branch.deleted",
    "storetax.created",
    "abandoned.cart",
    "abandoned.cart.updated",
    "abandoned.cart.status.changed",
    "abandoned.cart.purchased",
    "coupon.applied",
    "coupon.created",
    "coupon.updated",
    "invoice.created",
    "specialoffer.created",
    "specialoffer.updated",
    "review.added",
    "communication.sms.send",
    "communication.email.send",
    "communication.whatsapp.send",
});

std::string full_order(StoreSlot& slot, const OrderFacts& order) {
  JsonOut out(6000);
  slot.json.order_full(out, order);
  return out.take();
}

}  // namespace

std::string status_event_body(StoreSlot& slot, const OrderFacts& order) {
  const auto& status = kStatuses[order.status];
  JsonOut out(2000);
  out.raw(R"({"id":)").number(order.id % 1'000'000'000 * 2 + 1).raw(R"(,"status":)");
  out.text(status.name).raw(R"(,"customized":{"id":)").number(status.custom_id);
  out.raw(R"(,"name":)").text(status.custom_name).raw(R"(},"note":"","created_at":)");
  out.date(order.updated).raw(R"(,"order":)");
  slot.json.order_summary(out, order);
  out.raw("}");
  return out.take();
}

std::span<const std::string_view> known_events() {
  return kEvents;
}

std::vector<StoreEvent> events_of(StoreSlot& slot, const MutatedIds& ids) {
  std::vector<StoreEvent> events;
  OrderFacts order;
  const auto each = [&](const std::vector<int64_t>& list, auto&& add) {
    for (const auto id : list) {
      // A deleted order is gone from the lists, not from its event.
      slot.store.order(slot.store.source().order_index(id), order);
      add();
    }
  };
  const auto full = [&](const char* name) { events.push_back({name, full_order(slot, order)}); };
  each(ids.created, [&] { full("order.created"); });
  each(ids.changed, [&] {
    full("order.updated");
    events.push_back({"order.status.updated", status_event_body(slot, order)});
  });
  each(ids.repriced, [&] { full("order.products.updated"); });
  each(ids.hidden, [&] { full("order.products.updated"); });
  each(ids.silent, [&] { full("order.updated"); });
  each(ids.revived, [&] { full("order.updated"); });
  each(ids.removed, [&] { full("order.deleted"); });
  return events;
}

}  // namespace falaj::simulator
