#include "decode/page_index.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/sha256.hpp"
#include "decode/sold_codes.hpp"
#include "support/temp_dir.hpp"

namespace falaj::decode {
namespace {

using ::testing::HasSubstr;

std::string payload(const std::string& name) {
  return test::read_text_file(test::test_data_dir() / "salla-payloads" / (name + ".json"));
}

TEST(PageIndex, ReadsAListPage) {
  FALAJ_REQUIRE_TEST_DATA();
  const PageIndex index = PageIndex::read(payload("orders-list")).value();
  EXPECT_EQ(index.status, 200);
  EXPECT_TRUE(index.data_is_array);
  ASSERT_TRUE(index.pagination);
  EXPECT_EQ(index.pagination->total, 2);
  EXPECT_EQ(index.pagination->per_page, 15);
  EXPECT_EQ(index.pagination->total_pages, 1);
  ASSERT_EQ(index.rows.size(), 2U);
  EXPECT_EQ(index.rows[0].id, 1017120475);
  EXPECT_EQ(index.rows[0].status_slug, "under_review");
  EXPECT_EQ(to_iso8601(*index.rows[0].created_at), "2022-06-16T11:48:20Z");
  EXPECT_FALSE(index.rows[0].updated_at);
  EXPECT_EQ(index.rows[0].payload_key, 0) << "keys are computed only when asked for";
  EXPECT_TRUE(index.first_row_has("exchange_rate"));
  EXPECT_FALSE(index.first_row_has("amounts"));
}

TEST(PageIndex, ReadsDetailsAndCursors) {
  FALAJ_REQUIRE_TEST_DATA();
  const PageIndex details = PageIndex::read(payload("order-details")).value();
  EXPECT_FALSE(details.data_is_array);
  EXPECT_EQ(details.rows.at(0).id, 418149270);
  EXPECT_TRUE(details.rows[0].updated_at);
  EXPECT_TRUE(details.first_row_has("amounts"));
  EXPECT_FALSE(details.pagination);

  const PageIndex light =
      PageIndex::read(
          R"({"data":[{"id":"12"}],"cursor":{"current":"a","next":"http:\/\/api\/p?cursor=b"}})")
          .value();
  EXPECT_EQ(light.rows.at(0).id, 12);
  EXPECT_EQ(light.next_cursor, "http://api/p?cursor=b");
  EXPECT_EQ(PageIndex::read(R"({"data":[],"cursor":{"next":null}})")->next_cursor, "");
  EXPECT_TRUE(PageIndex::read(R"({"data":{}})")->rows.empty());
}

TEST(PageIndex, PayloadKeyIsTheDigestWithoutVolatileMembers) {
  const std::vector<std::string> left_out = {"ends_at"};
  const auto key = [&](const std::string& entity) {
    return PageIndex::read("{\"data\":[" + entity + "]}", &left_out)->rows.at(0).payload_key;
  };
  EXPECT_EQ(key(R"({"id":1})"), first_63_bits(sha256(R"({"id":1})")));
  EXPECT_EQ(key(R"({"id":1,"ends_at":5})"), key(R"({"id":1,"ends_at":77})"));
}

TEST(PageIndex, PayloadKeyFollowsTheBytes) {
  const std::vector<std::string> left_out;
  const auto hash = [&](const std::string& entity) {
    return PageIndex::read("{\"data\":[" + entity + "]}", &left_out)->rows.at(0).payload_key;
  };
  const std::string row = R"({"id":1,"total":{"amount":55,"currency":"SAR"},"name":"abcdefghij"})";
  EXPECT_EQ(hash(row), hash(row));
  for (size_t at = 0; at < row.size(); ++at) {
    std::string other = row;
    if (other[at] < 'a' || other[at] >= 'z') continue;
    ++other[at];
    EXPECT_NE(hash(other), hash(row)) << at;
  }
}

TEST(PageIndex, RefusesWhatIsNoAnswer) {
  const std::pair<std::string, std::string> cases[] = {
      {"<!DOCTYPE html><html>Just a moment...</html>", "it looks like HTML"},
      {R"({"status":200,"data":[{"id":1},)", "ends too early"},
      {"", "an empty text"},
      {"[]", "no object with `data`"},
      {R"({"status":200,"success":true})", "no `data`"},
      {R"({"success":false,"data":[]})", "success = false"},
      {R"({"data":"x"})", "neither an array nor an object"},
      {"{\"data\":[\"\xC3\"]}", "invalid UTF-8"},
  };
  for (const auto& [body, reason] : cases) {
    const auto index = PageIndex::read(body);
    ASSERT_FALSE(index.ok()) << body;
    EXPECT_EQ(index.error().kind(), ErrorKind::kBadResponse);
    EXPECT_THAT(index.error().message(), HasSubstr(reason));
  }
}

TEST(ErrorBody, ReadsSallasAndOAuthsErrors) {
  const ErrorBody scope =
      ErrorBody::read(
          R"({"status":401,"success":false,"error":{"code":"Unauthorized","message":"The access token should have access to one of those scopes: orders.read"}})")
          .value();
  EXPECT_EQ(scope.code, "Unauthorized");
  EXPECT_THAT(scope.message, HasSubstr("orders.read"));
  EXPECT_EQ(ErrorBody::read(R"({"error":{"code":404,"message":"x"}})")->code, "404");
  EXPECT_EQ(ErrorBody::read(R"({"error":{"code":"error"}})")->message, "");
  const ErrorBody oauth =
      ErrorBody::read(R"({"error":"invalid_grant","error_description":"used"})").value();
  EXPECT_EQ(oauth.to_text(), "invalid_grant: used");
  EXPECT_EQ(ErrorBody::read(R"({"message":"Too Many Attempts."})")->to_text(),
            "Too Many Attempts.");
  EXPECT_FALSE(ErrorBody::read("<html>").ok());
  FALAJ_REQUIRE_TEST_DATA();
  const ErrorBody fields = ErrorBody::read(payload("error-422-transactions")).value();
  EXPECT_EQ(fields.to_text(),
            "error: alert.invalid_fields (status: The selected status is invalid.; last_4_digit: "
            "The last 4 digits must be exactly 4 digits.)");
}

TEST(SoldCodes, AreCutOutAndCounted) {
  std::string body =
      R"({"data":[{"id":1,"name":"codes","codes":[{"code":"SECRET-1"},"SECRET-2"],"files": [ {"url":"SECRET-3"} ]},{"id":2,"codes":[],"files":[]}]})";
  EXPECT_TRUE(PageIndex::read(body)->holds_sold_codes);
  EXPECT_EQ(redact_sold_codes(body), 3U);
  EXPECT_FALSE(PageIndex::read(body)->holds_sold_codes);
  EXPECT_EQ(
      body,
      R"({"data":[{"id":1,"name":"codes","codes":[],"files": []},{"id":2,"codes":[],"files":[]}]})");
  EXPECT_EQ(redact_sold_codes(body), 0U);

  std::string order =
      R"({"data":{"id":1,"items":[{"id":3,"codes":["S"]},{"files":{"1":"S"}}],"codes":["S","S"],"meta":{"codes":["kept"]}}})";
  EXPECT_TRUE(PageIndex::read(order)->holds_sold_codes);
  EXPECT_EQ(redact_sold_codes(order), 4U);
  EXPECT_FALSE(PageIndex::read(order)->holds_sold_codes);
  EXPECT_EQ(
      order,
      R"({"data":{"id":1,"items":[{"id":3,"codes":[]},{"files":[]}],"codes":[],"meta":{"codes":["kept"]}}})");

  for (const char* alone : {R"({"data":[{"codes":["x"]})", "<html>\"codes\":[1]", "", "\"codes\"",
                            R"({"a":["codes"],"b":"\"codes\":[1]"})"}) {
    std::string text = alone;
    EXPECT_EQ(redact_sold_codes(text), 0U) << alone;
    EXPECT_EQ(text, alone);
  }
}

}  // namespace
}  // namespace falaj::decode
