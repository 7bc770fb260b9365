// What a store sells and where: categories, brands, branches, stock, people and settings; see
// side_lists.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "simulator/catalogue_words.hpp"
#include "simulator/places.hpp"
#include "simulator/random_stream.hpp"
#include "simulator/side_lists.hpp"

namespace falaj::simulator {
namespace {

enum Salt : uint64_t { kGroups = 801, kTags, kOptions, kUsers, kTaxIds, kTrashed };

// Salla's ids of the first rows of its fixed lists: the same in every list.
constexpr std::array<int64_t, 10> kHeadIds = {1473353380, 566146469,  1939592358, 1298199463,
                                              525144736,  1764372897, 989286562,  349994915,
                                              1723506348, 814202285};

// --- brands, branches, people ---------------------------------------------------------------

uint64_t brand_count(SideCall& call) {
  return has_categories(call) ? brands().size() : 0;
}

int64_t brand_row_id(SideCall&, uint64_t k) {
  return brand_id(k);
}

void write_metadata(JsonOut& out, bool has_texts) {
  out.raw(has_texts ? R"({"title":"ماركة","description":"كل منتجاتها","url":"brands/one"})"
                    : R"({"title":null,"description":null,"url":null})");
}

void write_brand(SideCall& call, JsonOut& out, uint64_t k) {
  out.raw(R"({"id":)").number(brand_id(k)).raw(R"(,"name":)").text(brands()[k]);
  if (k % 3 != 0) out.raw(R"(,"status":)").raw(k % 3 == 1 ? "true" : "null");
  out.raw(R"(,"description":"","banner":)");
  out.raw(k % 2 == 0 ? R"("https://cdn.salla.sa/banner.png")" : "null");
  out.raw(R"(,"logo":"https://cdn.salla.sa/brand.png","ar_char":)");
  out.text(k == 0 ? brands()[k] : "").raw(R"(,"en_char":"","metadata":)");
  write_metadata(out, k % 2 == 0);
  if (is_with(call, "translations")) {
    out.raw(R"(,"translations":)");
    if (k % 2 == 1) {
      out.raw(call.quirks[Quirk::kEmptyContainers] ? "[]" : "{}");
    } else {
      out.raw(R"({"ar":{"name":)").text(brands()[k]).raw(R"(,"description":"","metadata":)");
      write_metadata(out, true);
      out.raw(R"(},"en":{"name":"Brand","description":"","metadata":)");
      write_metadata(out, true);
      out.raw("}}");
    }
  }
  out.raw("}");
}

uint64_t three(SideCall&) {
  return 3;
}

int64_t branch_id(SideCall&, uint64_t k) {
  constexpr std::array<int64_t, 3> kIds = {1846327032, 1005180409, 1937885067};
  return kIds[k];
}

void write_branch(SideCall& call, JsonOut& out, uint64_t k) {
  const auto& city = cities()[k];
  const auto moment = call.slot.side.calls;
  out.raw(R"({"id":)").number(branch_id(call, k)).raw(R"(,"name":"فرع )").raw(city.name);
  out.raw(R"(","status":"active","location":{"lat":"24.7135","lng":"46.6752"},"street":")");
  out.raw(city.street).raw(R"(","address_description":")").raw(city.district);
  out.raw(R"(","additional_number":)").raw(k == 2 ? "null" : R"("6666")");
  out.raw(R"(,"building_number":)").raw(k == 2 ? "null" : R"("14")");
  out.raw(R"(,"local":")").raw(city.district);
  out.raw(R"(","postal_code":"12211","contacts":{"phone":")").raw(k == 0 ? "+966508265874" : "");
  out.raw(R"(","whatsapp":"","telephone":""},"preparation_time":)");
  out.text(k == 2 ? "من يومين إلى ثلاثة" : "6").raw(R"(,"is_open":)").boolean(moment % 2 == 0);
  out.raw(R"(,"closest_time":)");
  if (moment % 3 == 0) {
    out.raw("null");
  } else {
    out.raw(R"({"from":"09:)")
        .number(static_cast<int64_t>(10 + moment % 50))
        .raw(R"(","to":"23:00"})");
  }
  out.raw(R"(,"working_hours":[{"name":"السبت","times":[{"from":"09:00","to":"23:55"}]}],)");
  out.raw(R"("is_cod_available":true,"is_default":)").boolean(k == 0).raw(R"(,"type":)");
  out.raw(k == 2 && call.quirks[Quirk::kEmptyContainers] ? "[]"
          : k == 1                                       ? R"("warehouse")"
                                                         : R"("branch")");
  out.raw(
      R"(,"cod_cost":"5.00","country":{"id":1473353380,"name":"السعودية","name_en":"Saudi Arabia",)"
      R"("code":"SA","mobile_code":"+966","capital":)");
  out.raw(k == 2 ? "null" : R"("Riyadh")").raw(R"(},"city":{"id":)");
  out.number(city_id(k)).raw(R"(,"name":")").raw(place_cities()[k].name);
  out.raw(R"(","name_en":")").raw(place_cities()[k].name_en).raw(R"(","country_id":1473353380})");
  if (is_with(call, "translations")) {
    out.raw(R"(,"translations":{"ar":{"name":"فرع )").raw(city.name);
    out.raw(R"(","address_description":")").raw(city.district).raw(R"(","street":")");
    out.raw(city.street).raw(R"(","local":")").raw(city.district);
    out.raw(R"(","preparation_time":"01:00:00"}})");
  }
  out.raw("}");
}

