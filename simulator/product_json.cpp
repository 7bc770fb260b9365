// Products and variants; see entity_json.hpp.
#include "simulator/entity_json.hpp"
#include "simulator/random_stream.hpp"

namespace falaj::simulator {
namespace {

int64_t with_tax(const ProductFacts& facts) {
  return facts.is_taxed ? round_to_cents(facts.price * 115 / 100) : facts.price;
}

}  // namespace

int64_t variant_id(const ProductFacts& facts, size_t number) {
  return static_cast<int64_t>(mix64(facts.noise + 1000 + number) & 0x3FFFFFFFU) + 1;
}

int64_t option_id(const ProductFacts& facts) {
  return static_cast<int64_t>(facts.noise & 0x7FFFFFFFU);
}

int64_t option_value_id(const ProductFacts& facts, size_t number) {
  return static_cast<int64_t>(mix64(facts.noise + number) & 0x3FFFFFFFU) + 1;
}

const EntityJson::KnownProduct& EntityJson::known_product(uint64_t index) {
  auto& known = products_[index];
  if (known) return *known;
  known = std::make_unique<KnownProduct>();
  auto& facts = known->facts;
  source_.product(index, facts);
  JsonOut picture;
  picture.raw("https://cdn.salla.sa/")
      .token(facts.noise)
      .raw("/")
      .token(mix64(facts.noise))
      .raw(".jpg");
  known->thumbnail = picture.take();
  JsonOut out;
  out.raw(R"({"id":)").number(facts.id).raw(R"(,"type":"product","promotion":{"title":null,)");
  out.raw(R"("sub_title":null},"status":"sale","is_available":true,"sku":)").text(facts.sku);
  out.raw(R"(,"name":)").text(facts.name).raw(R"(,"price":)").money(facts.price, facts.currency);
  out.raw(R"(,"sale_price":)");
  if (facts.sale_price) {
    out.money(*facts.sale_price, facts.currency);
  } else {
    out.raw(is(Quirk::kEmptyContainers) ? "{}" : "null");
  }
  out.raw(R"(,"currency":")")
      .raw(facts.currency)
      .raw(R"(","url":"https://)")
      .raw(domain_)
      .raw("/p");
  out.number(facts.id)
      .raw(R"(","thumbnail":")")
      .raw(known->thumbnail)
      .raw(R"(","has_special_price":)");
  out.boolean(facts.sale_price.has_value());
  out.raw(R"(,"regular_price":)").money(facts.price, facts.currency);
  out.raw(R"(,"calories":null,"mpn":null,"gtin":null})");
  known->in_item = out.take();
  return *known;
}

void EntityJson::product_prices(JsonOut& out, const ProductFacts& facts) {
  const auto currency = facts.currency;
  out.raw(R"("price":)").money(facts.price, currency);
  out.raw(R"(,"taxed_price":)").money(with_tax(facts), currency);
  out.raw(R"(,"pre_tax_price":)").money(facts.price, currency);
  out.raw(R"(,"tax":)").money(with_tax(facts) - facts.price, currency);
  out.raw(R"(,"sale_price":)");
  if (facts.sale_price) {
    out.money(*facts.sale_price, currency);
  } else {
    out.raw(is(Quirk::kEmptyContainers) ? "{}" : "null");
  }
  out.raw(R"(,"sale_end":null,"regular_price":)").money(facts.price, currency);
  out.raw(R"(,"starting_price":)").raw(is(Quirk::kEmptyContainers) ? "{}" : "null");
}

void EntityJson::product_stock(JsonOut& out, const ProductFacts& facts) {
  const auto strings = is(Quirk::kNumbersAsStrings);
  const auto either = [&out](bool is_text, int64_t value) {
    out.raw(is_text ? "\"" : "").number(value).raw(is_text ? "\"" : "");
  };
  out.raw(R"("quantity":)");
  either(strings && facts.noise % 4 == 0, facts.quantity);
  out.raw(R"(,"sold_quantity":)");
  either(strings && facts.noise % 2 == 0, static_cast<int64_t>(facts.noise >> 9U) % 500);
  out.raw(R"(,"cost_price":)");
  const auto cost = facts.price * 6 / 10 / 100 * 100;
  if (strings) {
    out.raw("\"").amount(cost).raw("\"");
  } else {
    out.amount(cost);
  }
  out.raw(R"(,"maximum_quantity_per_order":)").raw(strings ? R"("5")" : "5");
  out.raw(R"(,"notify_quantity":)").raw(strings && facts.noise % 3 == 0 ? R"("10")" : "10");
  out.raw(R"(,"max_items_per_user":0,"hide_quantity":false,"unlimited_quantity":false,)"
          R"("managed_by_branches":false,"weight":)");
  out.amount(facts.weight_grams * 10).raw(R"(,"weight_type":"kg","calories":null)");
}

void EntityJson::product_options(JsonOut& out, const ProductFacts& facts) {
  if (facts.option_name.empty()) {
    out.raw(R"("options":[])");
    return;
  }
  out.raw(R"("options":[{"id":)")
      .number(option_id(facts))
      .raw(R"(,"name":")")
      .raw(facts.option_name);
  out.raw(
      R"(","description":null,"type":"radio","required":true,"associated_with_order_time":0,)"
      R"("availability_range":false,"not_same_day_order":false,"choose_date_time":false,)"
      R"("from_date_time":null,"to_date_time":null,"sort":0,"advance":false,"display_type":"text",)"
      R"("visibility":"always","translations":{"ar":{"option_name":")");
  out.raw(facts.option_name).raw(R"(","description":null}},"values":[)");
  for (size_t i = 0; i < facts.option_values.size(); ++i) {
    out.raw(i == 0 ? "" : ",");
    option_value(out, facts, i);
    out.raw(R"(,"translations":{"ar":{"option_details_name":)").text(facts.option_values[i]);
    out.raw("}}}");
  }
  out.raw("]}]");
}

