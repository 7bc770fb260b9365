// Coupons, offers, carts and affiliates; see side_lists.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "simulator/answers.hpp"
#include "simulator/catalogue_words.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/random_stream.hpp"
#include "simulator/side_lists.hpp"

namespace falaj::simulator {
namespace {

enum Salt : uint64_t { kCoupons = 901, kOffers, kCarts, kCartItems, kAffiliates };

std::string_view currency_of(const SideCall& call) {
  return call.slot.store.source().currency();
}

// --- coupons --------------------------------------------------------------------------------

// The codes that orders name: FLJ10 to FLJ99. Every thirtieth is a group of codes.
constexpr uint64_t kCouponCount = 90;
constexpr uint64_t kGroupOf = 30;

uint64_t coupon_count(SideCall&) {
  return kCouponCount;
}

int64_t coupon_id(SideCall& call, uint64_t k) {
  return row_id(call.slot, kCoupons, k);
}

// What a marketer has of a coupon; most have none.
void coupon_marketing(SideCall& call, JsonOut& out, uint64_t k) {
  if (k % 6 != 5) {
    out.raw(R"(,"marketing_active":false,"marketing_name":null,"marketing_type":null,)"
            R"("marketing_amount":null,"marketing_hide_total_sales":false,)"
            R"("marketing_show_maximum_amount":false,"marketing_maximum_amount":null,)"
            R"("marketing_info":null,"marketing_visits_count":null,"marketing_url":null,)"
            R"("marketing_statistics_url":null)");
    return;
  }
  out.raw(R"(,"marketing_active":true,"marketing_name":"نورة","marketing_type":"percentage",)");
  out.raw(R"("marketing_amount":)");
  if (k % 12 == 5) {
    out.number(5);
  } else {
    out.money(50'000, currency_of(call));
  }
  out.raw(R"(,"marketing_hide_total_sales":false,"marketing_show_maximum_amount":true,)");
  out.raw(R"("marketing_maximum_amount":)").money(500'000, currency_of(call));
  out.raw(
      R"(,"marketing_info":"حملة الشتاء","marketing_visits_count":12,"marketing_url":"https://)");
  out.raw(call.slot.domain).raw(R"(/m","marketing_statistics_url":"https://)");
  out.raw(call.slot.domain).raw(R"(/m/statistics")");
}

void write_coupon(SideCall& call, JsonOut& out, uint64_t k) {
  constexpr std::array<std::string_view, 6> kTypes = {"percentage", "fixed", "Percentage",
                                                      "Fixed",      "p",     "f"};
  const auto currency = currency_of(call);
  const bool is_group = k % kGroupOf == 0;
  const auto moment = day_number({2026, 1, 1}) * kDaySeconds + static_cast<int64_t>(k) * 3600;
  out.raw(R"({"id":)")
      .number(coupon_id(call, k))
      .raw(R"(,"code":"FLJ)")
      .number(static_cast<int64_t>(k) + 10);
  out.raw(R"(","type":")").raw(kTypes[k % kTypes.size()]).raw(R"(","status":")");
  out.raw(k % 9 == 8 ? "inactive" : "active").raw(R"(","amount":)").money(100'000, currency);
  out.raw(R"(,"is_apply_with_offer":)").boolean(k % 4 == 1).raw(R"(,"minimum_amount":)");
  if (k % 5 == 4) {
    out.raw("null");
  } else if (k % 2 == 0) {
    out.number(90);
  } else {
    out.money(900'000, currency);
  }
  out.raw(R"(,"maximum_amount":)").money(500'000, currency).raw(R"(,"show_maximum_amount":false,)");
  out.raw(R"("expiry_date":"2027-12-31 23:59:00","start_date":)").raw(k % 3 == 0 ? "null" : "");
  if (k % 3 != 0) out.naive_date(moment);
  out.raw(R"(,"free_shipping":)").boolean(k % 10 == 0).raw(R"(,"usage_limit":)");
  out.raw(k % 2 == 0 ? "null" : "500").raw(R"(,"usage_limit_per_user":)");
  out.raw(k % 3 == 1 ? "null" : "1");
  out.raw(
      R"(,"include_product_ids":[],"exclude_product_ids":[],"is_sale_products_exclude":true,)"
      R"("include_category_ids":[],"exclude_category_ids":[],"include_customer_group_ids":[],)"
      R"("exclude_customer_group_ids":[],"exclude_brands_ids":[],"exclude_shipping_ids":[],)"
      R"("include_customer_ids":[],"include_payment_methods":[],"applied_in":"all","is_group":)");
  out.boolean(is_group).raw(R"(,"group_name":)").raw(is_group ? R"("مجموعة")" : "null");
  out.raw(R"(,"group_coupons_count":)").raw(is_group ? "3" : "null");
  out.raw(R"(,"group_coupon_suffix":)").raw(is_group ? R"("VIP")" : "null");
  out.raw(R"(,"group_coupons":)");
  write_array(out, is_group ? 3 : 0, [&](uint64_t i) {
    out.raw(R"({"code":"VIP)").number(static_cast<int64_t>(k * 10 + i)).raw("\"}");
  });
  out.raw(R"(,"beneficiary_domain":null,"statistics":{"num_of_usage":)");
  out.number(static_cast<int64_t>(k % 40)).raw(R"(,"num_of_customers":)");
  out.number(static_cast<int64_t>(k % 30)).raw(R"(,"coupon_sales":)");
  out.money(static_cast<int64_t>(k) * 125'000, currency).raw(R"(},"created_at":)").date(moment);
  out.raw(R"(,"updated_at":)").date(moment);
  coupon_marketing(call, out, k);
  out.raw("}");
}

// --- special offers -------------------------------------------------------------------------

constexpr std::array<std::string_view, 8> kOfferTypes = {
    "buy_x_get_y",   "fixed_amount", "percentage",   "discounts_table",
    "special_price", "cart_offer",   "tiered_offer", ""};

uint64_t offer_count(SideCall&) {
  return kOfferTypes.size();
}

int64_t offer_id(SideCall& call, uint64_t k) {
  return row_id(call.slot, kOffers, k);
}

// What is bought and what is got for it depends on the offer's type.
void offer_terms(JsonOut& out, uint64_t k) {
  if (kOfferTypes[k] == "percentage" || kOfferTypes[k] == "fixed_amount") {
    out.raw(R"({"min_amount":200,"min_items":0},"get":{"discount_amount":"10.00"})");
  } else if (k % 2 == 0) {
    // A row of the database as it is there: flags 0 and 1, ISO dates, ids nobody outside knows.
    out.raw(
        R"({"type":"category","min_items":-1,"categories":[{"id":77,"store_id":12,"parent_id":0,)"
        R"("status":1,"is_hidden":0,"created_at":"2022-03-07T11:57:13.000000Z"}]},)"
        R"("get":{"type":"percentage","discount_amount":"10.00","products":[]})");
  } else {
    out.raw(R"({"type":"product","quantity":2,"products":[]},)"
            R"("get":{"type":"percentage","discount_amount":"10.00","products":[]})");
  }
}

void write_offer(SideCall& call, JsonOut& out, uint64_t k) {
  out.raw(R"({"id":)").number(offer_id(call, k)).raw(R"(,"name":"عرض )");
  out.number(static_cast<int64_t>(k) + 1);
  out.raw(R"(","message":"احصل على خصم {offer_percent}","expiry_date":)");
  out.raw(k % 2 == 0 ? R"("2027-01-31 23:59:59")" : "null");
  out.raw(R"(,"start_date":)").raw(k % 3 == 0 ? "null" : R"("2026-02-22 00:00:00")");
  out.raw(R"(,"offer_type":")").raw(kOfferTypes[k]).raw(R"(","status":)");
  out.raw(k % 4 == 3 ? R"("inactive")" : R"("active")");
  out.raw(R"(,"show_price_after_discount":)").raw(k % 3 == 0 ? "null" : "false");
  out.raw(R"(,"show_discounts_table_message":false,"applied_to":)");
  out.raw(k % 2 == 0 ? R"("product")" : "null").raw(R"(,"buy":)");
  offer_terms(out, k);
  // Since January 2026.
  out.raw(R"(,"countries":[],"customer_groups":[],"tiers":)");
  out.raw(kOfferTypes[k] == "tiered_offer" ? R"([{"min_amount":100,"discount":"5.00"}])" : "[]");
  out.raw("}");
}

// --- abandoned carts ------------------------------------------------------------------------

// A few each day; a third is bought within three weeks, the others expire after 30 days. The list
// changes at midnight only, so that a store is the same all day long. Asked for alone, bought ones
// are there for three months more.
struct Cart {
  int64_t day;
  uint64_t number;
  uint64_t noise;
  bool is_bought;
};

constexpr int64_t kCartDays = 30;
constexpr int64_t kBoughtCartDays = 120;

// The carts of the last `days` days, newest first; those that expired are not among them.
std::vector<Cart> carts_of(SideCall& call, int64_t days, bool with_bought) {
  std::vector<Cart> carts;
  const auto today = call.now / kDaySeconds;
  const auto& source = call.slot.store.source();
  if (source.customer_count() == 0 || source.product_count() == 0) return carts;
  for (auto day = today - 1; day >= today - days; --day) {
    const auto store = static_cast<uint64_t>(call.slot.store.number());
    const auto count = mix64(static_cast<uint64_t>(day) * 31 + store) % 4;
    for (uint64_t number = 0; number < count; ++number) {
      RandomStream random(store, kCarts + number, static_cast<uint64_t>(day));
      const bool is_buyer = random.percent(35);
      const auto bought_after = static_cast<int64_t>(1 + random.below(20));
      const bool is_bought = is_buyer && day + bought_after < today;
      if (is_bought ? !with_bought : day < today - kCartDays) continue;
      carts.push_back({day, number, random.next(), is_bought});
    }
  }
  return carts;
}

uint64_t cart_count(SideCall& call) {
  return carts_of(call, kCartDays, false).size();
}

int64_t cart_id_of(const SideCall& call, const Cart& cart) {
  return row_id(call.slot, kCarts, static_cast<uint64_t>(cart.day) * 8 + cart.number);
}

int64_t cart_id(SideCall& call, uint64_t k) {
  return cart_id_of(call, carts_of(call, kCartDays, false)[k]);
}

// List rows have no status.
void write_one_cart(SideCall& call, JsonOut& out, const Cart& cart, bool has_status) {
  const auto& source = call.slot.store.source();
  const auto currency = currency_of(call);
  CustomerFacts customer;
  source.customer(cart.noise % source.customer_count(), customer);
  ProductFacts product;
  source.product((cart.noise >> 20U) % source.product_count(), product);
  const auto quantity = static_cast<int64_t>(1 + (cart.noise >> 40U) % 3);
  const auto created =
      cart.day * kDaySeconds + static_cast<int64_t>((cart.noise >> 8U) % kDaySeconds);
  out.raw(R"({"id":)").number(cart_id_of(call, cart));
  if (has_status) {
    out.raw(R"(,"status":)").text(cart.is_bought ? "purchased" : "active");
  }
  out.raw(R"(,"total":)").money(product.price * quantity, currency);
  out.raw(R"(,"subtotal":)").money(product.price * quantity, currency).raw(R"(,"total_discount":)");
  out.money(0, currency).raw(R"(,"checkout_url":"https://)").raw(call.slot.domain).raw("/cart/");
  out.token(cart.noise).raw(R"(","age_in_minutes":)");
  out.number((call.now - created) / 60 + static_cast<int64_t>(call.slot.side.calls));
  out.raw(R"(,"created_at":)").date(created).raw(R"(,"updated_at":)").date(created + 300);
  out.raw(R"(,"customer":{"id":)")
      .number(customer.id)
      .raw(R"(,"name":")")
      .part(customer.first_name);
  out.raw(" ").part(customer.last_name).raw(R"(","mobile":"+966)").number(customer.mobile);
  out.raw(R"(","email":)")
      .text(customer.email)
      .raw(R"(,"avatar":null,"country":null,"city":null})");
  if (cart.noise % 4 == 0) {
    out.raw(R"(,"coupon":{"id":)")
        .number(coupon_id(call, 3))
        .raw(R"(,"code":"FLJ13","status":"active",)");
    out.raw(
        R"("type":"fixed","amount":10,"minimum_amount":90,"expiry_date":"2027-12-31","created_at":)");
    out.date(created).raw("}");
  } else if (cart.noise % 4 != 1) {
    out.raw(R"(,"coupon":null)");
  }
  out.raw(R"(,"items":[{"id":)")
      .number(derived_id(cart_id_of(call, cart), kCartItems))
      .raw(R"(,"product_id":)");
  out.number(product.id).raw(R"(,"quantity":)").number(quantity).raw(R"(,"weight":)");
  out.amount(product.weight_grams * 10).raw(R"(,"notes":null}]})");
}

void write_cart(SideCall& call, JsonOut& out, uint64_t k) {
  write_one_cart(call, out, carts_of(call, kCartDays, false)[k], false);
}

// --- affiliates -----------------------------------------------------------------------------

uint64_t affiliate_count(SideCall&) {
  return 6;
}

int64_t affiliate_id(SideCall& call, uint64_t k) {
  return row_id(call.slot, kAffiliates, k);
}

// The shape before November 2025.
void write_old_affiliate(SideCall& call, JsonOut& out, uint64_t k) {
  const auto domain = call.slot.domain;
  out.raw(R"({"id":)").number(affiliate_id(call, k)).raw(R"(,"code":"AFF)");
  out.number(static_cast<int64_t>(k)).raw(R"(","marketer_name":)").text(female_names()[k]);
  out.raw(R"(,"marketer_city":"جدة","commission_type":"fixed","amount":)");
  out.money(100'000, currency_of(call)).raw(R"(,"profit":)").money(2'500'000, currency_of(call));
  out.raw(R"(,"links":{"affiliate":"https://)").raw(domain).raw(R"(/aff","statistics":"https://)");
  out.raw(domain).raw(R"(/marketing/statistics"},"apply_to":"first_order","visits_count":)");
  out.number(static_cast<int64_t>(10 + k)).raw(R"(,"notes":""})");
}

// Stays open.
void write_new_affiliate(SideCall& call, JsonOut& out, uint64_t k) {
  out.raw(R"({"id":)").number(affiliate_id(call, k)).raw(R"(,"title":"برنامج )");
  out.number(static_cast<int64_t>(k)).raw(R"(","type":"public","apply_to":"all",)");
  out.raw(R"("commission":{"type":"percent","value":5,"minimum_apply":0},"discount":)");
  out.raw(k == 0                                 ? R"({"type":"percent","value":50})"
          : call.quirks[Quirk::kEmptyContainers] ? "[]"
                                                 : "{}");
  out.raw(R"(,"scopes":[{"id":1,"name":"الكل","type":"store","link":"https://)");
  out.raw(call.slot.domain).raw(R"(","operation":"include","thumbnail":)");
  out.raw(k == 0 ? R"("https://cdn.salla.sa/t.png")" : "null");
  out.raw(R"(}],"start_date":"","end_date":"","status":"active")");
}

void write_affiliate(SideCall& call, JsonOut& out, uint64_t k) {
  if (k % 2 == 1) return write_old_affiliate(call, out, k);
  write_new_affiliate(call, out, k);
  out.raw("}");
}

void write_affiliate_details(SideCall& call, JsonOut& out, uint64_t k) {
  if (k % 2 == 1) return write_old_affiliate(call, out, k);
  write_new_affiliate(call, out, k);
  out.raw(R"(,"hide_total_stats":false,"statistics":{"visits":2,"sales":)");
  out.money(210'000, currency_of(call)).raw(R"(,"profit":)").money(500'000, currency_of(call));
  out.raw(R"(,"orders_count":1}})");
}

constexpr std::array kLists = {
    SideList{"coupons", "/coupons", SidePaging::kPages, coupon_count, coupon_id, write_coupon},
    SideList{"special_offers", "/specialoffers", SidePaging::kPages, offer_count, offer_id,
             write_offer},
    SideList{"abandoned_carts", "/carts/abandoned", SidePaging::kPages, cart_count, cart_id,
             write_cart},
    SideList{"affiliates", "/affiliates", SidePaging::kPages, affiliate_count, affiliate_id,
             write_affiliate, 0, 60, write_affiliate_details},
};

}  // namespace

http_server::Response abandoned_cart(ApiCall& call) {
  SideCall side{call.slot, call.quirks, call.now, nullptr, std::nullopt};
  for (const auto& cart : carts_of(side, kBoughtCartDays, true)) {
    if (cart_id_of(side, cart) != call.id) continue;
    JsonOut out(2048);
    out.raw(kDataStart);
    write_one_cart(side, out, cart, true);
    out.raw("}");
    return json_answer(200, out.take());
  }
  return not_found(call, "The content you are trying to access is not available.",
                   "المحتوى الذي تحاول الوصول اليه غير متوفر", false);
}

std::span<const SideList> marketing_lists() {
  return kLists;
}

}  // namespace falaj::simulator