uint64_t five(SideCall&) {
  return 5;
}

int64_t employee_id(SideCall& call, uint64_t k) {
  return row_id(call.slot, kUsers, k);
}

void write_employee(SideCall& call, JsonOut& out, uint64_t k) {
  out.raw(R"({"id":)").number(employee_id(call, k)).raw(R"(,"name":)").text(male_names()[k]);
  out.raw(R"(,"mobile":"50000000)")
      .number(static_cast<int64_t>(k))
      .raw(R"(","mobile_code":"+966",)");
  out.raw(R"("email":"team)").number(static_cast<int64_t>(k)).raw(R"(@example.sa","role":")");
  out.raw(k == 0 ? "user" : "team").raw(R"(","status":")").raw(k == 4 ? "suspended" : "active");
  out.raw("\"}");
}

int64_t group_id(SideCall& call, uint64_t k) {
  return k == 0 ? 474034050 : row_id(call.slot, kGroups, k);
}

void write_group(SideCall& call, JsonOut& out, uint64_t k) {
  constexpr std::array<std::string_view, 3> kNames = {"عملاء مميزون", "جملة", "VIP"};
  out.raw(R"({"id":)").number(group_id(call, k)).raw(R"(,"name":")").raw(kNames[k]);
  out.raw(R"(","conditions":)");
  out.raw(k == 1 ? R"({"type":"total_sales","symbol":">","value":1000})" : "[]");
  out.raw(R"(,"features":{"payment_method":["mada"],"shipping":[]}})");
}

// --- what orders can carry ------------------------------------------------------------------

template <uint64_t salt>
int64_t word_id(SideCall& call, uint64_t k) {
  return row_id(call.slot, salt, k);
}

void write_tag(SideCall& call, JsonOut& out, uint64_t k) {
  constexpr std::array<std::string_view, 3> kNames = {"عميل مميز", "مستعجل", "هدية"};
  out.raw(R"({"id":)").number(k == 0 ? 1291058764 : word_id<kTags>(call, k));
  out.raw(R"(,"name":")").raw(kNames[k]).raw("\"}");
}

int64_t tag_id(SideCall& call, uint64_t k) {
  return k == 0 ? 1291058764 : word_id<kTags>(call, k);
}

constexpr std::array<std::string_view, 4> kOptionNames = {"تغليف هدية", "رسالة", "إضافات",
                                                          "موعد التوصيل"};
constexpr std::array<std::string_view, 4> kOptionTypes = {"text", "number", "checkbox", "date"};

uint64_t option_count(SideCall&) {
  return kOptionNames.size();
}

void write_option(SideCall& call, JsonOut& out, uint64_t k) {
  out.raw(R"({"id":)").number(word_id<kOptions>(call, k)).raw(R"(,"name":")");
  out.raw(kOptionNames[k]).raw("\"}");
}

// What only the option's own answer has; choices and dates depend on its type.
void write_option_details(SideCall& call, JsonOut& out, uint64_t k) {
  out.raw(R"({"id":)").number(word_id<kOptions>(call, k)).raw(R"(,"name":")").raw(kOptionNames[k]);
  out.raw(R"(","reference_id":)").number(word_id<kOptions>(call, k) - 1);
  out.raw(R"(,"description":"","status":true,"is_required":false,"type":")").raw(kOptionTypes[k]);
  out.raw(R"(","length":"80","is_multi_choice":false,"selected_products":)").boolean(k < 2);
  out.raw(R"(,"categories":)").raw(k < 2 ? R"([{"id":123456788,"name":"عطور"}])" : "[]");
  out.raw(R"(,"price":)").number(k == 3 ? 100 : 0).raw(R"(,"currency":"SAR")");
  if (kOptionTypes[k] == "checkbox") {
    out.raw(
        R"(,"options":[{"id":123456788,"name":"شمعة","price":"25","cost":null,"weight":null}])");
  } else if (kOptionTypes[k] == "date") {
    out.raw(
        R"(,"booking_details":{"id":123456788,"type":"date_time","location":"الرياض",)"
        R"("sessions_count":1,"time_strict_value":1,"time_strict_type":"days","availabilities":)"
        R"([{"id":123456789,"day":"monday","is_available":true,"times":[{"from":"10:00","to":)"
        R"("16:00"}]},{"id":123456799,"day":"friday","is_available":false,"times":[{"from":null,)"
        R"("to":null}]}],"overrides":[{"id":123456778,"date":"2027-01-30"}],"session_duration":90,)"
        R"("session_gap":10})");
  }
  out.raw("}");
}

