#include "connectors/salla/catalogue.hpp"

namespace falaj::connectors::salla {
namespace {

using decode::TableSpec;
using enum decode::FieldKind;

TableSpec stream(const char* name, const char* table, const char* id_column) {
  TableSpec spec;
  spec.stream = name;
  spec.table = table;
  spec.id_column = id_column;
  return spec;
}

// salla-api.md 4.2 (5565737): a row has no order id, `product` only in full shapes and null when
// the product was deleted; newer answers have a flat product_id.
TableSpec order_items() {
  auto spec = stream("order_items", "bronze_order_items", "order_item_id");
  spec.parent_column = "order_id";
  spec.set_table = "bronze_order_item_sets";
  spec.fields = {
      {"product_id", kInt, {"product.id", "product_id"}},
      {"variant_id", kInt, {"variant_id", "product_sku_id"}},
      {"sku", kText, {"sku", "product.sku"}},
      {"product_name", kText, {"name"}},
      {"quantity", kInt, {"quantity"}},
      {"currency", kText, {"currency"}},
      {"unit_price", kMoney, {"amounts.price_without_tax"}},
      {"original_price", kMoney, {"amounts.original_price"}},
      {"discount_amount", kMoney, {"amounts.total_discount"}},
      {"tax_percent", kMoney, {"amounts.tax.percent"}},
      {"tax_amount", kMoney, {"amounts.tax.amount"}},
      {"total_amount", kMoney, {"amounts.total"}},
      {"weight", kMoney, {"weight"}},
      {"options", kJson, {"options"}},
      {"product_type", kText, {"product.type", "product_type"}},
  };
  return spec;
}

// salla-api.md 4.1 (5394146 list, 5394147 details): list rows have `total`, the others `amounts`;
// the receiver moves under `shipping` in the full shape. pending_payment_ends_at counts seconds.
TableSpec orders() {
  auto spec = stream("orders", "bronze_orders", "order_id");
  spec.fields = {
      {"reference_id", kText, {"reference_id"}},
      {"status_id", kInt, {"status.id"}},
      {"status_slug", kText, {"status.slug"}},
      {"status_name", kText, {"status.name"}},
      {"status_custom_name", kText, {"status.customized.name"}},
      {"currency", kText, {"currency", "amounts.total.currency", "total.currency"}},
      {"exchange_rate", kRate, {"exchange_rate.rate"}},
      {"exchange_base_currency", kText, {"exchange_rate.base_currency"}},
      {"exchange_currency", kText, {"exchange_rate.exchange_currency"}},
      {"customer_id", kInt, {"customer.id"}},
      {"customer_name", kText, {"customer.full_name", "customer.name"}},
      {"customer_first_name", kText, {"customer.first_name"}},
      {"customer_last_name", kText, {"customer.last_name"}},
      {"customer_email", kText, {"customer.email"}},
      {"customer_mobile", kText, {"customer.mobile"}},
      {"customer_mobile_code", kText, {"customer.mobile_code"}},
      {"receiver_name", kText, {"receiver.name", "shipping.receiver.name"}},
      {"receiver_phone", kText, {"receiver.phone", "shipping.receiver.phone"}},
      {"receiver_email", kText, {"receiver.email", "shipping.receiver.email"}},
      {"payment_method", kText, {"payment_method"}},
      {"total_amount", kMoney, {"amounts.total", "total"}},
      {"sub_total_amount", kMoney, {"amounts.sub_total"}},
      {"discount_amount", kMoneySum, {"amounts.discounts[].discount"}},
      {"tax_amount", kMoney, {"amounts.tax.amount"}},
      {"tax_percent", kMoney, {"amounts.tax.percent"}},
      {"shipping_amount", kMoney, {"amounts.shipping_cost"}},
      {"cod_amount", kMoney, {"amounts.cash_on_delivery"}},
      {"coupon_code", kText, {"amounts.discounts[].code"}},
      {"shipping_company", kText, {"shipping.company"}},
      {"shipping_country", kText, {"shipping.address.country"}},
      {"shipping_city", kText, {"shipping.address.city"}},
      {"shipping_address_line", kText, {"shipping.address.shipping_address"}},
      {"shipping_postal_code", kText, {"shipping.address.postal_code"}},
      {"notes", kText, {"notes"}},
      {"source_channel", kText, {"source"}},
      {"order_date_raw", kDateRaw, {"date"}},
      {"created_at", kTimestamp, {"date"}},
      {"updated_at", kTimestamp, {"updated_at"}},
      {"list_items_count", kCount, {"items"}},
      {"is_draft", kBool, {"draft"}},
      {"is_pending_payment", kBool, {"is_pending_payment"}},
  };
  spec.volatile_members = {"pending_payment_ends_at"};
  spec.children = {{"items", {"full"}, order_items()}};
  return spec;
}

// salla-api.md 4.3 (5394121, 5394122): mobile is a number without the country code.
TableSpec customers() {
  auto spec = stream("customers", "bronze_customers", "customer_id");
  spec.fields = {
      {"full_name", kText, {"full_name", "name"}},
      {"first_name", kText, {"first_name"}},
      {"last_name", kText, {"last_name"}},
      {"email", kText, {"email"}},
      {"mobile", kText, {"mobile"}},
      {"mobile_code", kText, {"mobile_code"}},
      {"gender", kText, {"gender"}},
      {"birthday", kDate, {"birthday"}},
      {"city", kText, {"city"}},
      {"country", kText, {"country"}},
      {"country_code", kText, {"country_code"}},
      {"currency", kText, {"currency"}},
      {"location", kText, {"location"}},
      {"groups", kJson, {"groups"}},
      {"is_blocked", kBool, {"is_blocked"}},
      {"created_at", kTimestamp, {"created_at"}},
      {"updated_at", kTimestamp, {"updated_at"}},
  };
  return spec;
}

// salla-api.md 4.4 (5394168, 5394169): quantities and cost prices come as number or text, absent
// prices as {}; there is no created_at. `views` counts page views.
TableSpec products() {
  auto spec = stream("products", "bronze_products", "product_id");
  spec.fields = {
      {"sku", kText, {"sku"}},
      {"mpn", kText, {"mpn"}},
      {"gtin", kText, {"gtin"}},
      {"type", kText, {"type"}},
      {"name", kText, {"name"}},
      {"description", kText, {"description"}},
      {"status", kText, {"status"}},
      {"is_available", kBool, {"is_available"}},
      {"price", kMoney, {"price"}},
      {"sale_price", kMoney, {"sale_price"}},
      {"regular_price", kMoney, {"regular_price"}},
      {"cost_price", kMoney, {"cost_price"}},
      {"taxed_price", kMoney, {"taxed_price"}},
      {"currency", kText, {"price.currency", "currency"}},
      {"quantity", kInt, {"quantity"}},
      {"is_unlimited", kBool, {"unlimited_quantity"}},
      {"weight", kMoney, {"weight"}},
      {"weight_type", kText, {"weight_type"}},
      {"with_tax", kBool, {"with_tax"}},
      {"require_shipping", kBool, {"require_shipping"}},
      {"category_id", kInt, {"categories[].id"}},
      {"category_name", kText, {"categories[].name"}},
      {"brand_id", kInt, {"brand.id"}},
      {"brand_name", kText, {"brand.name"}},
      {"updated_at", kTimestamp, {"updated_at"}},
      {"url", kText, {"url", "urls.customer"}},
  };
  spec.volatile_members = {"views"};
  return spec;
}

// salla-api.md 4.1 (5394150): `parent` and `original` are objects, {} or null.
TableSpec order_statuses() {
  auto spec = stream("order_statuses", "bronze_order_statuses", "status_id");
  spec.fields = {
      {"name", kText, {"name"}},
      {"type", kText, {"type"}},
      {"slug", kText, {"slug"}},
      {"sort", kInt, {"sort"}},
      {"is_active", kBool, {"is_active"}},
      {"original_id", kInt, {"original.id"}},
      {"original_name", kText, {"original.name"}},
      {"parent_id", kInt, {"parent.id"}},
  };
  return spec;
}

// salla-api.md 4.6 (5394261)
TableSpec store_info() {
  auto spec = stream("store_info", "bronze_store_info", "store_info_id");
  spec.fields = {
      {"name", kText, {"name"}},         {"domain", kText, {"domain"}},
      {"plan", kText, {"plan"}},         {"type", kText, {"type"}},
      {"currency", kText, {"currency"}}, {"status", kText, {"status"}},
      {"entity", kText, {"entity"}},     {"email", kText, {"email"}},
  };
  return spec;
}

// Our own records of entities that are gone (src/extract/deletion_page.hpp).
TableSpec deletions() {
  auto spec = stream("deletions", "bronze_deletions", "deletion_id");
  spec.fields = {{"entity", kText, {"entity"}}, {"reason", kText, {"reason"}}};
  return spec;
}

}  // namespace

const std::vector<TableSpec>& catalogue() {
  static const std::vector<TableSpec> specs = {store_info(), order_statuses(), customers(),
                                               products(),   orders(),         order_items(),
                                               deletions()};
  return specs;
}

const TableSpec& orders_spec() {
  return catalogue()[4];
}

}  // namespace falaj::connectors::salla
