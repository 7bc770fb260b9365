// Orders and their items; see entity_json.hpp.
#include "simulator/catalogue_words.hpp"
#include "simulator/entity_json.hpp"
#include "simulator/random_stream.hpp"

namespace falaj::simulator {
namespace {

constexpr int64_t kUtcLag = 3 * 3600;

bool is_final(StatusIndex status) {
  return status == kCompleted || status == kCanceled || status == kRestored || status == kDelivered;
}

std::string_view user_agent(uint64_t noise) {
  return user_agents()[(noise >> 20U) % user_agents().size()];
}

const City& city_of(uint64_t noise) {
  return cities()[(noise >> 24U) % cities().size()];
}

int64_t option_id(const OrderItemFacts& item, uint64_t salt) {
  return static_cast<int64_t>(mix64(item.noise + salt) & 0x7FFFFFFFU) | 1;
}

}  // namespace

void EntityJson::order_date(JsonOut& out, const OrderFacts& order) {
  out.raw(R"("date":)").date(order.created - (is(Quirk::kUtcOrderDates) ? kUtcLag : 0));
}

void EntityJson::order_reference(JsonOut& out, const OrderFacts& order) {
  out.raw(R"("reference_id":)");
  if (order.is_reference_text) {
    out.text(order.reference);
  } else {
    out.raw(order.reference);
  }
}

void EntityJson::order_status(JsonOut& out, const OrderFacts& order) {
  const auto& status = kStatuses[order.status];
  out.raw(R"("status":{"id":)").number(status.id);
  out.raw(R"(,"name":")").raw(status.name).raw(R"(","slug":")").raw(status.slug);
  out.raw(R"(","customized":{"id":)").number(status.custom_id);
  out.raw(R"(,"name":")").raw(status.custom_name).raw(R"("}})");
}

void EntityJson::order_amounts(JsonOut& out, const OrderFacts& order) {
  const auto currency = order.currency;
  out.raw(R"("amounts":{"sub_total":)").money(order.sub_total, currency);
  out.raw(R"(,"shipping_cost":)").money(order.shipping, currency);
  out.raw(R"(,"cash_on_delivery":)").money(order.cash_on_delivery, currency);
  out.raw(R"(,"tax":{"percent":")").number(order.tax_percent).raw(R"(.00","amount":)");
  out.money(order.tax, currency).raw(R"(},"discounts":[)");
  if (order.discount != 0) {
    out.raw(R"({"title":"كود خصم","type":"normal","code":"FLJ)")
        .number(static_cast<int64_t>(order.noise % 90) + 10);
    out.raw(R"(","discount":")").raw(two_decimals(order.discount));
    out.raw(R"(","currency":")").raw(currency);
    out.raw(R"(","discounted_shipping":"0.00","hasMarketing":false})");
  }
  out.raw(R"(],"total":)").money(order.total, currency).raw("}");
}

void EntityJson::order_source(JsonOut& out, const OrderFacts& order) {
  const auto noise = order.noise;
  out.raw(R"("source":"store","source_details":{"type":"direct","value":null,"device":")");
  const auto agent = user_agent(noise);
  out.raw(agent.find("Mobile") != std::string_view::npos ? "mobile" : "desktop");
  out.raw(R"(","user-agent":")")
      .raw(agent)
      .raw(R"(","ip":"10.)")
      .number(static_cast<int64_t>(noise & 255U));
  out.raw(".").number(static_cast<int64_t>(noise >> 8U & 255U)).raw(".7\"}");
}

void EntityJson::order_summary(JsonOut& out, const OrderFacts& order) {
  const bool is_thin = is(Quirk::kAbsentKeys) && order.noise % 8 == 0;
  const bool is_pending = order.status == kPaymentPending;
  out.raw(R"({"id":)").number(order.id).raw(",");
  order_reference(out, order);
  out.raw(R"(,"total":)").money(order.total, order.currency);
  if (!is_thin && order.currency == "SAR") {
    out.raw(
        R"(,"exchange_rate":{"base_currency":"SAR","exchange_currency":"USD","rate":0.266592})");
  }
  out.raw(",");
  order_date(out, order);
  out.raw(",");
  order_status(out, order);
  out.raw(R"(,"can_cancel":)").boolean(!is_final(order.status)).raw(R"(,"can_reorder":true)");
  if (!is_thin) out.raw(R"(,"payment_method":")").raw(kPayments[order.payment]).raw("\"");
  out.raw(R"(,"is_pending_payment":)").boolean(is_pending);
  out.raw(R"(,"pending_payment_ends_at":)").number(is_pending ? 5400 : 0);
  if (!is_thin) {
    out.raw(R"(,"features":{"digitalable":false,"shippable":true,"has_suspicious_alert":false})");
  }
  out.raw(R"(,"items":[)");
  // The list names the first lines only; it is no place to read items from.
  const auto shown = std::min<size_t>(order.items.size(), 5);
  for (size_t i = 0; i < shown; ++i) {
    const auto& product = known_product(order.items[i].product);
    out.raw(i == 0 ? "" : ",").raw(R"({"name":)").text(product.facts.name);
    out.raw(R"(,"quantity":)").number(order.items[i].quantity);
    if (!is_thin) out.raw(R"(,"thumbnail":")").raw(product.thumbnail).raw("\"");
    out.raw("}");
  }
  out.raw("]}");
}

