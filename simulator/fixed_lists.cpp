#include "simulator/fixed_lists.hpp"

#include <fmt/format.h>

#include <array>
#include <span>

#include "simulator/answers.hpp"
#include "simulator/side_lists.hpp"

namespace falaj::simulator {
namespace {

using http_server::Response;

struct FixedRow {
  int64_t id;
  std::string_view row;           // in the list
  std::string_view details = {};  // alone; empty: as in the list
  std::string_view with = {};     // either, when `with` is asked for; empty: no difference
};

enum class FixedPaging {
  kPages,
  kNone,
  kMisspelt,  // "pagenation", as /products/tags has it
  kOne,       // the first row alone, as an object
};

struct FixedList {
  std::string_view path;
  FixedPaging paging;
  std::span<const FixedRow> rows;
  std::string_view required = {};  // parameters, separated by spaces
};

constexpr std::array kAdvertisements = {
    FixedRow{
        2142305900,
        R"({"id":2142305900,"title":"تخفيضات نهاية الموسم","description":"على جميع العبايات",)"
        R"("type":{"id":1032561074,"name":"category","link":"https://falaj.example.sa/offers"},)"
        R"("style":{"icon":"sicon-tag","font_color":"#ffffff","background_color":"#9d8383"},)"
        R"("expire_date":{"date":"2027-01-21 00:00:00.000000","timezone_type":3,)"
        R"("timezone":"Asia/Riyadh"},"pages":["all"]})"},
    FixedRow{
        1939592358,
        R"({"id":1939592358,"title":"شحن مجاني","description":"للطلبات فوق 300 ريال",)"
        R"("type":{"id":1473353380,"name":"product","link":"https://falaj.example.sa/p"},)"
        R"("style":{"icon":"sicon-truck","font_color":"#000000","background_color":"#f0e0c0"},)"
        R"("expire_date":{"date":"2026-12-31 00:00:00.000000","timezone_type":3,)"
        R"("timezone":"Asia/Riyadh"},"pages":["home","cart"]})"}};

constexpr std::array kAllocations = {
    FixedRow{1939592358,
             R"({"id":1939592358,"name":"طلبات كبيرة","company_id":665151403,"priority":1,"rules":)"
             R"([{"type":"total_items","operator":">=","value":"15"}],"action":{"type":"branch",)"
             R"("strategy":null,"branch_ids":["1937885067"],"single_branch_only":false}})"},
    FixedRow{1473353380,
             R"({"id":1473353380,"name":"البقية","company_id":665151403,"priority":2,"rules":)"
             R"([{"type":"total_quantity","operator":">=","value":"3"}],"action":{"type":)"
             R"("branches","strategy":"most_stock","branch_ids":[],"single_branch_only":false}})"}};

constexpr std::array kDeliveryZones = {FixedRow{
    1846327032, R"({"id":1846327032,"branch_id":1846327032,"name":"شمال الرياض","status":"active",)"
                R"("fees":{"amount":"15.00","currency":"SAR"},"duration":"1-2"})"}};

constexpr std::array kTemplates = {FixedRow{
    956236464,
    R"({"id":956236464,"name":"اللون","type":"radio","display_type":"color","translations":)"
    R"({"en":{"name":"color"},"fr":{"name":"couleur"}}})",
    "",
    R"({"id":956236464,"name":"اللون","type":"radio","display_type":"color","translations":)"
    R"({"en":{"name":"color"},"fr":{"name":"couleur"}},"details":[{"id":956236464,"name":)"
    R"("أحمر","display_value":"#23422","is_default":false,"translations":{"en":{"name":"red"},)"
    R"("fr":{"name":"rouge"}}},{"id":5541564,"name":"أزرق","is_default":1,"display_value":)"
    R"("#2342","translations":{"en":{"name":"blue"},"fr":{"name":"bleue"}}}]})"}};

constexpr std::array kTags = {FixedRow{2129257534, R"({"id":2129257534,"name":"T-Shirts"})"},
                              FixedRow{1291058764, R"({"id":1291058764,"name":"هدايا"})"}};

constexpr std::array kReservations = {
    FixedRow{1473353380,
             R"({"id":1473353380,"title":"ورشة خط عربي 2","type":"day","start":)"
             R"("2026-02-16T00:00:00","end":"2026-02-16T:23:59:59","seats_count":2,"url":)"
             R"("https://s.salla.sa/orders/order/yRdxQ9m28r","created_at":"2026-02-13 13:48:33"})"},
    FixedRow{566146469,
             R"({"id":566146469,"title":"جلسة تصوير","type":"time","start":"2026-02-17T10:00:00",)"
             R"("end":"2026-02-17T:11:00:00","seats_count":1,"url":)"
             R"("https://s.salla.sa/orders/order/zPq81","created_at":"2026-02-14 09:10:00"})"}};

constexpr std::array kRoutes = {
    FixedRow{
        1670414609,
        R"({"id":1670414609,"name":"توصيل المتجر","type":"branded","status":true,"priority":1,)"
        R"("strategy":"default","combinable":true})",
        R"({"id":1670414609,"name":"توصيل المتجر","priority":1,"status":true,"type":"branded",)"
        R"("branded":{"name":"توصيل سريع","logo_url":"https://cdn.salla.sa/route.png",)"
        R"("description":"خلال يوم","combinable":true,"pricing":{"type":"rate","cost":30,)"
        R"("amount_per_unit":2,"up_to_weight":15,"per_unit":1}},"companies":[{"id":989286562,)"
        R"("priority":1,"capacity":80},{"id":1723506348,"priority":2,"capacity":20}],)"
        R"("condition_match":"all","conditions":[{"type":"cart_total","operator":"between","value":)"
        R"({"max":500,"min":200}},{"type":"cart_weight","operator":"==","value":3},)"
        R"({"type":"categories","operator":"in","value":[{"id":1975114919,"name":"عطور"}]},)"
        R"({"type":"areas","operator":"in","value":[{"type":"allowed","areas":[{"country_id":)"
        R"({"id":1473353380,"name":"السعودية"},"cities":[{"id":1473353380,"name":"الرياض"}]}]}]},)"
        R"({"type":"schedule","operator":"within_range","value":{"days":["Sunday"],"time_to":)"
        R"("09:00","time_from":"14:30"}},{"type":"branch_count","operator":">=","value":"23"},)"
        R"({"type":"specific_products_quantity","operator":"in","value":{"quantity":12,"products":)"
        R"([{"id":1784895147,"name":"عطر","thumbnail":"https://cdn.salla.sa/p.jpg"}]}}],)"
        R"("strategy":{"type":"ratio","capacity_level":"route","alternative_companies":[]}})"},
    FixedRow{
        2087831307,
        R"({"id":2087831307,"name":"شركات الشحن","type":"default","status":false,"priority":2,)"
        R"("strategy":"default","combinable":false})"}};

// The list's example shows one zone in place of a list.
constexpr std::array kZones = {FixedRow{
    1120595191,
    R"({"id":1120595191,"zone_code":".KW.the-villa","company":{"id":814202285,"slug":"smsa"},)"
    R"("country":{"id":1298199463,"name":"الكويت","name_en":"Kuwait","code":"KW","mobile_code":)"
    R"("+965"},"city":{"id":1592433390,"name":"الفيلا","name_en":"THE VILLA"},)"
    R"("cities_excluded":[{"id":257742554,"name":"أبو حليفة","name_en":"ABU HALIFA"}],)"
    R"("fees":{"amount":"11.00","currency":"SAR","type":"rate","weight_unit":"kg",)"
    R"("up_to_weight":5,"amount_per_unit":2,"per_unit":3},"cash_on_delivery":{"status":true,)"
    R"("fees":"12.00"},"duration":"13 days"})",
    R"({"id":1120595191,"zone_code":".KW.the-villa","company":{"id":814202285,"slug":"smsa"},)"
    R"("country":{"id":1298199463,"name":"الكويت","name_en":"Kuwait","code":"KW","mobile_code":)"
    R"("+965"},"city":{"id":1592433390,"name":"الفيلا","name_en":"THE VILLA"},)"
    R"("cities_excluded":[{"id":257742554,"name":"أبو حليفة","name_en":"ABU HALIFA"}],)"
    R"("fees":{"amount":"15.00","currency":"SAR","type":"fixed"},"cash_on_delivery":)"
    R"({"status":true,"fees":"12.00"},"duration":"3-5"})"}};

constexpr std::array kBanks = {
    FixedRow{
        1473353380,
        R"({"id":1473353380,"bank_name":"مصرف الراجحي","account_name":"متجر فلج","status":"active"})"},
    FixedRow{
        566146469,
        R"({"id":566146469,"bank_name":"البنك الأهلي","account_name":"متجر فلج","status":"inactive"})"}};

constexpr std::array kAssignmentRules = {
    FixedRow{
        219372983,
        R"({"id":219372983,"user_id":461258256,"rules":[{"entity":"city","value":"1473353380"},)"
        R"({"entity":"country","value":"SA"},{"entity":"status","value":"566146469"}]})"},
    FixedRow{1005180409,
             R"({"id":1005180409,"user_id":3125825677,"rules":[{"entity":"branch","value":)"
             R"("1846327032"}]})"}};

constexpr std::array kRates = {
    FixedRow{
        534427805,
        R"({"id":534427805,"company_id":814202285,"title":"سمسا","logo":)"
        R"("https://cdn.salla.sa/smsa.png","working_days":"١ - ٣ أيام عمل","total":{"amount":28,)"
        R"("currency":"SAR"},"services":[{"name":"cod","amount":{"amount":0,"currency":"SAR"}}]})"},
    FixedRow{1680687267,
             R"({"id":1680687267,"company_id":1723506348,"title":"أرامكس","logo":)"
             R"("https://cdn.salla.sa/aramex.png","working_days":"من 1 - 2 يوم عمل","total":)"
             R"({"amount":24,"currency":"SAR"},"services":[{"name":"cod","amount":{"amount":8,)"
             R"("currency":"SAR"}}]})"}};

constexpr std::array kAvailableCurrencies = {
    FixedRow{1745409636,
             R"({"id":1745409636,"country_name_en":"Saudi Arabia","country_name_ar":"السعودية",)"
             R"("country_code":"SA","currency_code":"SAR","currency_name_en":"Riyals",)"
             R"("currency_name_ar":"ريال سعودي"})"},
    FixedRow{
        566146469,
        R"({"id":566146469,"country_name_en":"United Arab Emirates","country_name_ar":"الامارات",)"
        R"("country_code":"AE","currency_code":"AED","currency_name_en":"","currency_name_ar":)"
        R"("درهم اماراتي"})"},
    FixedRow{1298199463,
             R"({"id":1298199463,"country_name_en":"Kuwait","country_name_ar":"الكويت",)"
             R"("country_code":"KW","currency_code":"KWD","currency_name_en":"Kuwaiti Dinar",)"
             R"("currency_name_ar":"دينار كويتي"})"}};

constexpr std::array kLists = {
    FixedList{"/advertisements", FixedPaging::kPages, kAdvertisements},
    FixedList{"/branches/allocation", FixedPaging::kPages, kAllocations},
    FixedList{"/branches/delivery-zones", FixedPaging::kPages, kDeliveryZones},
    FixedList{"/currencies/available", FixedPaging::kNone, kAvailableCurrencies},
    FixedList{"/orders/assignment/rules", FixedPaging::kNone, kAssignmentRules},
    FixedList{"/payment/banks", FixedPaging::kPages, kBanks},
    FixedList{"/products/options/templates", FixedPaging::kPages, kTemplates},
    FixedList{"/products/tags", FixedPaging::kMisspelt, kTags},
    FixedList{"/reservations", FixedPaging::kNone, kReservations, "start end"},
    FixedList{"/shipping/companies/estimate-rate", FixedPaging::kNone, kRates,
              "city_id country_id"},
    FixedList{"/shipping/routes", FixedPaging::kPages, kRoutes},
    FixedList{"/shipping/zones", FixedPaging::kOne, kZones},
};

const FixedList* find_list(std::string_view path) {
  for (const auto& list : kLists) {
    if (list.path == path) return &list;
  }
  return nullptr;
}

bool has_parameter(const ApiCall& call, std::string_view name) {
  const auto given = call.request.parameter(name);
  return given && !given->empty();
}

// 422 with a message for each parameter that is missing.
std::optional<Response> check_required(const ApiCall& call, std::string_view names) {
  std::string fields;
  while (!names.empty()) {
    const auto end = std::min(names.find(' '), names.size());
    const auto name = names.substr(0, end);
    names.remove_prefix(std::min(end + 1, names.size()));
    if (has_parameter(call, name)) continue;
    fields += fmt::format(R"({}"{}":["حقل {} مطلوب."])", fields.empty() ? "" : ",", name, name);
  }
  if (fields.empty()) return std::nullopt;
  return error_answer(422, "\"error\"", "alert.invalid_fields", "{" + fields + "}");
}

// Filters by a member's value: /payment/banks?status=, /shipping/routes?name=.
bool is_wanted(const ApiCall& call, const FixedRow& row) {
  for (const auto* name : {"status", "name", "branch_id"}) {
    if (!has_parameter(call, name)) continue;
    const auto value = *call.request.parameter(name);
    if (row.row.find(fmt::format(R"("{}":"{}")", name, value)) == std::string_view::npos &&
        row.row.find(fmt::format(R"("{}":{},)", name, value)) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string_view shipping_zone() {
  return kZones.front().row;
}

Response fixed_list(ApiCall& call) {
  const auto* list = find_list(call.path);
  if (list == nullptr) return not_found(call, "Not found.", "غير موجود", true);
  if (auto refused = check_required(call, list->required)) return std::move(*refused);
  const bool is_with = has_parameter(call, "with");
  std::vector<std::string_view> rows;
  for (const auto& row : list->rows) {
    if (is_wanted(call, row)) rows.push_back(is_with && !row.with.empty() ? row.with : row.row);
  }
  if (list->paging == FixedPaging::kOne) return data_answer(rows.empty() ? "[]" : rows.front());
  if (list->paging == FixedPaging::kNone) {
    JsonOut out(4096);
    write_array(out, rows.size(), [&](uint64_t k) { out.raw(rows[k]); });
    return data_answer(out.take());
  }
  auto body = list_body(call.request, call.base_url + std::string(call.path), call.quirks,
                        rows.size(), 600, [&](JsonOut& out, uint64_t k) { out.raw(rows[k]); });
  if (list->paging == FixedPaging::kMisspelt) {
    body.replace(body.rfind("\"pagination\""), 12, "\"pagenation\"");
  }
  return json_answer(200, std::move(body));
}

Response fixed_entity(ApiCall& call) {
  const auto* list = find_list(call.path.substr(0, call.path.rfind('/')));
  const bool is_with = has_parameter(call, "with");
  for (const auto& row : list != nullptr ? list->rows : std::span<const FixedRow>()) {
    if (row.id != call.id) continue;
    if (is_with && !row.with.empty()) return data_answer(row.with);
    return data_answer(row.details.empty() ? row.row : row.details);
  }
  return not_found(call, "The content you are trying to access is no longer available",
                   "المحتوى الذي تحاول الوصول اليه غير متوفر", true);
}

Response order_assignment(ApiCall& call) {
  if (!call.slot.store.find_order(call.id))
    return not_found(call, "The order not found.", "الطلب غير موجود", false);
  return data_answer(
      R"([{"id":525144736,"name":"أحمد محمد","avatar":"https://cdn.salla.sa/avatar_male.png"}])");
}

Response company_options(ApiCall& call) {
  const auto* companies = find_side_list("/shipping/companies");
  SideCall side{call.slot, call.quirks, call.now, nullptr, std::nullopt};
  const auto total = companies->count(side);
  for (uint64_t k = 0; k < total; ++k) {
    if (companies->id(side, k) != call.id) continue;
    return data_answer(
        R"([{"name":"boxes","label":"عدد الكراتين","type":"items","format":"dropdown-list",)"
        R"("required":true,"description":"","options":[{"value":1,"label":1},{"value":2,"label":2}]},)"
        R"({"name":"without_products","label":"عدم ارسال تفاصيل المنتجات في البوليصة","type":)"
        R"("boolean","format":"checkbox","required":false,"description":""}])");
  }
  return not_found(call, "The company not found.", "المحتوى الذي تحاول الوصول اليه غير متوفر",
                   true);
}

}  // namespace falaj::simulator