uint64_t payment_count(SideCall&) {
  return kPayments.size();
}

int64_t head_id(SideCall&, uint64_t k) {
  return kHeadIds[k];
}

void write_payment(SideCall&, JsonOut& out, uint64_t k) {
  out.raw(R"({"id":)").number(kHeadIds[k]).raw(R"(,"slug":")").raw(kPayments[k]);
  out.raw(R"(","name":")").raw(kPayments[k]).raw("\"}");
}

struct Company {
  int64_t id;
  std::string_view name;
  std::string_view slug;
};
constexpr std::array kCompanies = {Company{814202285, "سمسا", "smsa"},
                                   Company{1723506348, "أرامكس", "aramex"},
                                   Company{989286562, "مندوب المتجر", ""}};

int64_t company_id(SideCall&, uint64_t k) {
  return kCompanies[k].id;
}

void write_company(SideCall&, JsonOut& out, uint64_t k) {
  const auto& company = kCompanies[k];
  out.raw(R"({"id":)").number(company.id).raw(R"(,"name":")").raw(company.name);
  out.raw(R"(","app_id":"518381306","activation_type":")").raw(k == 2 ? "manual" : "api");
  out.raw(R"(","slug":)");
  if (company.slug.empty()) {
    out.raw("null}");
  } else {
    out.text(company.slug).raw("}");
  }
}

uint64_t two(SideCall&) {
  return 2;
}

void write_tax(SideCall& call, JsonOut& out, uint64_t k) {
  out.raw(R"({"id":)").number(word_id<kTaxIds>(call, k)).raw(R"(,"tax":)").number(k == 0 ? 15 : 5);
  out.raw(R"(,"status":"active","country":)").raw(k == 0 ? "null" : R"("الإمارات")").raw("}");
}

struct Currency {
  std::string_view code;
  std::string_view name;
  std::string_view symbol;
};
constexpr std::array kCurrencies = {
    Currency{"SAR", "ريال سعودي", "ر.س"}, Currency{"KWD", "دينار كويتي", "د.ك"},
    Currency{"AED", "درهم إماراتي", "د.إ"}, Currency{"USD", "دولار أمريكي", "$"}};

uint64_t currency_count(SideCall&) {
  return kCurrencies.size();
}

int64_t no_id(SideCall&, uint64_t) {
  return 0;
}

void write_currency(SideCall&, JsonOut& out, uint64_t k) {
  const auto& currency = kCurrencies[k];
  out.raw(R"({"name":")").raw(currency.name).raw(R"(","code":")").raw(currency.code);
  out.raw(R"(","symbol":")").raw(currency.symbol).raw(R"(","status":")");
  out.raw(k == 0 ? "enabled" : "disabled").raw("\"}");
}

uint64_t country_count(SideCall&) {
  return place_countries().size();
}

int64_t country_row_id(SideCall&, uint64_t k) {
  return country_id(k);
}

void write_country(SideCall&, JsonOut& out, uint64_t k) {
  const auto& country = place_countries()[k];
  out.raw(R"({"id":)").number(country_id(k)).raw(R"(,"name":)");
  // A name of which both languages are one text.
  out.text(k == 0 ? "السعودية | Saudi Arabia" : country.name);
  out.raw(R"(,"name_en":)").text(country.name_en).raw(R"(,"code":)").text(country.code);
  out.raw(R"(,"mobile_code":)").text(country.mobile_code).raw(R"(,"capital":)");
  out.text(country.capital).raw("}");
}

// --- stock ----------------------------------------------------------------------------------

const std::vector<uint64_t>& quantity_rows(SideCall& call) {
  auto& rows = call.slot.side.quantity_rows;
  const auto& source = call.slot.store.source();
  if (!rows.empty()) return rows;
  uint64_t sum = 0;
  ProductFacts product;
  for (uint64_t i = 0; i < source.product_count(); ++i) {
    rows.push_back(sum);
    source.product(i, product);
    sum += std::max<uint64_t>(1, product.option_values.size());
  }
  rows.push_back(sum);
  return rows;
}

uint64_t quantity_count(SideCall& call) {
  return quantity_rows(call).back();
}

