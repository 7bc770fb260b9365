// Containers of another form than the documents say: PHP's arrays with gaps, single entities where lists
// are meant, pages of an answer that was meant to be one, and text around the JSON.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decode/joined_lists.hpp"
#include "decode/page_decoder.hpp"
#include "decode/page_index.hpp"
#include "decode/sold_codes.hpp"
#include "unit/decode/order_spec.hpp"

namespace falaj::decode {
namespace {

using ::testing::HasSubstr;

DecodedBatches decode(const TableSpec& spec, const std::string& body, const std::string& shape,
                      int64_t parent_id = 0, bool is_unreadable = false) {
  PageDecoder decoder(spec, StoreId(77), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
  DecodedBatches out = decoder.make_batches();
  const auto owned = std::make_shared<const std::string>(body);
  SourcePage page;
  page.shape = shape;
  page.source = "list";
  page.request = "/any";
  page.is_unreadable = is_unreadable;
  page.parent_id = parent_id;
  page.body = *owned;
  page.owner = owned;
  decoder.decode(page, out);
  for (const TableBatch& table : out.tables) {
    EXPECT_EQ(table.fetched, static_cast<int64_t>(table.rows.row_count()) + table.rejected);
  }
  return out;
}

std::string cell(const DecodedBatches& batches, size_t table, std::string_view column,
                 size_t row = 0) {
  const rows::RowBatch& batch = batches.tables[table].rows;
  const size_t index = batch.schema().find(column).value();
  if (batch.is_null(index, row)) return "NULL";
  if (batch.schema().columns[index].type == rows::ColumnType::kText) {
    return std::string(batch.text(index, row));
  }
  return std::to_string(batch.number(index, row));
}

// Writes each array of the text as PHP does when its keys have gaps: {"0":..,"2":..}.
std::string with_gaps(const std::string& text) {
  std::string out;
  std::vector<int> keys;  // of open arrays; -1: an object
  bool is_in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') is_in_string = !is_in_string;
    if (is_in_string || (c != '[' && c != ']' && c != '{' && c != '}' && c != ',')) {
      out += c;
      continue;
    }
    if (c == '[' && text[i + 1] != ']') {
      keys.push_back(0);
      out += R"({"0":)";
    } else if (c == '[') {
      out += "[]";
      ++i;
    } else if (c == ']') {
      keys.pop_back();
      out += '}';
    } else if (c == ',' && keys.back() >= 0) {
      out += fmt::format(R"(,"{}":)", keys.back() += 2);
    } else {
      if (c == '{') keys.push_back(-1);
      if (c == '}') keys.pop_back();
      out += c;
    }
  }
  return out;
}

const char* const kOrders =
    R"({"status":200,"data":[{"id":1,"amounts":{"discounts":[{"discount":"1.50","code":null},{"discount":{"amount":5,"currency":"SAR"},"code":"B"}]},"items":[{"id":11,"quantity":1},{"id":12,"quantity":2}]},{"id":2,"amounts":{"discounts":[]},"items":[]}]})";

TEST(OddShapes, AnArrayWithGapsIsTheArray) {
  const std::string gaps = with_gaps(kOrders);
  ASSERT_THAT(gaps, HasSubstr(R"("data":{"0":{"id":1)"));
  ASSERT_THAT(gaps, HasSubstr(R"(,"2":{"id":2)"));
  ASSERT_THAT(gaps, HasSubstr(R"("items":{"0":{"id":11)"));
  for (const std::string& body : {std::string(kOrders), gaps}) {
    SCOPED_TRACE(body);
    const DecodedBatches got = decode(orders_spec(), body, "full");
    ASSERT_TRUE(got.rejections.empty()) << got.rejections[0].message;
    for (const TableBatch& table : got.tables) EXPECT_TRUE(table.losses.empty()) << table.table;
    ASSERT_EQ(got.tables[0].rows.row_count(), 2U);
    EXPECT_EQ(cell(got, 0, "discount_amount"), "65000") << "a number and {amount, currency}";
    EXPECT_EQ(cell(got, 0, "coupon_code"), "B");
    EXPECT_EQ(cell(got, 0, "list_items_count"), "2");
    EXPECT_EQ(cell(got, 0, "discount_amount", 1), "0");
    EXPECT_EQ(cell(got, 0, "list_items_count", 1), "0");
    ASSERT_EQ(got.tables[1].rows.row_count(), 2U);
    EXPECT_EQ(cell(got, 1, "order_item_id", 1), "12");
    EXPECT_EQ(cell(got, 1, "line_no", 1), "2");
    EXPECT_EQ(cell(got, 2, "line_count"), "2");
    EXPECT_EQ(cell(got, 2, "rejected_count"), "0");

    const auto index = PageIndex::read(body);
    ASSERT_TRUE(index.ok()) << index.error().to_text();
    EXPECT_TRUE(index->data_is_array);
    ASSERT_EQ(index->rows.size(), 2U);
    EXPECT_EQ(index->rows[1].id, 2);
    EXPECT_TRUE(index->first_row_has("amounts"));
  }
}

TEST(OddShapes, LinesAndNestedEntitiesMayHaveGaps) {
  const DecodedBatches lines =
      decode(order_items_spec(), R"({"data":{"1":{"id":11},"5":{"id":12}}})", "items", 5);
  ASSERT_TRUE(lines.rejections.empty());
  EXPECT_EQ(lines.tables[0].rows.row_count(), 2U);
  EXPECT_EQ(cell(lines, 1, "line_count"), "2");

  TableSpec tree;
  tree.stream = "categories";
  tree.table = "bronze_categories";
  tree.id_column = "category_id";
  tree.nested = "below";
  tree.fields = {{"name", FieldKind::kText, {"name"}}};
  const std::string body =
      R"({"data":[{"id":1,"below":{"0":{"id":2},"7":{"id":3,"below":[]}}},{"id":4,"below":{"a":1}}]})";
  const DecodedBatches got = decode(tree, body, "full");
  EXPECT_EQ(got.tables[0].rows.row_count(), 4U);
  ASSERT_EQ(got.rejections.size(), 1U);
  EXPECT_THAT(got.rejections[0].message, HasSubstr("below: found an object, expected an array"));
  EXPECT_EQ(PageIndex::read(body, nullptr, &tree)->rows.size(), 4U);
}

TEST(OddShapes, SoldCodesAreCutOutOfArraysWithGapsToo) {
  std::string body =
      R"({"data":{"0":{"id":1,"items":{"3":{"id":2,"codes":{"0":{"code":"SECRET"}}}}}}})";
  EXPECT_TRUE(PageIndex::read(body)->holds_sold_codes);
  EXPECT_EQ(redact_sold_codes(body), 1U);
  EXPECT_EQ(body.find("SECRET"), std::string::npos);
}

TEST(OddShapes, NamesThatAreNoNumbersMakeAnEntity) {
  for (const char* body : {R"({"data":{"id":1,"0":{"id":2}}})", R"({"data":{"7a":1,"id":1}})",
                           R"({"data":{"":1,"id":1}})", R"({"data":{"-":1,"id":1}})"}) {
    const auto index = PageIndex::read(body);
    EXPECT_FALSE(index->data_is_array) << body;
    ASSERT_EQ(index->rows.size(), 1U) << body;
    EXPECT_EQ(index->rows[0].id, 1) << body;
    EXPECT_EQ(decode(orders_spec(), body, "full").tables[0].rows.row_count(), 1U) << body;
  }
}

TEST(OddShapes, AnUnreadablePageWithoutRowsIsARejection) {
  for (const char* data : {"[]", "{}"}) {
    const auto body = fmt::format(R"({{"status":200,"data":{}}})", data);
    const DecodedBatches got = decode(orders_spec(), body, "summary", 7, true);
    ASSERT_EQ(got.rejections.size(), 1U);
    EXPECT_EQ(got.rejections[0].rule, "bad_page");
    EXPECT_EQ(got.rejections[0].entity_id, 7);
    EXPECT_THAT(got.rejections[0].message, HasSubstr("expected what was asked for"));
    EXPECT_TRUE(decode(orders_spec(), body, "summary").rejections.empty()) << "a list may be empty";
  }
}

TEST(OddShapes, ASetKnowsWhatItsAnswerAnnouncesAndLacks) {
  const auto rejected = [](const std::string& pagination) {
    const DecodedBatches got =
        decode(order_items_spec(), R"({"data":[{"id":1},{"id":2}])" + pagination + "}", "items", 5);
    return cell(got, 1, "rejected_count");
  };
  EXPECT_EQ(rejected(""), "0");
  EXPECT_EQ(rejected(R"(,"pagination":[])"), "0");
  EXPECT_EQ(rejected(R"(,"pagination":{"total":2,"totalPages":1})"), "0");
  EXPECT_EQ(rejected(R"(,"pagination":{"total":"39","totalPages":2})"), "37");
  EXPECT_EQ(rejected(R"(,"pagination":{"totalPages":3,"perPage":2})"), "1");
  EXPECT_EQ(rejected(R"(,"pagination":{"links":{"next":"http://x/?page=2"}})"), "1");
  EXPECT_EQ(rejected(R"(,"links":{"next":"http://x/?page=2"})"), "1");
  EXPECT_EQ(rejected(R"(,"links":{"next":null})"), "0");
  EXPECT_EQ(rejected(R"(,"cursor":{"next":"abc"})"), "1");
  EXPECT_EQ(rejected(R"(,"cursor":{"next":null})"), "0");
  EXPECT_EQ(rejected(R"(,"cursor":"abc")"), "1");
}

TEST(OddShapes, PagesBecomeOneAnswer) {
  JoinedLists joined;
  EXPECT_EQ(joined.add(R"({"data":[{"id":1},{"id":2,"n":"a,b"}],"pagination":{"total":4}})"), 2);
  EXPECT_EQ(joined.add(R"({"data":{"0":{"id":2,"n":"a,b"},"5":{"id":3}}})"), 1) << "2 slipped over";
  EXPECT_EQ(joined.add(R"({"data":[{"id":3}]})"), 0);
  EXPECT_EQ(joined.add(R"({"data":[{"id":4},{"id":4}]})"), 2) << "equal rows of one page are two";
  EXPECT_EQ(joined.rows(), 5);
  const std::string body = joined.joined(6);
  EXPECT_THAT(body, HasSubstr(R"([{"id":1},{"id":2,"n":"a,b"},{"id":3},{"id":4},{"id":4}])"));
  const auto index = PageIndex::read(body);
  ASSERT_TRUE(index.ok()) << index.error().to_text();
  EXPECT_EQ(index->announced.rows, 5);
  EXPECT_EQ(index->announced.missing(), 1);
}

TEST(OddShapes, TextAroundTheJsonIsLeftOut) {
  const std::string json = R"({"status":200,"data":[{"id":1,"total":12.5}]})";
  for (const std::string& before :
       {std::string("\xEF\xBB\xBF"), std::string("\n\xEF\xBB\xBF "),
        std::string("<br />\n<b>Notice</b>:  Undefined index: {x} in <b>/a.php</b> on line <b>7</b>"
                    "<br />\n"),
        std::string("\nPHP Warning:  Undefined variable $a in /a.php on line 7\n")}) {
    for (const std::string& after : {std::string(), std::string("\n<br />\n<b>Warning</b>: x\n")}) {
      const std::string body = before + json + after;
      EXPECT_EQ(cell(decode(orders_spec(), body, "full"), 0, "total_amount"), "125000") << body;
      EXPECT_EQ(PageIndex::read(body)->rows.size(), 1U) << body;
    }
  }
}

}  // namespace
}  // namespace falaj::decode
