// Customers; see entity_json.hpp.
#include "simulator/entity_json.hpp"

namespace falaj::simulator {
namespace {

constexpr size_t kKnownCustomers = 16'384;

}  // namespace

EntityJson::EntityJson(const EntitySource& source, const Quirks& quirks, std::string domain)
    : source_(source),
      quirks_(quirks),
      domain_(std::move(domain)),
      products_(source.product_count()),
      customers_(std::min<size_t>(kKnownCustomers, std::max<size_t>(1, source.customer_count()))) {}

const EntityJson::KnownCustomer& EntityJson::known_customer(uint64_t index) {
  auto& known = customers_[index % customers_.size()];
  if (known.index == index) return known;
  known.index = index;
  source_.customer(index, known.facts);
  JsonOut out;
  customer_core(out, known.facts);
  out.raw(R"(,"updated_at":)").date(known.facts.updated);
  known.in_order = out.take();
  return known;
}

// Everything up to the dates; the object stays open.
void EntityJson::customer_core(JsonOut& out, const CustomerFacts& facts) {
  const auto noise = facts.noise;
  const bool is_thin = is(Quirk::kAbsentKeys) && noise % 10 == 0;
  const bool has_null_text = is(Quirk::kNullText);
  out.raw(R"({"id":)").number(facts.id);
  if (!is_thin) {
    out.raw(R"(,"full_name":")").part(facts.first_name).raw(" ").part(facts.last_name).raw("\"");
  }
  out.raw(R"(,"first_name":)").text(facts.first_name).raw(R"(,"last_name":)").text(facts.last_name);
  out.raw(R"(,"mobile":)").number(facts.mobile);
  out.raw(R"(,"mobile_code":")").raw(noise % 20 == 0 ? "966" : "+966").raw(R"(","email":)");
  out.text(facts.email);
  if (!is_thin) {
    out.raw(R"(,"urls":{"customer":"https://)").raw(domain_).raw(R"(/profile","admin":"https://)");
    out.raw("s.salla.sa/customers/").token(noise).raw("\"}");
  }
  out.raw(R"(,"avatar":"https://cdn.assets.salla.network/prod/admin/cp/assets/images/avatar_)");
  out.raw(facts.is_female ? "female" : "male").raw(R"(.png","gender":)");
  out.raw(noise % 7 == 0 ? "null" : facts.is_female ? R"("female")" : R"("male")");
  out.raw(R"(,"birthday":)");
  if (facts.birthday) {
    out.date(*facts.birthday);
  } else if (is(Quirk::kFillerBirthday) && noise % 4 == 0) {
    out.date(0);
  } else {
    out.raw("null");
  }
  out.raw(R"(,"city":)").text(has_null_text && noise % 9 == 0 ? std::string_view() : facts.city);
  out.raw(R"(,"country":)").text(facts.country).raw(R"(,"country_code":)").text(facts.country_code);
  out.raw(R"(,"currency":")").raw(facts.currency).raw(R"(","location":")");
  out.raw(has_null_text && noise % 6 == 0 ? "null" : "").raw(R"(","lang":"ar")");
}

void EntityJson::customer(JsonOut& out, uint64_t index, bool has_extras) {
  CustomerFacts facts;
  source_.customer(index, facts);
  customer_core(out, facts);
  out.raw(R"(,"created_at":)").date(facts.created);
  out.raw(R"(,"updated_at":)").date(facts.updated);
  out.raw(facts.noise % 5 == 0 ? R"(,"groups":[474034050])" : R"(,"groups":[])");
  if (has_extras) {
    out.raw(R"(,"is_blocked":)").boolean(facts.noise % 200 == 0);
    out.raw(R"(,"block_reason":null,"is_inactive":false,"is_notifications_enabled":true,)"
            R"("is_orders_rated":false,"total_points":)")
        .number(static_cast<int64_t>(facts.noise % 300));
    out.raw(R"(,"country_id":null,"custom_fields":[],"current_store_customer":{"id":)")
        .number(facts.id);
    out.raw(R"(,"approval_status":1,"reason":null,"created_at":)").date(facts.created);
    out.raw(R"(,"updated_at":)").date(facts.updated).raw(R"(,"last_login_date":null})");
  }
  out.raw("}");
}

}  // namespace falaj::simulator