void write_quantity(SideCall& call, JsonOut& out, uint64_t k) {
  const auto& rows = quantity_rows(call);
  const auto index =
      static_cast<uint64_t>(std::upper_bound(rows.begin(), rows.end(), k) - rows.begin()) - 1;
  ProductFacts product;
  call.slot.store.source().product(index, product);
  const auto number = k - rows[index];
  const bool has_variant = !product.option_values.empty();
  const auto sold = static_cast<int64_t>(product.noise >> 9U) % 500;
  out.raw(R"({"id":)").number(product.id).raw(R"(,"name":)").text(product.name);
  out.raw(R"(,"image":"https://cdn.salla.sa/p.jpg","sku_id":)");
  if (has_variant) {
    out.number(variant_id(product, number));
  } else {
    out.raw("null");
  }
  out.raw(R"(,"sku":)")
      .text(has_variant ? fmt::format("{}-{}", product.sku, number + 1) : product.sku);
  const auto parts = static_cast<int64_t>(std::max<size_t>(1, product.option_values.size()));
  out.raw(R"(,"quantity":)").number(product.quantity / parts).raw(R"(,"sold_quantity":)");
  out.number(sold).raw(R"(,"price":)");
  if (call.quirks[Quirk::kNumbersAsStrings] && product.noise % 2 == 0) {
    out.raw("\"").raw(two_decimals(product.price)).raw("\"");
  } else {
    out.amount(product.price);
  }
  out.raw(R"(,"unlimited_quantity":false,"variant":)");
  if (has_variant) {
    out.text(product.option_values[number]).raw("}");
  } else {
    out.raw("null}");
  }
}

uint64_t audit_count(SideCall& call) {
  return std::min<uint64_t>(150, call.slot.store.source().product_count() * 3);
}

void write_audit(SideCall& call, JsonOut& out, uint64_t k) {
  ProductFacts product;
  call.slot.store.source().product(k / 3, product);
  const auto before = static_cast<int64_t>(product.noise % 90 + k % 3);
  out.raw(R"({"id":)").number(product.id).raw(R"(,"name":)").text(product.name);
  out.raw(R"(,"image":null,"sku":)").text(product.sku).raw(R"(,"created_at":"2026-10-0)");
  out.number(static_cast<int64_t>(k % 3) + 1).raw(R"(","old_quantity":)").number(before);
  out.raw(R"(,"new_quantity":)")
      .number(before + 5)
      .raw(R"(,"variant":null,"unlimited_quantity":false,)");
  out.raw(R"("reason":"جرد","user":{"id":500000001,"type":"user","first_name":"مالك"}})");
}

uint64_t trashed_count(SideCall& call) {
  return call.slot.store.source().product_count() / 25;
}

void write_trashed(SideCall& call, JsonOut& out, uint64_t k) {
  out.raw(R"({"id":)").number(word_id<kTrashed>(call, k)).raw(R"(,"image":null,"type":"product",)");
  out.raw(R"("name":"منتج محذوف )").number(static_cast<int64_t>(k) + 1);
  out.raw(R"(","price":)")
      .money(500'000, call.slot.store.source().currency())
      .raw(R"(,"quantity":0})");
}

using enum SidePaging;
constexpr std::array kLists = {
    SideList{"brands", "/brands", kPages, brand_count, brand_row_id, write_brand},
    SideList{"branches", "/branches", kPages, three, branch_id, write_branch},
    SideList{"employees", "/users", kPages, five, employee_id, write_employee},
    SideList{"customer_groups", "/customers/groups", kPages, three, group_id, write_group},
    SideList{"order_tags", "/orders/tags", kPages, three, tag_id, write_tag},
    SideList{"order_options", "/orders/options", kPages, option_count, word_id<kOptions>,
             write_option, 0, 60, write_option_details},
    SideList{"payment_methods", "/payment/methods", kNone, payment_count, head_id, write_payment},
    SideList{"shipping_companies", "/shipping/companies", kNone, three, company_id, write_company},
    SideList{"taxes", "/taxes", kPages, two, word_id<kTaxIds>, write_tax},
    SideList{"currencies", "/currencies", kNone, currency_count, no_id, write_currency},
    SideList{"countries", "/countries", kPages, country_count, country_row_id, write_country},
    SideList{"product_quantities", "/products/quantities", kPages, quantity_count, no_id,
             write_quantity},
    SideList{"quantity_audit", "/products/quantities/audit", kIntegerCursor, audit_count, no_id,
             write_audit},
    SideList{"products_trashed", "/products/trashed", kIntegerCursor, trashed_count,
             word_id<kTrashed>, write_trashed},
};

}  // namespace

std::span<const SideList> store_lists() {
  return kLists;
}

}  // namespace falaj::simulator