void EntityJson::weight_label(JsonOut& out, int64_t grams) {
  const auto digits = two_decimals(grams * 10);
  if (!is(Quirk::kArabicDigits)) {
    out.raw("\"").raw(digits).raw(" kg\"");
    return;
  }
  out.raw("\"");
  for (const char c : digits) {
    if (c == '.') {
      out.raw("٫");
    } else {
      const char digit[2] = {'\xD9', static_cast<char>('\xA0' + (c - '0'))};
      out.raw({digit, 2});
    }
  }
  out.raw(" كجم\"");
}

void EntityJson::receiver(JsonOut& out, const OrderFacts& order) {
  if (!order.customer) {
    out.raw(R"({"name":"","email":"","phone":""})");
    return;
  }
  const auto& customer = known_customer(*order.customer).facts;
  out.raw(R"({"name":")").part(customer.first_name).raw(" ").part(customer.last_name);
  out.raw(R"(","email":)").text(customer.email);
  out.raw(R"(,"phone":"966)").number(customer.mobile).raw("\"}");
}

void EntityJson::order_people(JsonOut& out, const OrderFacts& order, bool has_groups) {
  out.raw(R"("customer":)");
  if (!order.customer) {
    out.raw("null");
    return;
  }
  const auto& customer = known_customer(*order.customer);
  out.raw(customer.in_order);
  if (has_groups) {
    out.raw(customer.facts.noise % 5 == 0 ? R"(,"groups":[474034050])" : R"(,"groups":[])");
  }
  out.raw("}");
}

void EntityJson::order_details(JsonOut& out, const OrderFacts& order) {
  const auto noise = order.noise;
  const bool is_pending = order.status == kPaymentPending;
  int64_t grams = 0;
  for (const auto& item : order.items) {
    grams += known_product(item.product).facts.weight_grams * item.quantity;
  }
  out.raw(R"({"id":)").number(order.id);
  out.raw(R"(,"checkout_id":)").number(static_cast<int64_t>(noise & 0x7FFFFFFFU)).raw(",");
  order_reference(out, order);
  out.raw(
      R"(,"features":{"shippable":true,"digitalable":false,"multiple_shipments_supported":false,)"
      R"("order_type_price_quote":false,"has_suspicious_alert":false},"actions":{"cancellable":)");
  out.boolean(!is_final(order.status)).raw(R"(,"reorderable":true,"payable":)").boolean(is_pending);
  out.raw(R"(},"urls":{"customer":"http://)").raw(domain_).raw("/order/").token(noise);
  out.raw(R"(","admin":"/orders/order/)").token(noise);
  out.raw(R"(","digital_content":"https://)")
      .raw(domain_)
      .raw("/orders/digital/")
      .token(mix64(noise));
  if (is_pending) out.raw(R"(","checkout":"https://)").raw(domain_).raw("/checkout/").token(noise);
  out.raw(R"("},)");
  order_date(out, order);
  out.raw(R"(,"updated_at":)").date(order.updated).raw(",");
  order_source(out, order);
  out.raw(",");
  order_status(out, order);
  out.raw(R"(,"is_price_quote":false,"payment_method":")").raw(kPayments[order.payment]);
  out.raw(R"(","currency":")").raw(order.currency).raw("\",");
  order_amounts(out, order);
  out.raw(R"(,"can_cancel":)").boolean(!is_final(order.status));
  out.raw(R"(,"show_weight":true,"can_reorder":true,"is_pending_payment":)").boolean(is_pending);
  out.raw(R"(,"pending_payment_ends_at":)").number(is_pending ? 5400 : 0);
  out.raw(R"(,"total_weight":)");
  weight_label(out, grams);
  out.raw(R"(,"receiver":)");
  receiver(out, order);
  out.raw(",");
  order_people(out, order, false);
  out.raw(R"(,"bank":)")
      .raw(
          order.payment == kBank
              ? R"({"id":1473353380,"bank_name":"مصرف الراجحي","bank_id":1473353380,"account_name":"متجر",)"
                R"("account_number":"0000","iban_number":"SA0000","status":"active"})"
              : "null");
  out.raw(noise % 11 == 0 ? R"(,"tags":[{"id":1291058764,"name":"عميل مميز"}]})"
                          : R"(,"tags":[]})");
}