// Stays open.
void EntityJson::option_value(JsonOut& out, const ProductFacts& facts, size_t number) {
  out.raw(R"({"id":)").number(option_value_id(facts, number)).raw(R"(,"name":)");
  out.text(facts.option_values[number]).raw(R"(,"price":)").money(0, facts.currency);
  out.raw(R"(,"display_value":"","advance":false,"option_id":)").number(option_id(facts));
  out.raw(R"(,"image_url":)").raw(number == 0 ? R"("https://cdn.salla.sa/value.png")" : "null");
  out.raw(R"(,"hashed_display_value":"")");
}

void EntityJson::variant(JsonOut& out, const ProductFacts& facts, size_t number, bool is_details) {
  out.raw(R"({"id":)").number(variant_id(facts, number));
  out.raw(R"(,"price":)").money(facts.price, facts.currency);
  out.raw(R"(,"regular_price":)").money(facts.price, facts.currency);
  out.raw(R"(,"sale_price":)");
  if (facts.sale_price) {
    out.money(*facts.sale_price, facts.currency);
  } else {
    out.raw(is(Quirk::kEmptyContainers) ? "{}" : "null");
  }
  const auto stock = facts.quantity / static_cast<int64_t>(facts.option_values.size());
  const bool is_text = is(Quirk::kNumbersAsStrings) && facts.noise % 4 == 0;
  out.raw(R"(,"stock_quantity":)").raw(is_text ? "\"" : "").number(stock).raw(is_text ? "\"" : "");
  out.raw(R"(,"barcode":)").raw(facts.noise % 2 == 0 ? "null" : R"("6281000000017")");
  out.raw(R"(,"sku":")").part(facts.sku).raw("-").number(static_cast<int64_t>(number) + 1);
  out.raw(R"(","mpn":null,"gtin":null)");
  if (is_details) out.raw(R"(,"updated_at":)").date(facts.updated);
  out.raw(R"(,"related_options":[)").number(option_value_id(facts, number));
  out.raw(R"(],"related_option_values":[)")
      .number(option_value_id(facts, number))
      .raw(R"(],"weight":)");
  out.amount(facts.weight_grams * 10).raw(R"(,"weight_type":"kg","weight_label":)");
  weight_label(out, facts.weight_grams);
  out.raw("}");
}

void EntityJson::product(JsonOut& out, uint64_t index) {
  const auto& known = known_product(index);
  const auto& facts = known.facts;
  out.raw(R"({"id":)")
      .number(facts.id)
      .raw(R"(,"promotion":{"title":null,"sub_title":null},"sku":)");
  out.text(facts.sku).raw(R"(,"mpn":null,"gtin":null,"type":"product","name":)").text(facts.name);
  out.raw(R"(,"short_link_code":")").token(facts.noise).raw(R"(","urls":{"customer":"https://)");
  out.raw(domain_).raw("/p").number(facts.id).raw(R"(","admin":"https://s.salla.sa/products/)");
  out.number(facts.id).raw(R"("},)");
  product_prices(out, facts);
  out.raw(R"(,"description":)").text(facts.description).raw(R"(,"status":")");
  out.raw(facts.quantity == 0 ? "out" : "sale")
      .raw(R"(","is_available":)")
      .boolean(facts.quantity > 0);
  out.raw(R"(,"views":0,"require_shipping":true,"with_tax":)").boolean(facts.is_taxed).raw(",");
  product_stock(out, facts);
  out.raw(R"(,"url":"https://)").raw(domain_).raw("/p").number(facts.id).raw(R"(","main_image":")");
  out.raw(known.thumbnail).raw(R"(","thumbnail":")").raw(known.thumbnail);
  out.raw(R"(","images":[{"id":)")
      .number(variant_id(facts, 99))
      .raw(R"(,"url":")")
      .raw(known.thumbnail);
  out.raw(
      R"(","main":true,"three_d_image_url":"","alt":"","video_url":"","type":"image","sort":0}],)"
      R"("rating":{"total":0,"count":0,"rate":0},"show_in_app":true,"services_blocks":)"
      R"({"installments":[]},"metadata":{"title":null,"description":null},"allow_attachments":false,)"
      R"("is_pinned":false,"pinned_date":null,"sort":0,"enable_upload_image":false,"updated_at":)");
  out.naive_date(facts.updated).raw(",");
  product_options(out, facts);
  out.raw(R"(,"skus":[)");
  for (size_t i = 0; i < facts.option_values.size(); ++i) {
    if (i > 0) out.raw(",");
    variant(out, facts, i, false);
  }
  out.raw(R"(],"categories":[)");
  if (!facts.category.empty()) {
    out.raw(R"({"id":)").number(facts.category_id).raw(R"(,"name":)").text(facts.category);
    out.raw(R"(,"urls":{"customer":"https://)").raw(domain_).raw("/c").number(facts.category_id);
    out.raw(
        R"(","admin":"https://s.salla.sa/categories"},"parent_id":0,"sort_order":1,"status":"active"})");
  }
  out.raw(R"(],"brand":)");
  if (facts.brand.empty()) {
    out.raw("null");
  } else {
    out.raw(R"({"id":)").number(facts.brand_id).raw(R"(,"name":)").text(facts.brand);
    out.raw(
        R"(,"description":"","banner":null,"logo":"https://cdn.salla.sa/brand.png","ar_char":"",)"
        R"("en_char":""})");
  }
  out.raw(R"(,"tags":[]})");
}

