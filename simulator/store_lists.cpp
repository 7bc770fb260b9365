// What a store sells and where: categories, brands, branches, stock, people and settings; see
// side_lists.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "simulator/catalogue_words.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/random_stream.hpp"
#include "simulator/side_lists.hpp"

namespace falaj::simulator {
namespace {

enum Salt : uint64_t { kGroups = 801, kTags, kOptions, kUsers, kTaxIds, kTrashed, kRootCategories };

// Salla's ids of the first rows of its fixed lists: the same in every list.
constexpr std::array<int64_t, 10> kHeadIds = {1473353380, 566146469,  1939592358, 1298199463,
                                              525144736,  1764372897, 989286562,  349994915,
                                              1723506348, 814202285};

// --- categories -----------------------------------------------------------------------------

struct Category {
  std::string_view name;
  int64_t id;
};

// Those of the products on offer; none when the store came from a file.
const std::vector<Category>& categories_of(SideCall& call) {
  static const std::vector<Category> kNone;
  static const std::vector<Category> kAll = [] {
    std::vector<Category> all;
    for (const auto& good : goods()) {
      const bool is_known = std::any_of(all.begin(), all.end(), [&](const auto& category) {
        return category.name == good.category;
      });
      if (!is_known) all.push_back({good.category, category_id(good.category)});
    }
    return all;
  }();
  const auto& source = call.slot.store.source();
  if (source.product_count() == 0) return kNone;
  ProductFacts product;
  source.product(0, product);
  return product.category.empty() ? kNone : kAll;
}

// The first two are below a category of their own.
constexpr uint64_t kNested = 2;

void write_one_category(SideCall& call, JsonOut& out, const Category& category, int64_t parent,
                        uint64_t sort) {
  out.raw(R"({"id":)").number(category.id).raw(R"(,"name":)").text(category.name);
  out.raw(R"(,"image":null,"urls":{"customer":"https://)").raw(call.slot.domain).raw("/c");
  out.number(category.id).raw(R"(","admin":"/categories"},"parent_id":)").number(parent);
  out.raw(R"(,"sort_order":)").raw(sort % 4 == 3 ? "null" : sort % 3 == 2 ? "\"7\"" : "1");
  out.raw(
      R"(,"status":"active","show_in":{"app":true,"salla_points":false},)"
      R"("has_hidden_products":false,"update_at":"2026-01-05 10:00:00","metadata":{"title":null,)"
      R"("description":null,"url":null},"sub_categories":)");
}

uint64_t category_count(SideCall& call) {
  const auto all = categories_of(call).size();
  return all == 0 ? 0 : all - kNested + 1;
}

int64_t category_row_id(SideCall& call, uint64_t k) {
  return k == 0 ? row_id(call.slot, kRootCategories, 0) : categories_of(call)[k + kNested - 1].id;
}

void write_category(SideCall& call, JsonOut& out, uint64_t k) {
  const auto& all = categories_of(call);
  if (k > 0) {
    write_one_category(call, out, all[k + kNested - 1], 0, k);
    out.raw("[]}");
    return;
  }
  const Category root{"أزياء", category_row_id(call, 0)};
  write_one_category(call, out, root, 0, 0);
  write_array(out, kNested, [&](uint64_t i) {
    write_one_category(call, out, all[i], root.id, i);
    out.raw("[]}");
  });
  out.raw("}");
}

// --- brands, branches, people ---------------------------------------------------------------

uint64_t brand_count(SideCall& call) {
  return categories_of(call).empty() ? 0 : brands().size();
}

int64_t brand_row_id(SideCall&, uint64_t k) {
  return brand_id(k);
}

void write_brand(SideCall& call, JsonOut& out, uint64_t k) {
  out.raw(R"({"id":)").number(brand_id(k)).raw(R"(,"name":)").text(brands()[k]);
  if (k % 3 != 0) out.raw(R"(,"status":)").raw(k % 3 == 1 ? "true" : "null");
  out.raw(R"(,"description":"","banner":null,"logo":"https://cdn.salla.sa/brand.png","ar_char":)");
  out.text(k == 0 ? brands()[k] : "").raw(R"(,"en_char":"","metadata":{"title":null,)");
  out.raw(R"("description":null,"url":null},"translations":)");
  out.raw(call.quirks[Quirk::kEmptyContainers] ? "[]}" : "{}}");
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
  out.raw(R"(","additional_number":"6666","building_number":"14","local":")").raw(city.district);
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
      R"("code":"SA","mobile_code":"+966","capital":"Riyadh"},"city":{"id":)");
  out.number(kHeadIds[k]).raw(R"(,"name":")").raw(city.name).raw(R"(","name_en":"City )");
  out.number(static_cast<int64_t>(k)).raw(R"(","country_id":1473353380}})");
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

uint64_t two(SideCall&) {
  return 2;
}

void write_option(SideCall& call, JsonOut& out, uint64_t k) {
  out.raw(R"({"id":)").number(word_id<kOptions>(call, k)).raw(R"(,"name":")");
  out.raw(k == 0 ? "تغليف هدية" : "رسالة").raw("\"}");
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

void write_country(SideCall&, JsonOut& out, uint64_t k) {
  constexpr std::array<std::string_view, 3> kNames = {"السعودية | Saudi Arabia", "الكويت",
                                                      "الإمارات"};
  constexpr std::array<std::string_view, 3> kCodes = {"SA", "KW", "AE"};
  constexpr std::array<std::string_view, 3> kMobile = {"+966", "965", "+971"};
  out.raw(R"({"id":)").number(kHeadIds[k]).raw(R"(,"name":")").raw(kNames[k]);
  out.raw(R"(","name_en":"Country )").number(static_cast<int64_t>(k)).raw(R"(","code":")");
  out.raw(kCodes[k]).raw(R"(","mobile_code":")").raw(kMobile[k]).raw(R"("})");
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
    SideList{"categories", "/categories", kPages, category_count, category_row_id, write_category,
             kNested, 20},
    SideList{"brands", "/brands", kPages, brand_count, brand_row_id, write_brand},
    SideList{"branches", "/branches", kPages, three, branch_id, write_branch},
    SideList{"employees", "/users", kPages, five, employee_id, write_employee},
    SideList{"customer_groups", "/customers/groups", kPages, three, group_id, write_group},
    SideList{"order_tags", "/orders/tags", kPages, three, tag_id, write_tag},
    SideList{"order_options", "/orders/options", kPages, two, word_id<kOptions>, write_option},
    SideList{"payment_methods", "/payment/methods", kNone, payment_count, head_id, write_payment},
    SideList{"shipping_companies", "/shipping/companies", kNone, three, company_id, write_company},
    SideList{"taxes", "/taxes", kPages, two, word_id<kTaxIds>, write_tax},
    SideList{"currencies", "/currencies", kNone, currency_count, no_id, write_currency},
    SideList{"countries", "/countries", kPages, three, head_id, write_country},
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
