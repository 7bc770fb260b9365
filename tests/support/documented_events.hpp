// The events that Salla documents (salla-api.md 5.2, word by word; of `subscription.*` two).
#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace falaj::test {

inline constexpr const char* kDocumentedEvents = R"(
order.created order.updated order.status.updated order.cancelled order.refunded order.deleted
order.products.updated order.payment.updated order.coupon.updated order.total.price.updated
order.shipment.creating order.shipment.created order.shipment.cancelled
order.shipment.return.creating order.shipment.return.created order.shipment.return.cancelled
order.shipping.address.updated order.customer.updated
product.created product.deleted product.quantity.low product.price.updated product.status.updated
product.image.updated product.category.updated product.brand.updated product.tags.updated
product.channels.changed product.updated product.available
customer.created customer.updated customer.login customer.otp.request
category.created category.updated brand.created brand.updated brand.deleted
shipment.creating shipment.created shipment.cancelled shipment.updated
shipping.zone.created shipping.zone.updated
shipping.company.created shipping.company.updated shipping.company.deleted
store.branch.created store.branch.updated store.branch.setDefault store.branch.activated
store.branch.deleted storetax.created
abandoned.cart abandoned.cart.updated abandoned.cart.status.changed abandoned.cart.purchased
coupon.applied coupon.created coupon.updated invoice.created
specialoffer.created specialoffer.updated review.added
communication.sms.send communication.email.send communication.whatsapp.send
subscription.created subscription.charge.succeeded
app.installed app.uninstalled app.updated app.store.authorize app.trial.started app.trial.expired
app.trial.canceled app.subscription.started app.subscription.renewed app.subscription.expired
app.subscription.canceled app.settings.updated)";

inline std::vector<std::string> documented_events() {
  std::istringstream words(kDocumentedEvents);
  std::vector<std::string> events;
  for (std::string event; words >> event;) events.push_back(event);
  return events;
}

}  // namespace falaj::test