void EntityJson::product_light(JsonOut& out, uint64_t index) {
  const auto& known = known_product(index);
  const auto& facts = known.facts;
  const auto strings = is(Quirk::kNumbersAsStrings);
  const auto quote = strings ? "\"" : "";
  if (is(Quirk::kNewLightProducts)) {
    out.raw(R"({"id":)")
        .raw(quote)
        .number(facts.id)
        .raw(quote)
        .raw(R"(,"type":"product","quantity":)");
    out.raw(quote)
        .number(facts.quantity)
        .raw(quote)
        .raw(R"(,"max_quantity":5,"status":"sale","sku":)");
    out.text(facts.sku).raw(R"(,"name":)").text(facts.name).raw(R"(,"prices":{"price":)");
    out.money(facts.price, facts.currency).raw(R"(,"sale_price":)");
    out.money(facts.sale_price.value_or(0), facts.currency).raw(R"(,"regular_price":)");
    out.money(facts.price, facts.currency).raw(R"(,"starting_price":{}},"urls":{"url":"https://)");
    out.raw(domain_).raw("/p").number(facts.id).raw(R"(","thumbnail":")").raw(known.thumbnail);
    out.raw(R"("},"branches":[],"categories":[],"show_in":{"mahly":false,"app":true,"web":true},)");
    out.raw(R"("features":{"taxable":)").boolean(facts.is_taxed).raw(R"(,"has_options":)");
    out.boolean(!facts.option_name.empty()).raw(R"(},"sale_end":)");
    out.raw(facts.sale_price ? "1830000000" : "null").raw(R"(,"mahly_category_id":null})");
    return;
  }
  out.raw(R"({"id":)")
      .raw(quote)
      .number(facts.id)
      .raw(quote)
      .raw(R"(,"type":"product","quantity":)");
  out.raw(quote).number(facts.quantity).raw(quote).raw(R"(,"is_taxable":)").boolean(facts.is_taxed);
  out.raw(R"(,"status":"sale","sku":)").text(facts.sku).raw(R"(,"name":)").text(facts.name);
  out.raw(R"(,"price":)").money(facts.price, facts.currency).raw(R"(,"sale_price":)");
  out.money(facts.sale_price.value_or(0), facts.currency);
  out.raw(R"(,"currency":")")
      .raw(facts.currency)
      .raw(R"(","url":"https://)")
      .raw(domain_)
      .raw("/p");
  out.number(facts.id)
      .raw(R"(","thumbnail":")")
      .raw(known.thumbnail)
      .raw(R"(","has_special_price":)");
  out.boolean(facts.sale_price.has_value()).raw(R"(,"regular_price":)");
  out.money(facts.price, facts.currency).raw(R"(,"starting_price":{},"has_options":)");
  out.boolean(!facts.option_name.empty()).raw("}");
}