void EntityJson::order_shipping(JsonOut& out, const OrderFacts& order) {
  const auto noise = order.noise;
  const auto& city = city_of(noise);
  const bool is_sent = order.status >= kShipped && order.status != kCanceled;
  out.raw(R"("shipping":{"id":)").number(static_cast<int64_t>(mix64(noise) & 0x7FFFFFFFU));
  out.raw(R"(,"app_id":)").raw(noise % 3 == 0 ? R"("518381306")" : "518381306");
  out.raw(R"(,"company":")").raw(noise % 2 == 0 ? "سمسا" : "أرامكس");
  out.raw(R"(","logo":"https://cdn.salla.network/shipping/logo.png","receiver":)");
  receiver(out, order);
  // Where it was sent from, a store with several places tells; most orders do not say.
  if (noise % 4 == 1) {
    out.raw(R"(,"shipper":{"name":"Demo","company_name":")").raw(domain_);
    out.raw(R"(","email":"store@example.sa","phone":"966500000000"},"pickup_address":{"country":)"
            R"("السعودية","city":"الرياض","shipping_address":"طريق الملك فهد, الرياض",)"
            R"("street_number":"","block":"العليا","postal_code":"12211",)"
            R"("geo_coordinates":{"lat":24.7135517,"lng":46.6752957}})");
  }
  out.raw(R"(,"address":{"country":"السعودية","country_code":"SA","city":")");
  out.raw(city.name)
      .raw(R"(","shipping_address":")")
      .raw(city.street)
      .raw("، حي ")
      .raw(city.district);
  out.raw("، ").raw(city.name).raw(R"(، السعودية","street_number":")").raw(city.street);
  out.raw(R"(","block":")").raw(city.district).raw(R"(","postal_code":")");
  out.number(static_cast<int64_t>(11'000 + noise % 80'000));
  out.raw(R"(","geo_coordinates":{"lat":0,"lng":0}},"shipment":{"id":")");
  if (is_sent) {
    out.raw("FLJ").number(static_cast<int64_t>(noise % 100'000'000));
    out.raw(R"(","pickup_id":null,"tracking_link":"https://track.example.sa/)")
        .token(noise)
        .raw("\"");
  } else {
    out.raw(R"(0","pickup_id":null,"tracking_link":"0")");
  }
  out.raw(R"(,"label":[]},"policy_options":)").raw(is(Quirk::kEmptyContainers) ? "[]}" : "{}}");
}

