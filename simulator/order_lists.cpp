// Invoices, transactions, shipments and reviews: lists that hang on orders; see side_lists.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "simulator/answers.hpp"
#include "simulator/catalogue_words.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/random_stream.hpp"
#include "simulator/side_lists.hpp"

namespace falaj::simulator {
namespace {

enum Salt : uint64_t { kInvoices = 701, kCreditNotes, kTransactions, kShipments, kReviews };

constexpr int64_t kTransactionBase = 7'000'000'000;  // beyond 2^31, as the real ones
constexpr uint64_t kReviewedOf = 10;                 // one order in ten is reviewed

const std::vector<StatusIndex> kSentStatuses = {kShipped,   kDelivering, kDelivered,
                                                kCompleted, kRestoring,  kRestored};
const std::vector<PaymentIndex> kOnlinePayments = {kMada,  kApplePay, kCreditCard,
                                                   kTabby, kTamara,   kStcPay};

bool is_sent(StatusIndex status) {
  return std::find(kSentStatuses.begin(), kSentStatuses.end(), status) != kSentStatuses.end();
}

std::optional<int64_t> number_parameter(SideCall& call, std::string_view name) {
  const auto text = call.request != nullptr ? call.request->parameter(name) : std::nullopt;
  if (!text || text->empty()) return std::nullopt;
  int64_t value = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), value);
  if (parsed.ec == std::errc() && parsed.ptr == text->data() + text->size()) return value;
  call.refusal = invalid_field(name, fmt::format("The {} must be a number.", name));
  return std::nullopt;
}

std::optional<int64_t> day_parameter(SideCall& call, std::string_view name) {
  const auto text = call.request != nullptr ? call.request->parameter(name) : std::nullopt;
  if (!text || text->empty()) return std::nullopt;
  auto day = parse_day(*text);
  if (!day) call.refusal = invalid_field(name, fmt::format("The {} is not a valid date.", name));
  return day;
}

OrderQuery days_of(SideCall& call) {
  OrderQuery query;
  query.from_day = day_parameter(call, "from_date");
  query.to_day = day_parameter(call, "to_date");
  return query;
}

OrderFacts order_at(SideCall& call, uint64_t index) {
  OrderFacts order;
  call.slot.store.order(index, order);
  return order;
}

// A moment of an order's first day: what a day filter finds must be of that day.
int64_t soon_after(const OrderFacts& order, int64_t seconds) {
  const auto midnight = (order.created / kDaySeconds + 1) * kDaySeconds - 1;
  return std::min(order.created + seconds, midnight);
}

