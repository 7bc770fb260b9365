// How fast pages become batches. Disabled: a measurement, not a test. Run the release build with
// --gtest_also_run_disabled_tests --gtest_filter='*Throughput*'.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>

#include "base/sha256.hpp"
#include "decode/json_text.hpp"
#include "decode/page_decoder.hpp"
#include "decode/page_index.hpp"
#include "unit/decode/order_spec.hpp"

namespace falaj::decode {
namespace {

std::string money(int64_t cents) {
  return fmt::format(R"({{"amount":{}.{:02},"currency":"SAR"}})", cents / 100, cents % 100);
}

std::string date(int64_t n) {
  return fmt::format(
      R"({{"date":"2025-{:02}-{:02} {:02}:{:02}:{:02}.000000","timezone_type":3,"timezone":"Asia/Riyadh"}})",
      n % 12 + 1, n % 28 + 1, n % 24, n % 60, n * 7 % 60);
}

std::string item(int64_t n) {
  return fmt::format(
      R"({{"id":{},"name":"قميص قطني {}","sku":"SKU-{}","quantity":{},"currency":"SAR","weight":0.25,"weight_label":"٠٫٢٥ كجم","amounts":{{"price_without_tax":{},"total_discount":{},"tax":{{"percent":"15.00","amount":{}}},"total":{}}},"notes":"","product":{{"id":{},"type":"product","promotion":{{"title":null,"sub_title":null}},"status":"sale","is_available":true,"sku":"SKU-{}","name":"قميص قطني {}","price":{},"sale_price":{},"currency":"SAR","url":"https://salla.sa/store/p{}","thumbnail":"https://cdn.salla.sa/store/{}.jpg","has_special_price":false,"regular_price":{},"calories":null,"mpn":null,"gtin":null}},"options":[],"images":[],"codes":[],"files":[]}})",
      n * 7919 % 2147483647, n % 500, n % 500, n % 3 + 1, money(n % 40000), money(0),
      money(n % 6000), money(n % 40000), n * 31 % 2147483647, n % 500, n % 500, money(n % 40000),
      money(n % 40000), n % 500, n % 500, money(n % 40000));
}

std::string order(int64_t n) {
  std::string items;
  for (int64_t i = 0; i < 1 + n % 3; ++i) items += (i > 0 ? "," : "") + item(n * 3 + i);
  return fmt::format(
      R"({{"id":{},"cart_reference_id":{},"reference_id":{},"urls":{{"customer":"https://salla.sa/store/order/DXZbOz68qjnYaOw04oBa35wVELBpJyxo","admin":"https://s.salla.sa/orders/order/DXZbOz68qjnYaOw04oBa35wVELBpJyxo"}},"date":{},"updated_at":{},"draft":false,"read":true,"source":"store","source_device":"desktop","source_details":{{"type":"direct","value":null,"device":"desktop","user-agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/102.0.0.0 Safari/537.36","ip":null}},"first_complete_at":null,"status":{{"id":566146469,"name":"بإنتظار المراجعة","slug":"under_review","customized":{{"id":986688842,"name":"بإنتظار المراجعة"}}}},"is_price_quote":false,"payment_method":"mada","receipt_image":null,"currency":"SAR","amounts":{{"sub_total":{},"shipping_cost":{},"cash_on_delivery":{},"tax":{{"percent":"15.00","amount":{}}},"discounts":[],"total":{}}},"exchange_rate":{{"base_currency":"SAR","exchange_currency":"SAR","rate":"1.00000000"}},"can_cancel":false,"show_weight":true,"can_reorder":true,"is_pending_payment":false,"pending_payment_ends_at":0,"total_weight":"٠٫٢٥ كجم","shipping":{{"id":1833934431,"app_id":null,"company":"سمسا","logo":"","receiver":{{"name":"محمد علي","email":"user@example.com","phone":"999123456789"}},"shipper":{{"name":"Demo","company_name":"store","email":"s@example.com","phone":"966500000000"}},"pickup_address":[],"address":{{"country":"SA","country_code":"SA","city":"جدة","shipping_address":"شارع ابو امية الضمري، الحي الزهراء ،, جدة, السعودية","street_number":"ابو امية الضمري","block":"الزهراء","postal_code":"23424","geo_coordinates":{{"lat":21.3825905096851,"lng":39.77319103068542}}}},"shipment":{{"id":"0","pickup_id":null,"tracking_link":"0","label":[]}},"policy_options":[]}},"shipments":[],"pickup_branch":null,"shipment_branch":[],"customer":{{"id":{},"first_name":"محمد","last_name":"علي","mobile":501806978,"mobile_code":"+966","email":"user@example.com","urls":{{"customer":"https://salla.sa/store/profile","admin":"https://s.salla.sa/customers/x9oKNEzBmR3JlkMRYW6ZYd2q0QpPXy4n"}},"avatar":"https://cdn.salla.sa/customer_profiles/5i6SUhu9dlF1fvL3EcV98U644eOlG9jcEipz6dOo.jpg","gender":"male","birthday":{},"city":"جدة","country":"السعودية","country_code":"SA","currency":"SAR","location":"null","updated_at":{},"groups":[]}},"items":[{}],"bank":null,"tags":[],"store":{{"id":1,"store_id":2,"user_id":3,"user_email":"a@b.sa","username":"store","name":{{"ar":"متجر","en":"Store"}},"avatar":""}}}})",
      n * 1103515245 % 2147483647, n, 40'000'000 + n, date(n), date(n + 1), money(n % 90000),
      money(1500), money(0), money(n % 9000), money(n % 99000), n % 20000, date(n), date(n + 2),
      items);
}

std::string page_body(int64_t page) {
  std::string orders;
  for (int64_t i = 0; i < 60; ++i) orders += (i > 0 ? "," : "") + order(page * 60 + i);
  return fmt::format(
      R"({{"status":200,"success":true,"data":[{}],"pagination":{{"count":60,"total":60000,"perPage":60,"currentPage":{},"totalPages":1000,"links":{{}}}}}})",
      orders, page);
}

TEST(Throughput, DISABLED_ExpandedOrders) {
  std::vector<std::shared_ptr<const std::string>> pages;
  size_t bytes = 0;
  for (int64_t p = 0; p < 1000; ++p) {
    pages.push_back(std::make_shared<const std::string>(page_body(p)));
    bytes += pages.back()->size();
  }
  using Clock = std::chrono::steady_clock;
  using Ms = std::chrono::duration<double, std::milli>;
  const auto report = [bytes](const char* what, Clock::time_point start) {
    const double ms = Ms(Clock::now() - start).count();
    fmt::print("{:<28} {:>7.0f} ms  {:>6.0f} MB/s\n", what, ms,
               static_cast<double>(bytes) / 1000.0 / ms);
  };
  fmt::print("{} MB in {} pages\n", bytes / 1'000'000, pages.size());
  for (int round = 0; round < 3; ++round) {
    auto start = Clock::now();
    JsonText json;
    for (const auto& page : pages) ASSERT_FALSE(json.index(*page));
    report("tokens and grammar", start);
    start = Clock::now();
    size_t sum = 0;
    for (const auto& page : pages) sum += sha256(*page)[0];
    report("SHA-256 alone", start);
    start = Clock::now();
    for (const auto& page : pages) sum += PageIndex::read(*page)->rows.size();
    report("page index", start);
    start = Clock::now();
    PageDecoder decoder(orders_spec(), StoreId(1), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
    DecodedBatches batches = decoder.make_batches();
    int64_t number = 0;
    size_t rows = 0;
    for (const auto& page : pages) {
      SourcePage source;
      source.shape = "full";
      source.source = "list";
      source.page_no = number++;
      source.body = *page;
      source.owner = page;
      decoder.decode(source, batches);
      if (batches.tables[0].rows.row_count() < 3600) continue;
      for (const auto& table : batches.tables) rows += table.rows.row_count();
      ASSERT_TRUE(batches.rejections.empty()) << batches.rejections[0].message;
      batches.clear();
    }
    report("decode", start);
    ASSERT_GT(rows + sum, 100'000U);
  }
}

}  // namespace
}  // namespace falaj::decode
