// What each of Salla's own example answers must become, column by column. The values were written
// down from the files, not from what the decoder makes of them: a column that a row's list does not
// name must be NULL.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "base/json.hpp"
#include "connectors/salla/catalogue.hpp"
#include "decode/page_decoder.hpp"
#include "support/temp_dir.hpp"

namespace falaj::connectors::salla {
namespace {

// One row of a table: "column = value" lines. "@member" stands for the JSON text of that member.
struct ExpectedRow {
  const char* file;
  const char* stream;
  const char* shape;
  size_t table;  // 0: the stream's own; 1: of its children
  size_t row;
  const char* cells;
};

const ExpectedRow kRows[] = {
    {"branches-list", "branches", "full", 0, 0, R"(
      branch_id = 1846327032
      name = مركز الجمال
      status = active
      type = branch
      is_default = true
      latitude = 30.07780000
      longitude = 31.28520000
      street = الرحمة
      address_description = 123 شارع الرحمة
      postal_code = 66666
      country_id = 1723506348
      country_code = EG
      country_name = مصر
      city_id = 1355786303
      city_name = CAIRO
      phone = +966508265874
      phone_e164 = +966508265874
      whatsapp = +966508265874
      whatsapp_e164 = +966508265874
      preparation_time = 6
      working_hours = @working_hours
      is_cod_available = true
      cod_cost = 5.0000)"},
    {"branches-list", "branches", "full", 0, 1, R"(
      branch_id = 1005180409
      name = فرع مول البستان
      status = active
      type = branch
      is_default = false
      latitude = 30.07780000
      longitude = 31.28520000
      street = اكتوبر
      address_description = 65  حي الزعفران
      postal_code = 564325
      country_id = 1723506348
      country_code = EG
      country_name = مصر
      city_id = 1355786303
      city_name = CAIRO
      phone =
      whatsapp =
      preparation_time = 6
      working_hours = @working_hours
      is_cod_available = true
      cod_cost = 5.0000)"},
    {"categories-list", "categories", "full", 0, 0, R"(
      category_id = 1390018242
      name = laptops
      parent_id = 0
      sort_order = 0
      status = active
      image = https://salla-dev.s3.eu-central-1.amazonaws.com/Mvyk/QEFy9wUtKnazAVvm3t3WSYg2z1LTnxUzvrceFo2s.jpg
      url = https://store.test/ar/jalal56s/laptops/c1390018242
      has_hidden_products = true
      metadata = @metadata
      updated_at = 2024-10-24 10:24:48)"},
    {"categories-list", "categories", "full", 0, 1, R"(
      category_id = 115638743
      name = welcome jojo
      parent_id = 0
      sort_order = 0
      status = active
      image = https://salla-dev.s3.eu-central-1.amazonaws.com/Mvyk/QEFy9wUtKnazAVvm3t3WSYg2z1LTnxUzvrceFo2s.jpg
      url = https://store.test/ar/jalal56s/welcome-jojo/c115638743
      has_hidden_products = false
      metadata = @metadata
      updated_at = 2024-10-24 11:19:55)"},
    {"categories-list", "categories", "full", 0, 2, R"(
      category_id = 40297589
      name = قطط
      parent_id = 0
      sort_order = 1
      status = active
      image = https://salla-dev.s3.eu-central-1.amazonaws.com/Mvyk/QEFy9wUtKnazAVvm3t3WSYg2z1LTnxUzvrceFo2s.jpg
      url = https://store.test/ar/jalal56s/قطط/c40297589
      has_hidden_products = false
      metadata = @metadata
      updated_at = 2024-10-21 11:44:57)"},
    {"categories-list", "categories", "full", 0, 3, R"(
      category_id = 774382199
      name = طعام كلاب
      parent_id = 0
      sort_order = 2
      status = hidden
      image = https://salla-dev.s3.eu-central-1.amazonaws.com/Mvyk/QEFy9wUtKnazAVvm3t3WSYg2z1LTnxUzvrceFo2s.jpg
      url = https://store.test/ar/jalal56s/كلاب/c774382199
      has_hidden_products = false
      metadata = @metadata
      updated_at = 2024-10-21 11:45:27)"},
    {"categories-list", "categories", "full", 0, 4, R"(
      category_id = 712043358
      name = العناية
      parent_id = 0
      sort_order = 3
      status = active
      image = https://salla-dev.s3.eu-central-1.amazonaws.com/Mvyk/QEFy9wUtKnazAVvm3t3WSYg2z1LTnxUzvrceFo2s.jpg
      url = https://store.test/ar/jalal56s/العناية/c712043358
      has_hidden_products = false
      metadata = @metadata
      updated_at = 2024-10-21 11:51:38)"},
    {"categories-list", "categories", "full", 0, 5, R"(
      category_id = 537348185
      name = جميع الأقسام
      parent_id = 0
      sort_order = 3
      status = active
      image = https://salla-dev.s3.eu-central-1.amazonaws.com/Mvyk/QEFy9wUtKnazAVvm3t3WSYg2z1LTnxUzvrceFo2s.jpg
      url = https://store.test/ar/jalal56s/جميع-الأقسام/c537348185
      has_hidden_products = false
      metadata = @metadata
      updated_at = 2024-09-06 10:01:49)"},
    {"categories-list", "categories", "full", 0, 6, R"(
      category_id = 355378101
      name = فساتين
      parent_id = 0
      sort_order = 4
      status = active
      url = https://store.test/ar/jalal56s/فساتين-سهرة/c355378101
      has_hidden_products = false
      metadata = @metadata
      updated_at = 2024-09-07 11:34:09)"},
    {"customer-details-extra-fields", "customers", "full", 0, 0, R"(
      customer_id = 1188233194
      full_name = Ali Ahmed
      first_name = Ali
      last_name = Ahmed
      email = ali@email.sa
      mobile = 560000000
      mobile_code = +966
      mobile_e164 = +966560000000
      gender = male
      birthday = 2001-02-02
      city =
      country = السعودية
      country_code = SA
      currency = SAR
      location =
      groups = @groups
      is_blocked = false
      created_at = 2025-03-10 09:55:51
      updated_at = 2025-03-17 09:18:35)"},
    {"invoices-list", "invoices", "full", 0, 0, R"(
      invoice_id = 1479538730
      order_id = 1557892161
      type = Credit Note
      invoice_date_raw = 2021-12-03
      invoice_date = 2021-12-03
      issued_at = 2021-12-02 21:00:00
      currency = SAR
      sub_total_amount = 1000.0000
      shipping_amount = 10.0000
      cod_amount = 0.0000
      discount_amount = 0.0000
      tax_percent = 15.0000
      tax_amount = 151.5000
      total_amount = 1161.5000)"},
    {"invoices-list", "invoices", "full", 0, 1, R"(
      invoice_id = 1692688589
      order_id = 1557892161
      type = Tax Invoice
      invoice_date_raw = 2021-12-03
      invoice_date = 2021-12-03
      issued_at = 2021-12-02 21:00:00
      currency = SAR
      sub_total_amount = 29.0000
      shipping_amount = 10.0000
      cod_amount = 0.0000
      discount_amount = 0.0000
      tax_percent = 15.0000
      tax_amount = 5.8500
      total_amount = 44.8500)"},
    {"invoices-list", "invoices", "full", 0, 2, R"(
      invoice_id = 1219192926
      order_id = 1557892161
      type = Tax Invoice
      invoice_date_raw = 2021-12-04
      invoice_date = 2021-12-04
      issued_at = 2021-12-03 21:00:00
      currency = SAR
      sub_total_amount = 850.0000
      shipping_amount = 25.0000
      cod_amount = 10.0000
      discount_amount = 0.0000
      tax_percent = 15.0000
      tax_amount = 132.7500
      total_amount = 1017.7500)"},
    {"order-details", "orders", "details", 0, 0, R"(
      order_id = 418149270
      reference_id = 3879219
      status_id = 1298199463
      status_slug = completed
      status_name = تم التنفيذ
      status_custom_name = طلبك بيوصلك قريب
      currency = SAR
      customer_id = 1473353380
      customer_first_name = أحمد
      customer_last_name = Conn
      customer_email = demo@demo.com
      customer_mobile = 501724227
      customer_mobile_code = +966
      customer_mobile_e164 = +966501724227
      receiver_name = أحمد Conn
      receiver_phone = 966501724227
      receiver_phone_e164 = +966501724227
      receiver_email = demo@demo.com
      payment_method = mada
      total_amount = 302.5000
      sub_total_amount = 250.0000
      discount_amount = 15.0000
      tax_amount = 39.4600
      tax_percent = 15.0000
      shipping_amount = 13.0400
      cod_amount = 0.0000
      coupon_code = kb123
      source_channel = store
      order_date_raw = 2024-02-15 08:23:05.000000 Asia/Riyadh
      created_at = 2024-02-15 05:23:05
      updated_at = 2024-02-15 08:23:05
      is_pending_payment = false)"},
    {"order-histories", "order_histories", "full", 0, 0, R"(
      order_history_id = 774142439
      status_name = بإنتظار المراجعة
      status_slug = under_review
      status_id = 566146469
      status_custom_id = 1592566197
      status_custom_name = استلمنا طلبك وجاري تجهيزه
      note =
      type = activity
      created_by_id = 1473353380
      created_by_name = أحمد Conn
      created_at = 2024-02-07 11:06:18)"},
    {"order-items-with-options", "order_items", "items", 0, 0, R"(
      order_item_id = 365435777
      sku = sam-ssd-256g
      product_name = SSD
      quantity = 1.0000
      currency = SAR
      unit_price = 150.0000
      discount_amount = 0.0000
      tax_percent = 15.0000
      tax_amount = 22.5000
      total_amount = 150.0000
      weight = 0.5100
      options = @options)"},
    {"orders-list", "orders", "summary", 0, 0, R"(
      order_id = 1017120475
      reference_id = 40497536
      status_id = 566146469
      status_slug = under_review
      status_name = بإنتظار المراجعة
      status_custom_name = بإنتظار المراجعة
      currency = SAR
      exchange_rate = 0.26659200
      exchange_base_currency = SAR
      exchange_currency = USD
      payment_method = bank
      total_amount = 55.0000
      order_date_raw = 2022-06-16 14:48:20.000000 Asia/Riyadh
      created_at = 2022-06-16 11:48:20
      list_items_count = 1
      is_pending_payment = false)"},
    {"orders-list", "orders", "summary", 0, 1, R"(
      order_id = 1013578136
      reference_id = 40497469
      status_id = 525144736
      status_slug = canceled
      status_name = ملغي
      status_custom_name = ملغي
      currency = SAR
      total_amount = 0.0000
      order_date_raw = 2022-06-16 14:46:42.000000 Asia/Riyadh
      created_at = 2022-06-16 11:46:42
      list_items_count = 1
      is_pending_payment = true)"},
    {"products-list", "products", "full", 0, 0, R"(
      product_id = 1994210129
      sku = 45344432343
      mpn = 1891251919
      gtin = 45344432343
      type = product
      name = تنورة
      description = product description
      status = sale
      is_available = true
      price = 79.0000
      sale_price = 79.0000
      regular_price = 159.0000
      cost_price = 10.0000
      taxed_price = 79.0000
      currency = SAR
      quantity = 1.0000
      is_unlimited = false
      weight = 0.2500
      weight_type = kg
      with_tax = true
      require_shipping = false
      updated_at = 2022-02-06 08:45:30
      url = https://salla.sa/dev-wofftr4xsra5xtlv/تنورة/p1994210129)"},
    {"products-list", "products", "full", 1, 0, R"(
      product_variant_id = 2124894995
      sku = 23-4324432
      barcode = abc01
      mpn = 58636897
      gtin = 45344432343
      price = 79.0000
      regular_price = 0.0000
      sale_price = 79.0000
      currency = SAR
      stock_quantity = 100.0000
      weight = 12.0000
      weight_type = kg
      option_value_ids = @related_option_values
      option_ids = @related_options)"},
    {"products-list", "products", "full", 1, 1, R"(
      product_variant_id = 1217163804
      sku = 23-4324432
      barcode = abc01
      mpn = 45344432343
      gtin = 58636897
      price = 79.0000
      regular_price = 0.0000
      sale_price = 79.0000
      currency = SAR
      stock_quantity = 0.0000
      weight = 12.0000
      weight_type = kg
      option_value_ids = @related_option_values
      option_ids = @related_options)"},
    {"transactions-list", "transactions", "full", 0, 0, R"(
      transaction_id = 19940416533
      order_id = 413420930
      order_reference_id = 40497536
      cart_id = 171420334123
      gateway_transaction_id = 44556293650
      customer_id = 48447423
      customer_email = customer@domain.com
      customer_mobile = +966512345678
      customer_mobile_e164 = +966512345678
      status_slug = paid
      status_name = مؤكدة
      payment_method = mada
      payment_method_name = mada
      payment_provider = salla_pay
      total_amount = 121.0000
      currency = SAR
      card_brand = mada
      card_number = 123123xxxxxx6789
      card_country = SA
      available_actions = @available_actions
      notes = Additional Note
      created_at = 2024-07-04 00:33:36)"},
    {"transactions-list", "transactions", "full", 0, 1, R"(
      transaction_id = 7172398767
      order_id = 637894790
      order_reference_id = 9387827772
      cart_id = 1044130972
      gateway_transaction_id = 555984480243
      customer_id = 357838499
      customer_email = customer_email@domain.com
      customer_mobile = +966591234567
      customer_mobile_e164 = +966591234567
      status_slug = canceled
      status_name = ملغية
      payment_method = mada
      payment_method_name = mada
      payment_provider = salla_pay
      total_amount = 121.0000
      currency = SAR
      card_brand = mada
      card_number = 123123xxxxxx4567
      card_country = SA
      available_actions = @available_actions
      notes = تم رفض العملية من قبل البنك يرجى استخدام وسيلة دفع اخرى
      created_at = 2024-06-30 02:01:13)"},
    {"webhook-order-created", "orders", "full", 0, 0, R"(
      order_id = 2116149737
      reference_id = 41027662
      status_id = 566146469
      status_slug = under_review
      status_name = بإنتظار المراجعة
      status_custom_name = بإنتظار المراجعة
      currency = SAR
      customer_id = 225167971
      customer_first_name = Mohammed
      customer_last_name = Ali
      customer_email = usertest@gmail.com
      customer_mobile = 501806978
      customer_mobile_code = +966
      customer_mobile_e164 = +966501806978
      receiver_name = Mohammed Ali
      receiver_phone = 999123456789
      receiver_email = usertest@gmail.com
      payment_method = bank
      total_amount = 196.0000
      sub_total_amount = 186.0000
      discount_amount = 5.0000
      tax_amount = 0.0000
      tax_percent = 0.0000
      shipping_amount = 15.0000
      cod_amount = 0.0000
      coupon_code = new offer
      shipping_company = السعودية
      shipping_country = SA
      shipping_city = جدة
      shipping_address_line =  شارع ابو امية الضمري، الحي الزهراء ،, جدة, السعودية
      shipping_postal_code =
      source_channel = store
      order_date_raw = 2022-06-26 12:21:45.000000 Asia/Riyadh
      created_at = 2022-06-26 09:21:45
      list_items_count = 1
      is_draft = false)"},
    {"webhook-order-created", "orders", "full", 1, 0, R"(
      order_item_id = 70815337
      product_id = 720881993
      sku = 54534534
      product_name = بيتزا
      quantity = 1.0000
      currency = SAR
      unit_price = 186.0000
      discount_amount = 5.0000
      total_amount = 186.0000
      weight = 0.2500
      options = @options
      product_type = food)"},
};

// Lists of short rows, one a line: the columns are named once.
struct ExpectedList {
  const char* file;
  const char* stream;
  const char* columns;
  const char* rows;  // cells between "|"; "-": NULL
};

const ExpectedList kLists[] = {
    {"cities-page1", "cities", "city_id|name|name_en", R"(
      1473353380|Riyadh|Riyadh
      566146469|Jeddah|Jeddah
      1939592358|Mecca|Mecca
      1298199463|Medina|Medina
      525144736|Dammam|Dammam
      1764372897|Al Ahsa|Al Ahsa
      989286562|Al Qatif|Al Qatif
      349994915|Khamis Mushait|Khamis Mushait
      1723506348|Almuzaylif|Almuzaylif
      814202285|Tabuk|Tabuk
      40688814|Al Hofuf|Al Hofuf
      1548352431|Al Mubarraz|Al Mubarraz
      773200552|Najran|Najran
      2079537577|Hafar Al Batin|Hafar Al Batin
      1440241834|Al Jubail|Al Jubail)"},
    {"order-statuses-custom", "order_statuses",
     "status_id|name|type|slug|sort|is_active|original_id|original_name|parent_id", R"(
      863076598|في انتظار الدفع|custom|payment_pending|0|true|1473353380|بإنتظار الدفع|-
      224309239|جاري مراجعة طلبك|custom|under_review|1|true|566146469|بإنتظار المراجعة|-
      1597755120|بنفذ طلبك|custom|in_progress|2|true|1939592358|قيد التنفيذ|-
      1638621685|تم التنفيذ|custom|completed|3|true|1298199463|تم التنفيذ|-
      1422535667|جاري التوصيل|custom|delivering|4|true|349994915|جاري التوصيل|1638621685
      647449340|تم التوصيل|custom|delivered|5|true|1723506348|تم التوصيل|1638621685
      1887201789|تم الشحن|custom|shipped|6|false|814202285|تم الشحن|1638621685
      687926769|ملغي|custom|canceled|7|true|525144736|ملغي|-
      2062355698|مسترجع|custom|restored|8|true|989286562|مسترجع|-
      1113229566|قيد الإسترجاع|custom|restoring|9|true|1548352431|قيد الإسترجاع|-)"},
};

using Cells = std::map<std::string, std::string>;

// "column = value" lines; a value is everything behind "= ".
Cells cells_of(const char* text) {
  Cells cells;
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    const auto first = line.find_first_not_of(' ');
    if (first == std::string::npos) continue;
    const auto equals = line.find(" =", first);
    const auto value = equals + 3;
    cells[line.substr(first, equals - first)] = value < line.size() ? line.substr(value) : "";
  }
  return cells;
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream rest(line);
  std::string part;
  while (std::getline(rest, part, '|')) parts.push_back(part);
  return parts;
}

std::string decimal(int64_t number, int64_t scale, int digits) {
  const auto magnitude = std::abs(number);
  return fmt::format("{}{}.{:0{}}", number < 0 ? "-" : "", magnitude / scale, magnitude % scale,
                     digits);
}

std::string cell_text(const rows::RowBatch& batch, size_t column, size_t row) {
  switch (batch.schema().columns[column].type) {
    case rows::ColumnType::kText: return std::string(batch.text(column, row));
    case rows::ColumnType::kMoney: return decimal(batch.number(column, row), 10'000, 4);
    case rows::ColumnType::kRate: return decimal(batch.number(column, row), 100'000'000, 8);
    case rows::ColumnType::kBool: return batch.number(column, row) != 0 ? "true" : "false";
    case rows::ColumnType::kDate:
      return to_iso8601(UtcTime(std::chrono::days(batch.number(column, row)))).substr(0, 10);
    case rows::ColumnType::kTimestamp: {
      auto text = to_iso8601(UtcTime(Micros(batch.number(column, row)))).substr(0, 19);
      text[10] = ' ';
      return text;
    }
    case rows::ColumnType::kBigInt: break;
  }
  return std::to_string(batch.number(column, row));
}

const decode::TableSpec& spec_of(const std::string& stream) {
  for (const auto& spec : catalogue()) {
    if (spec.stream == stream) return spec;
  }
  ADD_FAILURE() << "no stream " << stream;
  return catalogue().front();
}

decode::DecodedBatches decoded(const std::string& file, const decode::TableSpec& spec,
                               const std::string& shape) {
  decode::PageDecoder decoder(spec, StoreId(77), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
  auto batches = decoder.make_batches();
  auto body = std::make_shared<std::string>(
      test::read_text_file(test::test_data_dir() / "salla-payloads" / (file + ".json")));
  decode::SourcePage page;
  page.shape = shape;
  page.source = "list";
  page.request = "/any";
  page.parent_id = spec.parent_column.empty() ? 0 : 5;
  page.fetched_at = UtcTime(Micros(1'767'225'600'000'000));
  page.body = *body;
  page.owner = body;
  decoder.decode(page, batches);
  EXPECT_TRUE(batches.rejections.empty()) << file << ": " << batches.rejections[0].message;
  return batches;
}

// The first columns are the same for every table; the others, and the id, are in `expected` or NULL.
void expect_row(const decode::DecodedBatches& batches, const decode::TableSpec& spec, size_t table,
                size_t row, const Cells& expected) {
  const auto& batch = batches.tables[table].rows;
  ASSERT_LT(row, batch.row_count());
  const auto& owner = table == 0 ? spec : spec.children[table - 1].table;
  const size_t first = owner.is_lines()              ? size_t{decode::kLineLeadColumns}
                       : owner.parent_column.empty() ? size_t{decode::kLeadColumns}
                                                     : size_t{decode::kParentId} + 1;
  const auto entity = Json::parse(batch.text(decode::kRawData, row));
  ASSERT_TRUE(entity.ok());
  Cells found;
  found[batch.schema().columns[decode::kEntityId].name] =
      std::to_string(batch.number(decode::kEntityId, row));
  for (size_t column = first; column < batch.schema().columns.size(); ++column) {
    if (batch.is_null(column, row)) continue;
    auto text = cell_text(batch, column, row);
    const auto& name = batch.schema().columns[column].name;
    const auto wanted = expected.find(name);
    if (wanted != expected.end() && wanted->second.starts_with('@')) {
      const auto member = (*entity)[wanted->second.substr(1)];
      const auto value = Json::parse(text);
      if (value.ok() && !member.is_null() && value->dump() == member.dump()) text = wanted->second;
    }
    found[name] = text;
  }
  EXPECT_EQ(found, expected);
}

TEST(PayloadValues, EveryColumnOfEveryFileIsAsTheFileSays) {
  FALAJ_REQUIRE_TEST_DATA();
  for (const auto& expected : kRows) {
    SCOPED_TRACE(fmt::format("{}, table {}, row {}", expected.file, expected.table, expected.row));
    const auto& spec = spec_of(expected.stream);
    expect_row(decoded(expected.file, spec, expected.shape), spec, expected.table, expected.row,
               cells_of(expected.cells));
  }
}

TEST(PayloadValues, EveryRowOfTheLongListsIsAsTheFileSays) {
  FALAJ_REQUIRE_TEST_DATA();
  for (const auto& expected : kLists) {
    const auto& spec = spec_of(expected.stream);
    const auto batches = decoded(expected.file, spec, "full");
    const auto columns = split(expected.columns);
    std::istringstream lines(expected.rows);
    std::string line;
    size_t row = 0;
    while (std::getline(lines, line)) {
      const auto start = line.find_first_not_of(' ');
      if (start == std::string::npos) continue;
      SCOPED_TRACE(fmt::format("{}, row {}", expected.file, row));
      const auto values = split(line.substr(start));
      ASSERT_EQ(values.size(), columns.size());
      Cells cells;
      for (size_t i = 0; i < columns.size(); ++i) {
        if (values[i] != "-") cells[columns[i]] = values[i];
      }
      expect_row(batches, spec, 0, row++, cells);
    }
    EXPECT_EQ(batches.tables[0].rows.row_count(), row);
  }
}

// A new file of the data fails here until its values are written down; so does a row.
TEST(PayloadValues, NoFileAndNoRowIsLeftOut) {
  FALAJ_REQUIRE_TEST_DATA();
  std::map<std::string, std::set<std::pair<size_t, size_t>>> rows;
  for (const auto& expected : kRows) rows[expected.file].insert({expected.table, expected.row});
  std::set<std::string> files = {"error-422-transactions"};  // an error has no values
  for (const auto& expected : kLists) files.insert(expected.file);
  for (const auto& expected : kRows) {
    if (!files.insert(expected.file).second) continue;
    const auto& spec = spec_of(expected.stream);
    const auto batches = decoded(expected.file, spec, expected.shape);
    size_t count = batches.tables[0].rows.row_count();
    if (!spec.children.empty()) count += batches.tables[1].rows.row_count();
    EXPECT_EQ(rows[expected.file].size(), count) << expected.file;
  }
  for (const auto& entry :
       std::filesystem::directory_iterator(test::test_data_dir() / "salla-payloads")) {
    if (entry.path().extension() != ".json") continue;
    EXPECT_TRUE(files.contains(entry.path().stem().string())) << entry.path().stem();
  }
}

}  // namespace
}  // namespace falaj::connectors::salla
