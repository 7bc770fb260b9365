#include "connectors/salla/webhook_rules.hpp"

#include <algorithm>
#include <array>

namespace falaj::connectors::salla {
namespace {

using Action = WebhookAction;

// clang-format off
constexpr std::array kRules = std::to_array<WebhookRule>({
    {"order.created", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (WJ order/created.js)"},
    {"order.updated", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (WJ order/created.js)"},
    {"order.status.updated", Action::kRefetch, "orders", "order.id order_id", "", false,
     "data is the history entry; its order is a short form", "5.3 (AK event-contexts)"},
    {"order.cancelled", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (D:421119)"},
    {"order.refunded", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (D:421119)"},
    {"order.products.updated", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (D:421119)"},
    {"order.payment.updated", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (D:421119)"},
    {"order.coupon.updated", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (D:421119)"},
    {"order.total.price.updated", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (D:421119)"},
    {"order.shipping.address.updated", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (D:421119)"},
    {"order.customer.updated", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.2 (D:421127, changelog only)"},
    {"order.deleted", Action::kTombstone, "orders", "id", "", false,
     "drafts and deleted orders are in no list", "5.3, 6.9"},
    {"order.shipment.creating", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (D:421119)"},
    {"order.shipment.created", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (D:421119)"},
    {"order.shipment.return.creating", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (D:421119)"},
    {"order.shipment.return.created", Action::kUseBody, "orders", "id", "id status amounts items", false,
     "a full order; a narrower body is asked for", "5.3 (D:421119)"},
    {"order.shipment.cancelled", Action::kRefetch, "orders", "order_id order.id id", "", false,
     "only id, reference_id and shipping_number", "5.3 (D:421119)"},
    {"order.shipment.return.cancelled", Action::kRefetch, "orders", "order_id order.id id", "", false,
     "only id, reference_id and shipping_number", "5.3 (D:421119)"},
    {"product.created", Action::kUseBody, "products", "id", "id name price status", false,
     "a full product", "5.3"},
    {"product.deleted", Action::kTombstone, "products", "id", "", false,
     "the full product, gone", "5.3"},
    {"product.quantity.low", Action::kRefetch, "products", "id product.id product_id", "", false,
     "id, codes and the changed part only", "5.3 (D:421127, 2025-12)"},
    {"product.price.updated", Action::kRefetch, "products", "id product.id product_id", "", false,
     "id, codes and the changed part only", "5.3 (D:421127, 2025-12)"},
    {"product.status.updated", Action::kRefetch, "products", "id product.id product_id", "", false,
     "id, codes and the changed part only", "5.3 (D:421127, 2025-12)"},
    {"product.image.updated", Action::kRefetch, "products", "id product.id product_id", "", false,
     "id, codes and the changed part only", "5.3 (D:421127, 2025-12)"},
    {"product.category.updated", Action::kRefetch, "products", "id product.id product_id", "", false,
     "id, codes and the changed part only", "5.3 (D:421127, 2025-12)"},
    {"product.brand.updated", Action::kRefetch, "products", "id product.id product_id", "", false,
     "id, codes and the changed part only", "5.3 (D:421127, 2025-12)"},
    {"product.tags.updated", Action::kRefetch, "products", "id product.id product_id", "", false,
     "id, codes and the changed part only", "5.3 (D:421127, 2025-12)"},
    {"product.channels.changed", Action::kRefetch, "products", "id product.id product_id", "", false,
     "id, codes and the changed part only", "5.3 (D:421127, 2025-12)"},
    {"product.updated", Action::kUseBody, "products", "id", "id name price status", false,
     "deprecated 2025-12-15; a full product until then", "5.2, 6.13"},
    {"product.available", Action::kUseBody, "products", "id", "id name price status", false,
     "deprecated 2025-12-15; a full product until then", "5.2, 6.13"},
    {"customer.created", Action::kUseBody, "customers", "id", "id first_name last_name mobile", false,
     "the customer with groups, source and flags", "5.3 (WJ customer/created.js)"},
    {"customer.updated", Action::kUseBody, "customers", "id", "id first_name last_name mobile", false,
     "the customer with groups, source and flags", "5.3 (WJ customer/created.js)"},
    {"customer.login", Action::kIgnore, "", "", "", false,
     "a login changes nothing that we keep", "5.2"},
    {"customer.otp.request", Action::kIgnore, "", "", "", true,
     "a one-time password is nobody's business", "5.2"},
    {"category.created", Action::kUseBody, "categories", "id", "id name", false,
     "the category", "5.2"},
    {"category.updated", Action::kUseBody, "categories", "id", "id name", false,
     "the category", "5.2"},
    {"brand.created", Action::kUseBody, "brands", "id", "id name", false,
     "the brand; status is true here, null in lists", "5.2, 3"},
    {"brand.updated", Action::kUseBody, "brands", "id", "id name", false,
     "the brand; status is true here, null in lists", "5.2, 3"},
    {"brand.deleted", Action::kTombstone, "brands", "id", "", false,
     "the brand, gone", "5.2"},
    {"shipment.creating", Action::kUseBody, "shipments", "id", "id order_id status", false,
     "the shipment, with the customer's short form", "5.2, 4.7"},
    {"shipment.created", Action::kUseBody, "shipments", "id", "id order_id status", false,
     "the shipment, with the customer's short form", "5.2, 4.7"},
    {"shipment.cancelled", Action::kUseBody, "shipments", "id", "id order_id status", false,
     "the shipment, with the customer's short form", "5.2, 4.7"},
    {"shipment.updated", Action::kUseBody, "shipments", "id", "id order_id status", false,
     "the shipment, with the customer's short form", "5.2, 4.7"},
    {"shipping.zone.created", Action::kIgnore, "", "", "", false,
     "zones are not kept", "5.2"},
    {"shipping.zone.updated", Action::kIgnore, "", "", "", false,
     "zones are not kept", "5.2"},
    {"shipping.company.created", Action::kReadList, "shipping_companies", "id", "", false,
     "a short list without pages", "5.2, 4.7"},
    {"shipping.company.updated", Action::kReadList, "shipping_companies", "id", "", false,
     "a short list without pages", "5.2, 4.7"},
    {"shipping.company.deleted", Action::kTombstone, "shipping_companies", "id", "", false,
     "the company, gone", "5.2"},
    {"store.branch.created", Action::kUseBody, "branches", "id", "id name status", false,
     "the branch", "5.2, 4.6"},
    {"store.branch.updated", Action::kUseBody, "branches", "id", "id name status", false,
     "the branch", "5.2, 4.6"},
    {"store.branch.setDefault", Action::kUseBody, "branches", "id", "id name status", false,
     "the branch", "5.2, 4.6"},
    {"store.branch.activated", Action::kUseBody, "branches", "id", "id name status", false,
     "the branch", "5.2, 4.6"},
    {"store.branch.deleted", Action::kTombstone, "branches", "id", "", false,
     "the branch, gone", "5.2"},
    {"storetax.created", Action::kUseBody, "taxes", "id", "id tax", false,
     "the tax", "5.2"},
    {"abandoned.cart", Action::kUseBody, "abandoned_carts", "id", "id total items", false,
     "the cart", "5.3 (M1 Abandoned-Cart)"},
    {"abandoned.cart.updated", Action::kUseBody, "abandoned_carts", "id", "id total items", false,
     "the cart", "5.3 (M1 Abandoned-Cart)"},
    {"abandoned.cart.purchased", Action::kUseBody, "abandoned_carts", "id", "id total items", false,
     "bare-number totals; the cart counts as purchased at once", "5.3 (M1 Abandoned-Cart)"},
    {"abandoned.cart.status.changed", Action::kRefetch, "abandoned_carts", "id", "", false,
     "id and status only; the status counts at once", "5.3 (carts__abandoned__cart-id.json)"},
    {"coupon.applied", Action::kIgnore, "", "", "", false,
     "counts of use come with the list of coupons", "5.2"},
    {"coupon.created", Action::kUseBody, "coupons", "id", "id code type", false,
     "the coupon", "5.2 (NF manifest)"},
    {"coupon.updated", Action::kUseBody, "coupons", "id", "id code type", false,
     "the coupon", "5.2 (NF manifest)"},
    {"invoice.created", Action::kUseBody, "invoices", "id", "id order_id total", false,
     "printed with and without an envelope", "5.3"},
    {"specialoffer.created", Action::kUseBody, "special_offers", "id", "id name offer_type", false,
     "the offer", "5.2, 4.8"},
    {"specialoffer.updated", Action::kUseBody, "special_offers", "id", "id name offer_type", false,
     "the offer", "5.2, 4.8"},
    {"review.added", Action::kUseBody, "reviews", "id", "id type created_at", false,
     "the review", "5.2, 4.8"},
    {"communication.sms.send", Action::kIgnore, "", "", "", true,
     "a message to a customer, maybe with a password", "5.2 (special apps)"},
    {"communication.email.send", Action::kIgnore, "", "", "", true,
     "a message to a customer, maybe with a password", "5.2 (special apps)"},
    {"communication.whatsapp.send", Action::kIgnore, "", "", "", true,
     "a message to a customer, maybe with a password", "5.2 (special apps)"},
    {"subscription.*", Action::kIgnore, "", "", "", false,
     "subscriptions of special apps are not kept", "5.2 (special apps)"},
    {"app.store.authorize", Action::kCredentials, "", "", "", false,
     "the tokens of a store that installed or updated the app", "1.2 (AK app-events, D:421413)"},
    {"app.uninstalled", Action::kCredentials, "", "", "", false,
     "the store's tokens are dead: it is marked, and not read any more", "5.2"},
    {"app.installed", Action::kIgnore, "", "", "", false,
     "between Salla and the app's owner", "5.2 (AK app-events)"},
    {"app.updated", Action::kIgnore, "", "", "", false,
     "between Salla and the app's owner", "5.2 (AK app-events)"},
    {"app.trial.started", Action::kIgnore, "", "", "", false,
     "between Salla and the app's owner", "5.2 (AK app-events)"},
    {"app.trial.expired", Action::kIgnore, "", "", "", false,
     "between Salla and the app's owner", "5.2 (AK app-events)"},
    {"app.trial.canceled", Action::kIgnore, "", "", "", false,
     "between Salla and the app's owner", "5.2 (AK app-events)"},
    {"app.subscription.started", Action::kIgnore, "", "", "", false,
     "between Salla and the app's owner", "5.2 (AK app-events)"},
    {"app.subscription.renewed", Action::kIgnore, "", "", "", false,
     "between Salla and the app's owner", "5.2 (AK app-events)"},
    {"app.subscription.expired", Action::kIgnore, "", "", "", false,
     "between Salla and the app's owner", "5.2 (AK app-events)"},
    {"app.subscription.canceled", Action::kIgnore, "", "", "", false,
     "between Salla and the app's owner", "5.2 (AK app-events)"},
    {"app.settings.updated", Action::kIgnore, "", "", "", true,
     "settings of the app may be secrets", "5.2"},
});
// clang-format on

}  // namespace

std::span<const WebhookRule> webhook_rules() {
  return kRules;
}

const WebhookRule* find_webhook_rule(std::string_view event) {
  const auto stands_for = [event](const WebhookRule& rule) {
    if (!rule.event.ends_with(".*")) return rule.event == event;
    return event.starts_with(rule.event.substr(0, rule.event.size() - 1));
  };
  const auto* found = std::find_if(kRules.begin(), kRules.end(), stands_for);
  return found == kRules.end() ? nullptr : found;
}

std::string_view to_string(WebhookAction action) {
  switch (action) {
    case Action::kUseBody: return "use_body";
    case Action::kUseParts: return "use_parts";
    case Action::kRefetch: return "refetch";
    case Action::kTombstone: return "tombstone";
    case Action::kReadList: return "read_list";
    case Action::kCredentials: return "credentials";
    case Action::kIgnore: return "ignore";
  }
  return "ignore";
}

}  // namespace falaj::connectors::salla
