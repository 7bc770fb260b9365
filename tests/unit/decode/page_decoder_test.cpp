#include "decode/page_decoder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/sha256.hpp"
#include "support/temp_dir.hpp"
#include "unit/decode/order_spec.hpp"

namespace falaj::decode {
namespace {

using ::testing::HasSubstr;

const UtcTime kFetched = UtcTime(Micros(1'767'225'600'000'000));

class PageDecoderTest : public ::testing::Test {
 protected:
  DecodedBatches decode(const TableSpec& spec, std::string_view body, std::string shape = "full",
                        int64_t parent_id = 0, int64_t page_no = 0) {
    PageDecoder decoder(spec, StoreId(77), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
    DecodedBatches out = decoder.make_batches();
    decode_into(decoder, body, out, std::move(shape), parent_id, page_no);
    return out;
  }

  static void decode_into(PageDecoder& decoder, std::string_view body, DecodedBatches& out,
                          const std::string& shape, int64_t parent_id, int64_t page_no) {
    // Exactly as long as the text, so that reading beyond it is noticed.
    auto owned = std::make_shared<std::vector<char>>(body.begin(), body.end());
    owned->shrink_to_fit();
    SourcePage page;
    page.shape = shape;
    page.source = "list";
    page.request = "/orders?page=1";
    page.parent_id = parent_id;
    page.page_no = page_no;
    page.fetched_at = kFetched;
    page.body = std::string_view(owned->data(), owned->size());
    page.owner = owned;
    decoder.decode(page, out);
  }

  static std::string page_of(const std::string& entities) {
    return R"({"status":200,"success":true,"data":[)" + entities + "]}";
  }

  // The cell as text: "NULL", a number or the text itself.
  static std::string cell(const DecodedBatches& batches, size_t table, std::string_view column,
                          size_t row = 0) {
    const rows::RowBatch& batch = batches.tables[table].rows;
    const size_t index = batch.schema().find(column).value();
    if (batch.is_null(index, row)) return "NULL";
    if (batch.schema().columns[index].type == rows::ColumnType::kText) {
      return std::string(batch.text(index, row));
    }
    return std::to_string(batch.number(index, row));
  }

  static std::string payload(const std::string& name) {
    return test::read_text_file(test::test_data_dir() / "salla-payloads" / (name + ".json"));
  }

  // One order of the test's own, with one member more.
  static std::string order_with(const std::string& members) {
    return page_of(R"({"id":5,)" + members + "}");
  }
};

TEST_F(PageDecoderTest, ReadsAnExpandedOrderWithItsLines) {
  FALAJ_REQUIRE_TEST_DATA();
  const std::string body = payload("webhook-order-created");
  const DecodedBatches got = decode(orders_spec(), body);
  ASSERT_TRUE(got.rejections.empty()) << got.rejections[0].message;
  ASSERT_EQ(got.tables.size(), 3U);
  EXPECT_EQ(got.tables[0].table, "bronze_orders");
  EXPECT_EQ(got.tables[1].table, "bronze_order_items");
  EXPECT_EQ(got.tables[2].table, "bronze_order_item_sets");
  ASSERT_EQ(got.tables[0].rows.row_count(), 1U);
  EXPECT_EQ(cell(got, 0, "store_id"), "77");
  EXPECT_EQ(cell(got, 0, "order_id"), "2116149737");
  EXPECT_EQ(cell(got, 0, "shape"), "full");
  EXPECT_EQ(cell(got, 0, "source"), "list");
  EXPECT_EQ(cell(got, 0, "package_id"), "01KDVDNA00DK9ZK0NKN8YHMR5H");
  EXPECT_EQ(cell(got, 0, "source_system"), "salla");
  EXPECT_EQ(cell(got, 0, "loaded_at"), "NULL");
  EXPECT_EQ(cell(got, 0, "load_seq"), "NULL");
  EXPECT_EQ(cell(got, 0, "extracted_at"), "1767225600000000");
  EXPECT_EQ(cell(got, 0, "reference_id"), "41027662");
  EXPECT_EQ(cell(got, 0, "status_slug"), "under_review");
  EXPECT_EQ(cell(got, 0, "status_custom_name"), "بإنتظار المراجعة");
  EXPECT_EQ(cell(got, 0, "currency"), "SAR");
  EXPECT_EQ(cell(got, 0, "total_amount"), "1960000");
  EXPECT_EQ(cell(got, 0, "discount_amount"), "50000");
  EXPECT_EQ(cell(got, 0, "coupon_code"), "new offer");
  EXPECT_EQ(cell(got, 0, "tax_percent"), "0");
  EXPECT_EQ(cell(got, 0, "customer_mobile"), "501806978");
  EXPECT_EQ(cell(got, 0, "receiver_phone"), "999123456789");
  EXPECT_EQ(cell(got, 0, "shipping_city"), "جدة");
  EXPECT_EQ(cell(got, 0, "shipping_postal_code"), "");
  EXPECT_EQ(cell(got, 0, "order_date_raw"), "2022-06-26 12:21:45.000000 Asia/Riyadh");
  EXPECT_EQ(cell(got, 0, "created_at"), "1656235305000000");  // 09:21:45 UTC
  EXPECT_EQ(cell(got, 0, "updated_at"), "NULL");
  EXPECT_EQ(cell(got, 0, "list_items_count"), "1");
  EXPECT_EQ(cell(got, 0, "is_draft"), "0");

  ASSERT_EQ(got.tables[1].rows.row_count(), 1U);
  EXPECT_EQ(cell(got, 1, "order_item_id"), "70815337");
  EXPECT_EQ(cell(got, 1, "order_id"), "2116149737");
  EXPECT_EQ(cell(got, 1, "line_no"), "1");
  EXPECT_EQ(cell(got, 1, "set_row"), "0");
  EXPECT_EQ(cell(got, 1, "product_id"), "720881993");
  EXPECT_EQ(cell(got, 1, "product_name"), "بيتزا");
  EXPECT_EQ(cell(got, 1, "unit_price"), "1860000");
  EXPECT_EQ(cell(got, 1, "weight"), "2500");
  EXPECT_EQ(cell(got, 1, "product_type"), "food");
  EXPECT_THAT(cell(got, 1, "options"), HasSubstr("\"SIZE\""));
  ASSERT_EQ(got.tables[2].rows.row_count(), 1U);
  EXPECT_EQ(cell(got, 2, "line_count"), "1");
  EXPECT_EQ(cell(got, 2, "order_id"), "2116149737");
  // The raw text is the entity's bytes, to the last blank.
  const size_t data = body.find("\"data\"");
  const size_t start = body.find('{', data);
  EXPECT_EQ(body.substr(start, cell(got, 0, "raw_data").size()), cell(got, 0, "raw_data"));
  EXPECT_EQ(cell(got, 0, "raw_data").back(), '}');
}

TEST_F(PageDecoderTest, ReadsALightListAndDetails) {
  FALAJ_REQUIRE_TEST_DATA();
  const DecodedBatches list = decode(orders_spec(), payload("orders-list"), "summary");
  ASSERT_TRUE(list.rejections.empty());
  ASSERT_EQ(list.tables[0].rows.row_count(), 2U);
  EXPECT_EQ(cell(list, 0, "total_amount"), "550000");
  EXPECT_EQ(cell(list, 0, "currency"), "SAR");
  EXPECT_EQ(cell(list, 0, "exchange_rate"), "26659200");
  EXPECT_EQ(cell(list, 0, "exchange_rate", 1), "NULL");
  EXPECT_EQ(cell(list, 0, "payment_method", 1), "NULL");
  EXPECT_EQ(cell(list, 0, "list_items_count", 1), "1");
  EXPECT_EQ(cell(list, 0, "package_row", 1), "1");
  EXPECT_EQ(list.tables[1].rows.row_count(), 0U) << "a list row's items are no lines";

  const DecodedBatches details = decode(orders_spec(), payload("order-details"), "details");
  ASSERT_TRUE(details.rejections.empty());
  EXPECT_EQ(cell(details, 0, "order_id"), "418149270");
  EXPECT_EQ(cell(details, 0, "shipping_amount"), "130400");
  EXPECT_EQ(cell(details, 0, "tax_amount"), "394600");
  EXPECT_EQ(cell(details, 0, "discount_amount"), "150000");
  EXPECT_EQ(cell(details, 0, "coupon_code"), "kb123");
  EXPECT_EQ(cell(details, 0, "receiver_name"), "أحمد Conn");
  EXPECT_EQ(cell(details, 0, "updated_at"), "1707985385000000");  // 08:23:05 UTC
}

TEST_F(PageDecoderTest, ReadsAnItemsCall) {
  FALAJ_REQUIRE_TEST_DATA();
  const DecodedBatches got =
      decode(order_items_spec(), payload("order-items-with-options"), "items", 418149270, 7);
  ASSERT_TRUE(got.rejections.empty()) << got.rejections[0].message;
  EXPECT_EQ(cell(got, 0, "order_item_id"), "365435777");
  EXPECT_EQ(cell(got, 0, "order_id"), "418149270");
  EXPECT_EQ(cell(got, 0, "set_row"), "7000000");
  EXPECT_EQ(cell(got, 0, "package_row"), "7000000");
  EXPECT_EQ(cell(got, 0, "tax_amount"), "225000");
  EXPECT_EQ(cell(got, 0, "weight"), "5100");
  EXPECT_EQ(cell(got, 1, "package_row"), "7000000");
  EXPECT_EQ(cell(got, 1, "line_count"), "1");
}

TEST_F(PageDecoderTest, EveryPayloadDecodesWithoutLoss) {
  FALAJ_REQUIRE_TEST_DATA();
  using enum FieldKind;
  TableSpec any;
  any.stream = "any";
  any.table = "bronze_any";
  any.id_column = "any_id";
  any.fields = {{"name", kText, {"name"}},
                {"created_at", kTimestamp, {"created_at", "updated_at", "update_at"}},
                {"birthday", kDate, {"birthday"}},
                {"price", kMoney, {"price"}},
                {"starting_price", kMoney, {"starting_price"}},
                {"cost_price", kMoney, {"cost_price"}},
                {"quantity", kInt, {"quantity"}},
                {"is_active", kBool, {"is_active", "is_available"}},
                {"parent_id", kInt, {"parent.id"}},
                {"groups", kJson, {"groups"}}};
  const std::pair<const char*, size_t> files[] = {
      {"branches-list", 2},          {"categories-list", 7},
      {"cities-page1", 15},          {"customer-details-extra-fields", 1},
      {"invoices-list", 3},          {"order-details", 1},
      {"order-histories", 1},        {"order-items-with-options", 1},
      {"order-statuses-custom", 10}, {"orders-list", 2},
      {"products-list", 1},          {"transactions-list", 2},
      {"webhook-order-created", 1},
  };
  for (const auto& [name, count] : files) {
    const std::string body = payload(name);
    const DecodedBatches got = decode(any, body);
    EXPECT_TRUE(got.rejections.empty()) << name << ": " << got.rejections[0].message;
    EXPECT_EQ(got.tables[0].rows.row_count(), count) << name;
    for (size_t row = 0; row < got.tables[0].rows.row_count(); ++row) {
      EXPECT_NE(body.find(cell(got, 0, "raw_data", row)), std::string::npos) << name;
    }
  }
  const DecodedBatches customer = decode(any, payload("customer-details-extra-fields"));
  EXPECT_EQ(cell(customer, 0, "birthday"), "11355");  // 2001-02-02
  EXPECT_THAT(cell(customer, 0, "groups"), HasSubstr("474034050"));
  const DecodedBatches product = decode(any, payload("products-list"));
  EXPECT_EQ(cell(product, 0, "starting_price"), "NULL");  // {}
  EXPECT_EQ(cell(product, 0, "cost_price"), "100000");    // "10"
  const DecodedBatches statuses = decode(any, payload("order-statuses-custom"));
  EXPECT_EQ(cell(statuses, 0, "parent_id", 0), "NULL");  // parent: {}
  EXPECT_EQ(cell(statuses, 0, "parent_id", 4), "1638621685");
}

TEST_F(PageDecoderTest, UnknownMembersSurviveInTheRawText) {
  const std::string entity =
      R"({ "id" : 5 , "new_field" : {"deep":[1,{"x":"\u0645"}]} , "total":{"amount":1,"currency":"SAR","extra":[]} })";
  const DecodedBatches got = decode(orders_spec(), page_of(entity), "summary");
  ASSERT_TRUE(got.rejections.empty());
  EXPECT_EQ(cell(got, 0, "raw_data"), entity);
  EXPECT_EQ(cell(got, 0, "payload_key"), std::to_string(first_63_bits(sha256(entity))));
  EXPECT_EQ(cell(got, 0, "payload_sha256"), to_hex(sha256(entity)));
}

TEST_F(PageDecoderTest, IsLenientWhereSallaVaries) {
  const DecodedBatches got = decode(
      orders_spec(),
      page_of(
          R"({"id":"5","reference_id":"A-1","total":"12.5","customer":[],"exchange_rate":{},"status":null,"draft":"1","is_pending_payment":0,"date":{},"updated_at":1700000000,"items":{}},)"
          R"({"id":6,"reference_id":7,"total":{},"customer":null,"currency":"","status":{"id":"566"},"date":"2024-02-15 08:00:00","updated_at":"","items":[],"amounts":{"discounts":[{"discount":"1.10","code":null},{"discount":2},{"discount":null,"code":"B"}],"total":{"amount":"9.99999"}}},)"
          R"({"id":7,"customer":{"first_name":"\u0645\u062d\u0645\u062f","mobile":501,"id":9},"notes":"a\/b\n","amounts":{"discounts":[],"total":{"amount":null}},"total":90})"),
      "full");
  ASSERT_TRUE(got.rejections.empty()) << got.rejections[0].message;
  EXPECT_EQ(cell(got, 0, "order_id", 0), "5");
  EXPECT_EQ(cell(got, 0, "reference_id", 0), "A-1");
  EXPECT_EQ(cell(got, 0, "total_amount", 0), "125000");
  EXPECT_EQ(cell(got, 0, "customer_id", 0), "NULL");
  EXPECT_EQ(cell(got, 0, "exchange_rate", 0), "NULL");
  EXPECT_EQ(cell(got, 0, "status_slug", 0), "NULL");
  EXPECT_EQ(cell(got, 0, "is_draft", 0), "1");
  EXPECT_EQ(cell(got, 0, "is_pending_payment", 0), "0");
  EXPECT_EQ(cell(got, 0, "created_at", 0), "NULL");
  EXPECT_EQ(cell(got, 0, "updated_at", 0), "1700000000000000");
  EXPECT_EQ(cell(got, 0, "reference_id", 1), "7");
  EXPECT_EQ(cell(got, 0, "status_id", 1), "566");
  EXPECT_EQ(cell(got, 0, "total_amount", 1), "100000");  // 9.99999 rounds
  EXPECT_EQ(cell(got, 0, "discount_amount", 1), "31000");
  EXPECT_EQ(cell(got, 0, "coupon_code", 1), "B");
  EXPECT_EQ(cell(got, 0, "order_date_raw", 1), "2024-02-15 08:00:00");
  EXPECT_EQ(cell(got, 0, "updated_at", 1), "NULL");
  EXPECT_EQ(cell(got, 0, "list_items_count", 1), "0");
  EXPECT_EQ(cell(got, 0, "customer_first_name", 2), "محمد");
  EXPECT_EQ(cell(got, 0, "customer_mobile", 2), "501");
  EXPECT_EQ(cell(got, 0, "notes", 2), "a/b\n");
  EXPECT_EQ(cell(got, 0, "discount_amount", 2), "0") << "no discounts";
  EXPECT_EQ(cell(got, 0, "total_amount", 2), "900000") << "the second path, the first being null";
  // Items {} and [] are an empty set; an absent member is none.
  EXPECT_EQ(got.tables[1].rows.row_count(), 0U);
  ASSERT_EQ(got.tables[2].rows.row_count(), 2U);
  EXPECT_EQ(cell(got, 2, "line_count", 0), "0");
  EXPECT_EQ(cell(got, 2, "package_row", 1), "1");
}

struct WrongCase {
  const char* members;
  const char* rule;
  const char* message;
};

const WrongCase kWrongCases[] = {
    {R"("total":{"amount":"abc"})", "wrong_type",
     "total: found text \"abc\", expected a decimal number"},
    {R"("total":{"amount":[1]})", "wrong_type", "total: found an array, expected a decimal number"},
    {R"("total":true)", "wrong_type", "total: found true, expected a decimal number"},
    {R"("total":{"value":1})", "wrong_type", "total: found an object, expected {amount, currency}"},
    {R"("total":{"amount":100000000000000})", "out_of_range",
     "total: found number 100000000000000, expected a number within DECIMAL(18,4)"},
    {R"("total":1e30)", "out_of_range", "total: found number 1e30"},
    {R"("exchange_rate":{"rate":99999999999})", "out_of_range", "within DECIMAL(18,8)"},
    {R"("status":{"id":1.5})", "wrong_type", "status.id: found number 1.5, expected an integer"},
    {R"("status":{"id":"x"})", "wrong_type", "status.id: found text \"x\", expected an integer"},
    {R"("customer":{"id":99999999999999999999})", "out_of_range",
     "customer.id: found number 99999999999999999999, expected an integer of 64 bits"},
    {R"("currency":{"code":"SAR"})", "wrong_type", "currency: found an object, expected a text"},
    {R"("notes":["a"])", "wrong_type", "notes: found an array, expected a text"},
    {R"("draft":"maybe")", "wrong_type", "draft: found text \"maybe\", expected true or false"},
    {R"("date":"tomorrow")", "bad_date", "date: found text \"tomorrow\", expected a date"},
    {R"("date":{"date":"2024-99-01"})", "bad_date", "date: found text \"2024-99-01\""},
    {R"("date":{"day":1})", "bad_date", "date: found an object, expected a date"},
    {R"("date":-5)", "bad_date", "date: found number -5"},
    {R"("amounts":{"discounts":[{"discount":"x"}]})", "wrong_type",
     "amounts.discounts[].discount: found text \"x\", expected a decimal number"},
    {R"("items":5)", "wrong_type", "items: found number 5, expected an array"},
    {R"("amounts":{"discounts":{"discount":5}})", "wrong_type",
     "amounts.discounts[].discount: found an object, expected a list on the way there"},
    {R"("amounts":{"discounts":"none"})", "wrong_type", "found text \"none\", expected a list"},
    {R"("amounts":{"discounts":[5]})", "wrong_type",
     "amounts.discounts[].discount: found number 5, expected an object on the way there"},
    {R"("amounts":{"discounts":[{"title":"x"}]})", "no_value",
     "amounts.discounts[].discount: found an array, expected a value in its elements"},
    {R"("amounts":{"discounts":[{"discount":{"value":5}}]})", "wrong_type",
     "found an object, expected {amount, currency}"},
    {R"("status":[{"slug":"new"}])", "wrong_type", "found an array, expected an object"},
    {R"("status":{"0":{"slug":"new"}})", "wrong_type", "found an object, expected an object on"},
    {R"("status":"new")", "wrong_type", "found text \"new\", expected an object on the way"},
    {R"("customer":false)", "wrong_type", "found false, expected an object on the way there"},
    {R"("items":{"first":{"id":1}})", "wrong_type", "items: found an object, expected an array"},
};

TEST_F(PageDecoderTest, EachWrongTypeGivesAReadableReason) {
  const TableSpec tolerant = orders_spec();
  TableSpec strict = orders_spec();
  for (const FieldSpec& field : strict.fields) strict.important.push_back(field.column);
  for (const auto& [members, rule, message] : kWrongCases) {
    // To a column that is not important the value alone is lost.
    const DecodedBatches kept = decode(tolerant, order_with(members), "details");
    EXPECT_TRUE(kept.rejections.empty()) << members;
    ASSERT_EQ(kept.tables[0].rows.row_count(), 1U) << members;
    ASSERT_FALSE(kept.tables[0].losses.empty()) << members;
    for (const LostValue& loss : kept.tables[0].losses) {
      EXPECT_EQ(loss.row, 0U);
      const LossKind& kind = kept.tables[0].loss_kinds.at(loss.kind);
      EXPECT_EQ(kind.rule, rule) << members;
      EXPECT_TRUE(kept.tables[0].rows.is_null(kind.column, 0)) << members;
    }
    EXPECT_THAT(kept.tables[0].loss_kinds[0].message, HasSubstr(message));
    EXPECT_EQ(cell(kept, 0, "raw_data"), std::string("{\"id\":5,") + members + "}");

    const DecodedBatches got = decode(strict, order_with(members));
    ASSERT_EQ(got.rejections.size(), 1U) << members;
    EXPECT_EQ(got.rejections[0].rule, rule) << members;
    EXPECT_THAT(got.rejections[0].message, HasSubstr(message));
    EXPECT_EQ(got.rejections[0].entity_id, 5) << members;
    EXPECT_EQ(got.rejections[0].table, "bronze_orders");
    EXPECT_EQ(got.rejections[0].raw_data, std::string("{\"id\":5,") + members + "}");
    EXPECT_EQ(got.tables[0].rows.row_count(), 0U);
    EXPECT_EQ(got.tables[0].fetched, 1);
    EXPECT_EQ(got.tables[0].rejected, 1);
  }
}

TEST_F(PageDecoderTest, AMissingIdIsRejected) {
  for (const char* entity : {R"({"reference_id":1})", R"({"id":null})", R"({"id":""})",
                             R"({"id":"abc"})", R"({"id":{}})", R"({"id":1.5})"}) {
    const DecodedBatches got = decode(orders_spec(), page_of(entity));
    ASSERT_EQ(got.rejections.size(), 1U) << entity;
    EXPECT_EQ(got.rejections[0].rule, "missing_id");
    EXPECT_FALSE(got.rejections[0].entity_id);
    EXPECT_THAT(got.rejections[0].message, HasSubstr("expected the id, an integer"));
  }
  const DecodedBatches scalar = decode(orders_spec(), page_of("17, null"));
  ASSERT_EQ(scalar.rejections.size(), 2U);
  EXPECT_THAT(scalar.rejections[0].message, HasSubstr("data[0]: found number 17"));
}

TEST_F(PageDecoderTest, ARejectedRowLeavesItsNeighboursAlone) {
  TableSpec spec = orders_spec();
  spec.important = {"total_amount"};
  spec.children[0].table.important = {"quantity"};
  const DecodedBatches got = decode(
      spec,
      page_of(
          R"({"id":1,"total":1,"items":[{"id":11}]},{"id":2,"total":"x","items":[{"id":22}]},{"id":3,"items":[{"id":31,"quantity":"q"},{"id":32}]})"));
  EXPECT_EQ(got.tables[0].rows.row_count(), 2U);
  EXPECT_EQ(cell(got, 0, "order_id", 1), "3");
  EXPECT_EQ(cell(got, 0, "package_row", 1), "2");
  EXPECT_EQ(cell(got, 0, "total_amount", 1), "NULL");
  EXPECT_EQ(got.tables[1].rows.row_count(), 2U);
  EXPECT_EQ(cell(got, 1, "order_item_id", 1), "32");
  EXPECT_EQ(cell(got, 1, "line_no", 1), "2");
  EXPECT_EQ(cell(got, 1, "set_row", 1), "1");
  EXPECT_EQ(cell(got, 2, "line_count", 1), "2");
  ASSERT_EQ(got.rejections.size(), 2U);
  EXPECT_EQ(got.rejections[1].table, "bronze_order_items");
  EXPECT_EQ(got.rejections[1].stream, "order_items");
  EXPECT_EQ(got.rejections[1].entity_id, 31);
  for (const TableBatch& table : got.tables) {
    EXPECT_EQ(table.fetched, static_cast<int64_t>(table.rows.row_count()) + table.rejected);
  }
}

TEST_F(PageDecoderTest, ABadPageIsOneRejection) {
  const std::pair<std::string, std::string> cases[] = {
      {"<html>502</html>", "expected a value"},
      {R"({"status":200,"data":[{"id":1},{"id")", "ends too early"},
      {"", "an empty text"},
      {"[1]", "found an array, expected an object with `data`"},
      {R"({"status":200})", "found no member `data`"},
      {R"({"data":null})", "data: found null, expected an array or an object"},
      {"{\"data\":[{\"id\":1,\"notes\":\"\xFF\"}]}", "invalid UTF-8 at byte 26"},
  };
  for (const auto& [body, reason] : cases) {
    const DecodedBatches got = decode(orders_spec(), body);
    ASSERT_EQ(got.rejections.size(), 1U) << body;
    EXPECT_EQ(got.rejections[0].rule, "bad_page");
    EXPECT_THAT(got.rejections[0].message, HasSubstr(reason));
    EXPECT_THAT(got.rejections[0].message, HasSubstr("/orders?page=1"));
    EXPECT_EQ(got.tables[0].fetched, 1);
    EXPECT_EQ(got.tables[0].rejected, 1);
    EXPECT_EQ(got.tables[0].rows.row_count(), 0U);
  }
  EXPECT_THAT(decode(orders_spec(), "\"\xFF\"").rejections[0].raw_data, HasSubstr("\\xff"));
  EXPECT_EQ(decode(order_items_spec(), R"({"data":[]})", "items").rejections.at(0).rule,
            "bad_page");
  for (const char* empty : {R"({"data":[]})", R"({"data":{}})"}) {
    EXPECT_EQ(decode(orders_spec(), empty).tables[0].fetched, 0);
  }
}

TEST_F(PageDecoderTest, VolatileMembersDoNotChangeTheDigest) {
  const auto digest = [&](const std::string& entity) {
    return cell(decode(orders_spec(), page_of(entity)), 0, "payload_sha256");
  };
  const std::string plain = digest(R"({"id":1,"a":2})");
  EXPECT_EQ(plain, to_hex(sha256(R"({"id":1,"a":2})")));
  EXPECT_EQ(digest(R"({"id":1,"pending_payment_ends_at":17,"a":2})"), plain);
  EXPECT_EQ(digest(R"({"pending_payment_ends_at":"9","id":1,"a":2})"), plain);
  EXPECT_EQ(digest(R"({"id":1,"a":2,"pending_payment_ends_at":{"x":[1]}})"), plain);
  EXPECT_NE(digest(R"({"id":1,"a":3})"), plain);
  EXPECT_NE(digest(R"({"id":1,"a": 2})"), plain) << "bytes as received";
}

TEST_F(PageDecoderTest, ASetsDigestCoversItsLines) {
  const auto digest = [&](const std::string& items) {
    return cell(decode(orders_spec(), page_of(R"({"id":1,"items":)" + items + "}")), 2,
                "payload_sha256");
  };
  const std::string two = digest(R"([{"id":1},{"id":2}])");
  EXPECT_EQ(digest(R"([{"id":1},{"id":2}])"), two);
  EXPECT_NE(digest(R"([{"id":1}])"), two);
  EXPECT_NE(digest(R"([{"id":2},{"id":1}])"), two);
  EXPECT_NE(digest("[]"), two);
}

TEST_F(PageDecoderTest, TakesALargePageAndDeepNesting) {
  const std::string big(10'000'000, 'x');
  const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
  const DecodedBatches got =
      decode(orders_spec(), page_of(R"({"id":1,"notes":")" + big + R"(","unknown":)" + deep + "}"));
  ASSERT_TRUE(got.rejections.empty());
  EXPECT_EQ(cell(got, 0, "notes").size(), big.size());
}

TEST_F(PageDecoderTest, BatchesOutliveThePageUntilCleared) {
  PageDecoder decoder(orders_spec(), StoreId(1), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
  DecodedBatches batches = decoder.make_batches();
  for (int64_t page = 0; page < 3; ++page) {
    decode_into(decoder, page_of(fmt::format(R"({{"id":{},"notes":"n{}"}})", page, page)), batches,
                "summary", 0, page);
  }
  EXPECT_EQ(cell(batches, 0, "notes", 0), "n0");
  EXPECT_EQ(cell(batches, 0, "package_row", 2), "2000000");
  EXPECT_GT(batches.bytes(), 0U);
  batches.clear();
  EXPECT_EQ(batches.bytes(), 0U);
  EXPECT_EQ(batches.tables[0].rows.row_count(), 0U);
}

// Every truncation and every flipped byte of a page: no crash, and the books balance.
TEST_F(PageDecoderTest, SurvivesEveryTruncationAndFlippedByte) {
  const std::string order =
      R"({"id":5,"reference_id":41027662,"date":{"date":"2022-06-26 12:21:45.000000","timezone_type":3,"timezone":"Asia/Riyadh"},"status":{"id":566146469,"name":"بإنتظار \u0645","slug":"under_review","customized":{"id":1,"name":"x"}},"payment_method":"bank","currency":"SAR","amounts":{"sub_total":{"amount":186,"currency":"SAR"},"shipping_cost":{"amount":15.5,"currency":"SAR"},"tax":{"percent":"15.00","amount":{"amount":0,"currency":"SAR"}},"discounts":[{"title":"o","code":"c","discount":"5.00"}],"total":{"amount":1.96e2,"currency":"SAR"}},"exchange_rate":{"rate":0.26},"draft":false,"customer":{"id":9,"first_name":"محمد","mobile":501806978},"items":[{"id":7,"name":"بيتزا","sku":"5","quantity":"1","amounts":{"total":{"amount":186}},"options":[{"value":[{"id":1}]}]},{"id":8}],"pending_payment_ends_at":12})";
  const std::string body = page_of(order + "," + order + "," + order);
  ASSERT_GT(body.size(), 2'500U);
  PageDecoder decoder(orders_spec(), StoreId(1), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
  DecodedBatches batches = decoder.make_batches();
  const auto check = [&](std::string_view text) {
    batches.clear();
    decode_into(decoder, text, batches, "full", 0, 0);
    int64_t rejected = 0;
    for (const TableBatch& table : batches.tables) {
      ASSERT_EQ(table.fetched, static_cast<int64_t>(table.rows.row_count()) + table.rejected);
      rejected += table.rejected;
    }
    ASSERT_EQ(rejected, static_cast<int64_t>(batches.rejections.size()));
  };
  check(body);
  ASSERT_EQ(batches.tables[0].rows.row_count(), 3U) << batches.rejections[0].message;
  for (size_t length = 0; length < body.size(); ++length) {
    check(std::string_view(body).substr(0, length));
    ASSERT_EQ(batches.rejections.size(), 1U) << "truncated at " << length;
  }
  std::string damaged = body;
  for (size_t at = 0; at < body.size(); ++at) {
    for (const unsigned flip : {0x01U, 0x20U, 0x80U, 0x02U}) {
      damaged[at] = static_cast<char>(static_cast<unsigned char>(body[at]) ^ flip);
      check(damaged);
    }
    for (const char other : {'"', '{', '}', '[', ']', ',', ':', '\\', '\0', '9'}) {
      damaged[at] = other;
      check(damaged);
    }
    damaged[at] = body[at];
  }
}

TEST_F(PageDecoderTest, SchemasHaveTheLeadColumns) {
  const auto schemas = schemas_of(orders_spec());
  ASSERT_EQ(schemas.size(), 3U);
  const auto& columns = schemas[0].schema.columns;
  EXPECT_EQ(columns[kEntityId].name, "order_id");
  EXPECT_EQ(columns[kLoadSeq].name, "load_seq");
  EXPECT_EQ(columns[kLeadColumns].name, "reference_id");
  EXPECT_EQ(schemas[1].schema.columns[kSetRow].name, "set_row");
  EXPECT_EQ(schemas[1].schema.columns[kLineLeadColumns].name, "product_id");
  EXPECT_EQ(schemas[2].schema.columns[kSetLineCount].name, "line_count");
  EXPECT_EQ(schemas[2].schema.columns.size(), static_cast<size_t>(kSetColumns));
}

}  // namespace
}  // namespace falaj::decode