void EntityJson::product_variant(JsonOut& out, uint64_t index, size_t number) {
  variant(out, known_product(index).facts, number, true);
}

void EntityJson::variant_alone(JsonOut& out, uint64_t index, size_t number) {
  const auto& facts = known_product(index).facts;
  out.raw(R"({"id":)").number(variant_id(facts, number));
  out.raw(R"(,"price":)").money(facts.price, facts.currency).raw(R"(,"sale_price":)");
  out.money(facts.sale_price.value_or(0), facts.currency).raw(R"(,"cost_price":)");
  out.money(facts.price * 6 / 10 / 100 * 100, facts.currency).raw(R"(,"stock_quantity":)");
  out.number(facts.quantity / static_cast<int64_t>(facts.option_values.size()));
  out.raw(R"(,"barcode":"","sku":")").part(facts.sku).raw("-");
  out.number(static_cast<int64_t>(number) + 1).raw(R"(","related_option_values":[)");
  out.number(option_value_id(facts, number)).raw(R"(],"weight":)");
  out.amount(facts.weight_grams * 10).raw(R"(,"weight_type":"kg","weight_label":)");
  weight_label(out, facts.weight_grams);
  out.raw("}");
}

void EntityJson::variant_of_option(JsonOut& out, const ProductFacts& facts, size_t number) {
  out.raw(R"({"id":)").number(variant_id(facts, number));
  out.raw(R"(,"price":)").money(facts.price, facts.currency);
  out.raw(R"(,"regular_price":)").money(facts.price, facts.currency).raw(R"(,"sale_price":)");
  out.money(facts.sale_price.value_or(0), facts.currency).raw(R"(,"stock_quantity":)");
  out.number(facts.quantity / static_cast<int64_t>(facts.option_values.size()));
  out.raw(R"(,"barcode":"","sku":")").part(facts.sku).raw("-");
  out.number(static_cast<int64_t>(number) + 1).raw(R"(","related_option_values":[)");
  out.number(option_value_id(facts, number)).raw("]}");
}

void EntityJson::option_alone(JsonOut& out, uint64_t index) {
  const auto& facts = known_product(index).facts;
  out.raw(R"({"id":)").number(option_id(facts)).raw(R"(,"name":)").text(facts.option_name);
  out.raw(
      R"(,"description":"","type":"radio","required":true,"associated_with_order_time":0,"sort":0,)"
      R"("display_type":"text","visibility":"always","values":[)");
  for (size_t i = 0; i < facts.option_values.size(); ++i) {
    out.raw(i == 0 ? "" : ",");
    option_value(out, facts, i);
    out.raw("}");
  }
  out.raw(R"(],"skus":[)");
  for (size_t i = 0; i < facts.option_values.size(); ++i) {
    out.raw(i == 0 ? "" : ",");
    variant_of_option(out, facts, i);
  }
  out.raw("]}");
}

void EntityJson::option_value_alone(JsonOut& out, uint64_t index, size_t number) {
  const auto& facts = known_product(index).facts;
  option_value(out, facts, number);
  out.raw(R"(,"skus":[)");
  variant_of_option(out, facts, number);
  out.raw("]}");
}

}  // namespace falaj::simulator