void EntityJson::order_full(JsonOut& out, const OrderFacts& order) {
  const auto noise = order.noise;
  const bool is_pending = order.status == kPaymentPending;
  out.raw(R"({"id":)").number(order.id);
  out.raw(R"(,"cart_reference_id":)").number(static_cast<int64_t>(noise & 0x7FFFFFFFU)).raw(",");
  order_reference(out, order);
  out.raw(R"(,"urls":{"customer":"https://)").raw(domain_).raw("/order/").token(noise);
  out.raw(R"(","admin":"https://s.salla.sa/orders/order/)").token(noise).raw(R"("},)");
  order_date(out, order);
  out.raw(R"(,"updated_at":)").date(order.updated);
  out.raw(R"(,"draft":false,"read":)").boolean(noise % 3 != 0).raw(",");
  order_source(out, order);
  out.raw(",");
  order_status(out, order);
  out.raw(R"(,"is_price_quote":false,"payment_method":")").raw(kPayments[order.payment]);
  if (order.payment == kBank) {
    out.raw(R"(","receipt_image":"https://cdn.salla.sa/receipts/)").token(noise).raw(".png");
  }
  out.raw(R"(","currency":")").raw(order.currency).raw("\",");
  order_amounts(out, order);
  if (order.currency == "SAR" && !(is(Quirk::kAbsentKeys) && noise % 2 == 0)) {
    out.raw(
        R"(,"exchange_rate":{"base_currency":"SAR","exchange_currency":"USD","rate":0.266592})");
  }
  out.raw(R"(,"can_cancel":)").boolean(!is_final(order.status));
  out.raw(R"(,"show_weight":true,"can_reorder":true,"is_pending_payment":)").boolean(is_pending);
  out.raw(R"(,"pending_payment_ends_at":)").number(is_pending ? 5400 : 0).raw(",");
  order_shipping(out, order);
  out.raw(R"(,"shipments":[],"pickup_branch":null,"items":[)");
  bool is_first = true;
  for (const auto& item : order.items) {
    const auto& product = known_product(item.product);
    if (!is_first) out.raw(",");
    is_first = false;
    item_start(out, order, item, product);
    out.raw(R"(,"product":)");
    out.raw(is(Quirk::kDeletedProducts) && item.noise % 100 == 0 ? "null" : product.in_item);
    item_options(out, item, product);
    out.raw("}");
  }
  out.raw("],");
  order_people(out, order, true);
  out.raw(R"(,"bank":null,"tags":[]})");
}

void EntityJson::item_start(JsonOut& out, const OrderFacts& order, const OrderItemFacts& item,
                            const KnownProduct& product) {
  out.raw(R"({"id":)").number(item.id).raw(R"(,"name":)").text(product.facts.name);
  out.raw(R"(,"sku":)").text(product.facts.sku).raw(R"(,"quantity":)").number(item.quantity);
  out.raw(R"(,"currency":")").raw(order.currency).raw(R"(","weight":)");
  out.amount(product.facts.weight_grams * 10).raw(R"(,"weight_label":)");
  weight_label(out, product.facts.weight_grams);
  out.raw(R"(,"amounts":{"price_without_tax":)").money(item.unit_price, order.currency);
  out.raw(R"(,"total_discount":)").money(0, order.currency);
  out.raw(R"(,"tax":{"percent":")").number(order.tax_percent).raw(R"(.00","amount":)");
  out.money(item.tax, order.currency).raw(R"(},"total":)").money(item.total, order.currency);
  out.raw(R"(},"notes":"")");
}

void EntityJson::item_options(JsonOut& out, const OrderItemFacts& item,
                              const KnownProduct& product) {
  const auto& facts = product.facts;
  if (facts.option_name.empty()) {
    out.raw(R"(,"options":[])");
    return;
  }
  const auto value = facts.option_values[item.noise % facts.option_values.size()];
  const auto form = is(Quirk::kPolymorphicOptions) ? item.noise >> 8U & 3U : 0;
  constexpr std::array<std::string_view, 4> kTypes = {"radio", "radio", "checkbox", "text"};
  out.raw(R"(,"options":[{"id":)").number(option_id(item, 1));
  out.raw(R"(,"product_option_id":)").number(static_cast<int64_t>(facts.noise & 0x7FFFFFFFU));
  out.raw(R"(,"name":")").raw(facts.option_name).raw(R"(","type":")").raw(kTypes[form]);
  out.raw(R"(","value":)");
  if (form == 3) {
    out.text(value).raw("}]");
    return;
  }
  out.raw(form == 2 ? "[" : "").raw(R"({"id":)").number(option_id(item, 2)).raw(R"(,"name":)");
  out.text(value).raw(R"(,"price":)").money(0, facts.currency).raw(form == 2 ? "}]" : "}");
  out.raw("}]");
}

void EntityJson::order_items(JsonOut& out, const OrderFacts& order) {
  out.raw("[");
  bool is_first = true;
  for (const auto& item : order.items) {
    const auto& product = known_product(item.product);
    if (!is_first) out.raw(",");
    is_first = false;
    item_start(out, order, item, product);
    out.raw(R"(,"product_id":)").number(product.facts.id).raw(R"(,"product_type":"product")");
    out.raw(R"(,"product_thumbnail":")").raw(product.thumbnail).raw("\"");
    item_options(out, item, product);
    out.raw(R"(,"images":[],"codes":[],"files":[],)");
    out.raw(item.noise % 8 == 0 ? R"("product_reservations":[]})" : R"("reservations":[]})");
  }
  out.raw("]");
}

}  // namespace falaj::simulator