void short_customer(SideCall& call, JsonOut& out, const OrderFacts& order, bool is_split) {
  if (!order.customer) {
    out.raw("null");
    return;
  }
  CustomerFacts customer;
  call.slot.store.source().customer(*order.customer, customer);
  out.raw(R"({"id":)").number(customer.id);
  if (is_split) {
    out.raw(R"(,"email":)").text(customer.email).raw(R"(,"mobile":"+966)").number(customer.mobile);
    out.raw(R"(","first_name":)").text(customer.first_name).raw(R"(,"last_name":)");
    out.text(customer.last_name).raw("}");
    return;
  }
  out.raw(R"(,"name":")").part(customer.first_name).raw(" ").part(customer.last_name);
  out.raw(R"(","mobile":)").number(966'000'000'000 + customer.mobile).raw(R"(,"email":)");
  out.text(customer.email).raw(R"(,"avatar":"https://cdn.salla.sa/avatar.png","country":)");
  out.text(customer.country).raw(R"(,"city":)").text(customer.city).raw("}");
}

// --- invoices -------------------------------------------------------------------------------

// A tax invoice for each order on its day, a credit note for each restored one on the day of its
// last change. By day, so that a filter is two searches.
const std::vector<std::pair<int64_t, uint64_t>>& credit_notes(SideCall& call) {
  auto& side = call.slot.side;
  auto& store = call.slot.store;
  if (side.credit_notes_version == store.version() + 1) return side.credit_notes;
  side.credit_notes.clear();
  OrderQuery query;
  query.statuses = {kRestored};
  const auto restored = store.orders(query);
  for (uint64_t k = 0; k < restored.size(); ++k) {
    const auto order = order_at(call, restored.at(k));
    side.credit_notes.emplace_back(order.updated / kDaySeconds, order.index);
  }
  std::sort(side.credit_notes.begin(), side.credit_notes.end());
  side.credit_notes_version = store.version() + 1;
  return side.credit_notes;
}

std::pair<size_t, size_t> notes_between(SideCall& call, const OrderQuery& days) {
  const auto& notes = credit_notes(call);
  const auto low = days.from_day ? std::lower_bound(notes.begin(), notes.end(),
                                                    std::pair(*days.from_day, uint64_t{0}))
                                 : notes.begin();
  const auto high = days.to_day ? std::lower_bound(notes.begin(), notes.end(),
                                                   std::pair(*days.to_day + 1, uint64_t{0}))
                                : notes.end();
  const auto first = static_cast<size_t>(low - notes.begin());
  return {first, std::max(first, static_cast<size_t>(high - notes.begin()))};
}

struct Invoice {
  uint64_t order;
  bool is_credit;
};

// The k-th: credit notes first, newest first.
std::optional<Invoice> invoice_at(SideCall& call, uint64_t k) {
  if (const auto id = number_parameter(call, "order_id")) {
    const auto index = call.slot.store.find_order(*id);
    if (!index) return std::nullopt;
    const bool has_credit = order_at(call, *index).status == kRestored;
    return Invoice{*index, has_credit && k == 0};
  }
  const auto days = days_of(call);
  const auto [first, end] = notes_between(call, days);
  if (k < end - first) return Invoice{credit_notes(call)[end - 1 - k].second, true};
  return Invoice{call.slot.store.orders(days).at(k - (end - first)), false};
}

uint64_t invoice_count(SideCall& call) {
  if (const auto id = number_parameter(call, "order_id")) {
    const auto index = call.slot.store.find_order(*id);
    if (!index) return 0;
    return order_at(call, *index).status == kRestored ? 2 : 1;
  }
  const auto days = days_of(call);
  if (call.refusal) return 0;
  const auto [first, end] = notes_between(call, days);
  return end - first + call.slot.store.orders(days).size();
}

int64_t invoice_id(SideCall& call, uint64_t k) {
  const auto invoice = invoice_at(call, k);
  if (!invoice) return 0;
  return derived_id(order_at(call, invoice->order).id,
                    invoice->is_credit ? kCreditNotes : kInvoices);
}

void invoice_amount(SideCall& call, JsonOut& out, const OrderFacts& order, int64_t amount) {
  if (!call.quirks[Quirk::kNumbersAsStrings]) {
    out.money(amount, order.currency);
    return;
  }
  out.raw(R"({"amount":")").raw(two_decimals(amount)).raw(R"(","currency":")");
  out.raw(order.currency).raw("\"}");
}

void write_invoice(SideCall& call, JsonOut& out, uint64_t k) {
  const auto invoice = invoice_at(call, k);
  const auto order = order_at(call, invoice->order);
  const auto salt = invoice->is_credit ? kCreditNotes : kInvoices;
  out.raw(R"({"id":)").number(derived_id(order.id, salt)).raw(R"(,"invoice_number":")");
  out.raw(invoice->is_credit ? "CN" : "INV").raw(order.reference).raw(R"(","order_id":)");
  out.number(order.id).raw(R"(,"type":")").raw(invoice->is_credit ? "Credit Note" : "Tax Invoice");
  if (order.noise % 8 != 1) out.raw(R"(","payment_method":")").raw(kPayments[order.payment]);
  out.raw(R"(","sub_total":)");
  invoice_amount(call, out, order, order.sub_total);
  out.raw(R"(,"shipping_cost":)");
  invoice_amount(call, out, order, order.shipping);
  out.raw(R"(,"cod_cost":)");
  invoice_amount(call, out, order, order.cash_on_delivery);
  out.raw(R"(,"discount":)");
  invoice_amount(call, out, order, order.discount);
  out.raw(R"(,"tax":{"percent":")").number(order.tax_percent).raw(R"(.00","amount":)");
  invoice_amount(call, out, order, order.tax);
  out.raw(R"(},"total":)").money(order.total, order.currency).raw(R"(,"date":)");
  const auto time = invoice->is_credit ? order.updated : order.created;
  if (order.noise % 5 == 0) {
    out.naive_date(time).raw("}");
    return;
  }
  out.raw("\"");
  append_date(out.buffer(), time / kDaySeconds);
  out.raw("\"}");
}

// The invoice alone: numbers, and the lines that it is for.
void write_invoice_details(SideCall& call, JsonOut& out, uint64_t k) {
  const auto invoice = invoice_at(call, k);
  const auto order = order_at(call, invoice->order);
  const auto id = derived_id(order.id, invoice->is_credit ? kCreditNotes : kInvoices);
  const auto taxable = [&](int64_t amount) {
    out.raw(R"({"amount":)").amount(amount).raw(R"(,"taxable":true,"currency":")");
    out.raw(order.currency).raw("\"}");
  };
  out.raw(R"({"id":)").number(id).raw(R"(,"invoice_number":")");
  out.raw(invoice->is_credit ? "CN" : "INV").raw(order.reference).raw(R"(","uuid":")");
  out.token(order.noise).raw("-").token(mix64(order.noise)).raw(R"(","order_id":)");
  out.number(order.id).raw(R"(,"invoice_reference_id":)");
  out.raw(order.noise % 3 == 0 ? "null" : R"("1233")").raw(R"(,"type":")");
  out.raw(invoice->is_credit ? "Credit Note" : "Tax Invoice").raw(R"(","date":")");
  append_date(out.buffer(), (invoice->is_credit ? order.updated : order.created) / kDaySeconds);
  out.raw(R"(","qr_code":")").token(order.noise).raw(R"(","payment_method":")");
  out.raw(kPayments[order.payment]).raw(R"(","sub_total":)").money(order.sub_total, order.currency);
  out.raw(R"(,"shipping_cost":)");
  taxable(order.shipping);
  out.raw(R"(,"cod_cost":)");
  taxable(order.cash_on_delivery);
  out.raw(R"(,"discount":)").money(order.discount, order.currency).raw(R"(,"tax":{"percent":)");
  out.number(order.tax_percent).raw(R"(,"amount":)").money(order.tax, order.currency);
  out.raw(R"(},"total":)").money(order.total, order.currency).raw(R"(,"items":)");
  write_array(out, order.items.size(), [&](uint64_t i) {
    const auto& item = order.items[i];
    ProductFacts product;
    call.slot.store.source().product(item.product, product);
    out.raw(R"({"id":)").number(derived_id(item.id, kInvoices)).raw(R"(,"product_id":")");
    out.number(product.id).raw(R"(","item_id":)").number(item.id).raw(R"(,"name":)");
    out.text(product.name).raw(R"(,"sku":)").text(product.sku).raw(R"(,"quantity":)");
    out.number(item.quantity).raw(R"(,"type":"product","price":)");
    out.money(item.unit_price, order.currency).raw(R"(,"discount":)").money(0, order.currency);
    out.raw(R"(,"tax":{"percent":)").number(order.tax_percent).raw(R"(,"amount":)");
    out.money(item.tax, order.currency).raw(R"(},"total":)").money(item.total, order.currency);
    out.raw("}");
  });
  out.raw("}");
}

// --- transactions ---------------------------------------------------------------------------

// Newest first, of orders that were paid online; there is no filter by date.
OrderList transactions(SideCall& call) {
  OrderQuery query;
  query.payments = kOnlinePayments;
  if (call.request == nullptr) return call.slot.store.orders(query);
  if (const auto method = call.request->parameter("payment_method"); method && !method->empty()) {
    query.payments.clear();
    for (const auto payment : kOnlinePayments) {
      if (kPayments[payment] == *method) query.payments = {payment};
    }
    if (query.payments.empty())
      call.refusal = invalid_field("payment_method", "The selected payment method is invalid.");
  }
  return call.slot.store.orders(query);
}

// The order of a call for one order's; nothing when it is another call.
std::optional<uint64_t> order_of_call(SideCall& call) {
  const auto id = number_parameter(call, "order_id");
  return id ? std::optional(call.slot.store.find_order(*id).value_or(~uint64_t{0})) : std::nullopt;
}

uint64_t transaction_count(SideCall& call) {
  const auto one = order_of_call(call);
  if (!one) return transactions(call).size();
  if (!call.slot.store.is_live(*one)) return 0;
  const auto payment = order_at(call, *one).payment;
  return std::count(kOnlinePayments.begin(), kOnlinePayments.end(), payment) > 0 ? 1 : 0;
}

OrderFacts transaction_order(SideCall& call, uint64_t k) {
  const auto one = order_of_call(call);
  return order_at(call, one ? *one : transactions(call).at(k));
}

int64_t transaction_id(SideCall& call, uint64_t k) {
  return kTransactionBase + derived_id(transaction_order(call, k).id, kTransactions);
}

void write_transaction(SideCall& call, JsonOut& out, uint64_t k) {
  struct State {
    std::string_view slug;
    std::string_view name;
  };
  const auto order = transaction_order(call, k);
  const State state = order.status == kPaymentPending ? State{"pending", "معلقة"}
                      : order.status == kCanceled     ? State{"canceled", "ملغية"}
                      : order.status == kRestored     ? State{"refunded", "مسترجعة"}
                                                      : State{"paid", "مؤكدة"};
  const auto method = kPayments[order.payment];
  out.raw(R"({"id":)").number(kTransactionBase + derived_id(order.id, kTransactions));
  out.raw(R"(,"customer":)");
  short_customer(call, out, order, true);
  out.raw(R"(,"references":{"reference_id":)");
  if (order.is_reference_text) {
    out.text(order.reference);
  } else {
    out.raw(order.reference);
  }
  out.raw(R"(,"order_id":)").number(order.id).raw(R"(,"cart_id":)");
  out.number(171'000'000'000 + static_cast<int64_t>(order.noise & 0x7FFFFFFFU));
  out.raw(R"(,"transaction":)").number(44'000'000'000 + static_cast<int64_t>(order.noise >> 33U));
  out.raw(R"(},"total":)").money(order.total, order.currency);
  out.raw(R"(,"payment_method":{"payment_provider":"salla_pay","name":")").raw(method);
  out.raw(R"(","slug":")").raw(method).raw(R"(","icon":"https://cdn.salla.network/pay.png"},)");
  out.raw(R"("status":{"name":")").raw(state.name).raw(R"(","slug":")").raw(state.slug);
  out.raw(R"("},"card":{"brand":")").raw(method).raw(R"(","number":"4000xxxxxxxx)");
  out.number(static_cast<int64_t>(1000 + order.noise % 9000)).raw(R"(","country":"SA"},)");
  out.raw(R"("available_actions":["refund","print"],"created_at":)").date(soon_after(order, 40));
  out.raw(R"(,"notes":)").raw(order.noise % 3 == 0 ? "null" : "\"\"").raw("}");
}

// --- shipments ------------------------------------------------------------------------------

OrderList shipments(SideCall& call) {
  auto query = days_of(call);
  query.statuses = kSentStatuses;
  return call.slot.store.orders(query);
}

uint64_t shipment_count(SideCall& call) {
  const auto one = order_of_call(call);
  if (!one) return shipments(call).size();
  if (call.slot.store.is_live(*one) && is_sent(order_at(call, *one).status)) return 1;
  call.refusal = invalid_field("order_id", "The order is not shippable.");
  return 0;
}

OrderFacts shipment_order(SideCall& call, uint64_t k) {
  const auto one = order_of_call(call);
  return order_at(call, one ? *one : shipments(call).at(k));
}

int64_t shipment_id(SideCall& call, uint64_t k) {
  return derived_id(shipment_order(call, k).id, kShipments);
}

std::string_view shipment_status(StatusIndex status) {
  switch (status) {
    case kShipped: return "in_transit";
    case kDelivering: return "delivering";
    case kRestoring: return "return_in_progress";
    case kRestored: return "return_to_origin";
    default: return "delivered";
  }
}

void write_shipment(SideCall& call, JsonOut& out, uint64_t k) {
  const auto order = shipment_order(call, k);
  const auto noise = order.noise;
  const auto& city = cities()[(noise >> 24U) % cities().size()];
  const bool has_label = noise % 3 != 0;
  CustomerFacts customer;
  if (order.customer) call.slot.store.source().customer(*order.customer, customer);
  out.raw(R"({"id":)").number(derived_id(order.id, kShipments)).raw(R"(,"order_id":)");
  out.number(order.id).raw(R"(,"order_reference_id":)").raw(noise % 6 == 0 ? "null" : "");
  if (noise % 6 != 0) out.text(order.reference);
  out.raw(R"(,"reference":{},"created_at":)").date(soon_after(order, 1800));
  out.raw(R"(,"type":"shipment","courier_id":)").raw(noise % 2 == 0 ? "814202285" : "1723506348");
  out.raw(R"(,"courier_name":")").raw(noise % 2 == 0 ? "سمسا" : "أرامكس");
  out.raw(
      R"(","courier_logo":"https://cdn.salla.network/shipping/logo.png","shipping_number":"FLJ)");
  out.number(static_cast<int64_t>(noise % 100'000'000)).raw(R"(","tracking_number":)");
  out.raw(noise % 7 == 0 ? R"("0")" : "null").raw(R"(,"pickup_id":null,"trackable":true,)");
  out.raw(R"("tracking_link":"https://track.example.sa/)").token(noise).raw(R"(","label":)");
  if (has_label) {
    // Signed again for each answer.
    out.raw(R"({"format":"pdf","url":"https://cdn.salla.sa/label/)").token(noise);
    out.raw(".pdf?Signature=").number(static_cast<int64_t>(call.slot.side.calls)).raw("\"}");
  } else {
    out.raw(call.quirks[Quirk::kEmptyContainers] ? "[]" : "null");
  }
  out.raw(R"(,"payment_method":")").raw(order.payment == kCod ? "cod" : "pre_paid");
  out.raw(R"(","source":"dashboard","status":")").raw(shipment_status(order.status));
  out.raw(R"(","total":)").money(order.total, order.currency).raw(R"(,"cash_on_delivery":)");
  out.money(order.payment == kCod ? order.total : 0, order.currency);
  out.raw(
      R"(,"is_international":false,"total_weight":{"value":0.5,"units":"kg"},)"
      R"("billing_account":"salla","shipping_route":null,"service_types":["normal"],"packages":)");
  write_array(out, order.items.size(), [&](uint64_t i) {
    const auto& item = order.items[i];
    out.raw(R"({"item_id":)").number(item.id).raw(R"(,"external_id":null,"quantity":)");
    out.number(item.quantity).raw(R"(,"price":{"amount":")").raw(two_decimals(item.unit_price));
    out.raw(R"(","currency":")").raw(order.currency).raw(R"("},"options":[]})");
  });
  out.raw(
      R"(,"ship_from":{"type":"branch","branch_id":1846327032,"name":"المستودع","country":)"
      R"("السعودية","city":"الرياض","latitude":0,"longitude":0},"ship_to":{"type":"address","name":")");
  out.part(customer.first_name).raw(" ").part(customer.last_name).raw(R"(","email":)");
  out.text(customer.email).raw(R"(,"phone":"966)").number(customer.mobile);
  out.raw(R"(","country":"السعودية","city":")").raw(city.name).raw(R"(","region":null,)");
  out.raw(R"("address_line":")").raw(city.street).raw("، حي ").raw(city.district);
  out.raw(R"(","block":null,"postal_code":")")
      .number(static_cast<int64_t>(11'000 + noise % 80'000));
  out.raw(R"(","latitude":0,"longitude":0},"meta":{"app_id":518381306,"policy_options":)");
  out.raw(call.quirks[Quirk::kEmptyContainers] ? "[]}}" : "{}}}");
}

// --- reviews --------------------------------------------------------------------------------

// Of every tenth order of the start; they stay when the order goes.
std::pair<uint64_t, uint64_t> reviewed(SideCall& call) {
  const auto& source = call.slot.store.source();
  const auto from = day_parameter(call, "start_date");
  const auto to = day_parameter(call, "end_date");
  uint64_t low = 0;
  uint64_t high = source.order_count();
  if (from || to) {
    constexpr int64_t kFar = 1'000'000;
    std::tie(low, high) = source.orders_between(std::max(from.value_or(-kFar), -kFar),
                                                std::min(to.value_or(kFar), kFar));
  }
  const auto below = [](uint64_t index) { return (index + kReviewedOf - 1) / kReviewedOf; };
  return {below(low), std::max(below(low), below(high))};
}

uint64_t review_count(SideCall& call) {
  const auto [low, high] = reviewed(call);
  return high - low;
}

uint64_t review_order(SideCall& call, uint64_t k) {
  return (reviewed(call).second - 1 - k) * kReviewedOf;
}

int64_t review_id(SideCall& call, uint64_t k) {
  return derived_id(call.slot.store.source().order_id(review_order(call, k)), kReviews);
}

void write_review(SideCall& call, JsonOut& out, uint64_t k) {
  OrderFacts order;
  call.slot.store.source().order(review_order(call, k), std::nullopt, order);
  const bool is_ask = order.noise % 6 == 0;
  out.raw(R"({"id":)").number(derived_id(order.id, kReviews)).raw(R"(,"type":")");
  out.raw(is_ask ? "ask" : "rating").raw(R"(","rating":)");
  out.number(is_ask ? 0 : static_cast<int64_t>(3 + order.noise % 3)).raw(R"(,"content":)");
  out.text(is_ask ? "هل يتوفر مقاس أكبر؟" : "ممتاز وسريع").raw(R"(,"order_id":)");
  if (is_ask) {
    out.raw("null");
  } else {
    out.number(order.id);
  }
  out.raw(R"(,"is_published":)").boolean(order.noise % 4 != 0).raw(R"(,"created_at":)");
  out.naive_date(soon_after(order, 7200)).raw(R"(,"customer":)");
  short_customer(call, out, order, false);
  out.raw("}");
}

constexpr std::array kLists = {
    SideList{"invoices", "/orders/invoices", SidePaging::kPages, invoice_count, invoice_id,
             write_invoice, 0, 60, write_invoice_details},
    SideList{"transactions", "/transactions", SidePaging::kPages, transaction_count, transaction_id,
             write_transaction},
    SideList{"shipments", "/shipments", SidePaging::kPages, shipment_count, shipment_id,
             write_shipment},
    SideList{"reviews", "/reviews", SidePaging::kPages, review_count, review_id, write_review, 0,
             20},
};

}  // namespace

std::span<const SideList> order_lists() {
  return kLists;
}

}  // namespace falaj::simulator
