// The orders stream as the connector declares it, for the tests of decode.
#pragma once

#include "decode/table_spec.hpp"

namespace falaj::decode {

inline TableSpec order_items_spec() {
  using enum FieldKind;
  TableSpec spec;
  spec.stream = "order_items";
  spec.table = "bronze_order_items";
  spec.id_column = "order_item_id";
  spec.parent_column = "order_id";
  spec.set_table = "bronze_order_item_sets";
  spec.fields = {
      {"product_id", kInt, {"product.id", "product_id"}},
      {"variant_id", kInt, {"variant_id", "product_sku_id"}},
      {"sku", kText, {"sku"}},
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

inline TableSpec orders_spec() {
  using enum FieldKind;
  TableSpec spec;
  spec.stream = "orders";
  spec.table = "bronze_orders";
  spec.id_column = "order_id";
  spec.fields = {
      {"reference_id", kText, {"reference_id"}},
      {"status_id", kInt, {"status.id"}},
      {"status_slug", kText, {"status.slug"}},
      {"status_name", kText, {"status.name"}},
      {"status_custom_name", kText, {"status.customized.name"}},
      {"currency", kText, {"currency", "total.currency"}},
      {"exchange_rate", kRate, {"exchange_rate.rate"}},
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
  spec.children = {{"items", {"full"}, order_items_spec()}};
  return spec;
}

}  // namespace falaj::decode
