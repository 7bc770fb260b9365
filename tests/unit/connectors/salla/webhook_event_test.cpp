// Events of every documented shape: what is read of them, what is done about them, what may not be
// kept; and that the body of each that is used becomes rows.
#include "connectors/salla/webhook_event.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/json.hpp"
#include "connectors/salla/catalogue.hpp"
#include "decode/page_decoder.hpp"
#include "support/documented_events.hpp"
#include "support/temp_dir.hpp"

namespace falaj::connectors::salla {
namespace {

using namespace std::chrono_literals;

UtcTime at(const char* text) {
  const auto time = parse_event_time(text);
  EXPECT_TRUE(time) << text;
  return time.value_or(UtcTime());
}

std::string envelope(const std::string& event, const std::string& data,
                     const std::string& created_at = "Sun Jun 26 2022 12:21:48 GMT+0300") {
  return R"({"event":")" + event + R"(","merchant":1305146709,"created_at":")" + created_at +
         R"(","data":)" + data + "}";
}

WebhookEvent read(WebhookReader& reader, const std::string& body) {
  auto event = reader.read(body);
  EXPECT_TRUE(event.ok()) << body.substr(0, 200);
  return event.ok() ? *event : WebhookEvent();
}

TEST(WebhookRules, EveryDocumentedEventHasOne) {
  size_t count = 0;
  for (const auto& event : test::documented_events()) {
    const auto* rule = find_webhook_rule(event);
    ASSERT_NE(rule, nullptr) << event;
    EXPECT_FALSE(rule->why.empty()) << event;
    EXPECT_FALSE(rule->document.empty()) << event;
    ++count;
  }
  EXPECT_GE(count, webhook_rules().size());
  EXPECT_EQ(find_webhook_rule("order.teleported"), nullptr);
  EXPECT_EQ(find_webhook_rule("subscriptions"), nullptr);
}

TEST(WebhookRules, SayWhatTheyNeed) {
  for (const auto& rule : webhook_rules()) {
    const bool is_about_one = rule.action == WebhookAction::kUseBody ||
                              rule.action == WebhookAction::kRefetch ||
                              rule.action == WebhookAction::kTombstone;
    EXPECT_EQ(is_about_one || rule.action == WebhookAction::kReadList, !rule.stream.empty())
        << rule.event;
    EXPECT_TRUE(!is_about_one || !rule.id_paths.empty()) << rule.event;
    EXPECT_TRUE(rule.action != WebhookAction::kUseBody || !rule.needs.empty()) << rule.event;
  }
}

TEST(WebhookEvent, ReadsTheThreeFormsOfItsTime) {
  const auto noon = at("2022-06-26T09:21:48Z");
  EXPECT_EQ(at("Sun Jun 26 2022 12:21:48 GMT+0300"), noon);
  EXPECT_EQ(at("Sun Jun 26 2022 12:21:48 GMT+0300 (Arabian Standard Time)"), noon);
  EXPECT_EQ(at("Sun Jun 26 2022 04:51:48 GMT-0430"), noon);
  EXPECT_EQ(at("Sun Jun 26 2022 09:21:48 GMT"), noon);
  EXPECT_EQ(at("Sun Jun 26 2022 12:21:48 UTC+03"), noon);
  EXPECT_EQ(at("2022-06-26 12:21:48"), noon);
  EXPECT_EQ(at("2022-06-26T12:21:48+03:00"), noon);
  for (const char* wrong :
       {"", "yesterday", "Sun Jun 26 2022", "Sun Jux 26 2022 12:21:48 GMT+0300",
        "Sun Jun 31 2022 12:21:48 GMT+0300", "Sun Jun 26 2022 25:21:48 GMT+0300",
        "Sun Jun 26 2022 12:21:48 EST", "Sun Jun 26 2022 12:21:48 GMT+"}) {
    EXPECT_FALSE(parse_event_time(wrong)) << wrong;
  }
}

TEST(WebhookEvent, RefusesWhatIsNoEvent) {
  WebhookReader reader;
  for (const char* body : {"", "{}", "[]", "null", "{\"event\":", "{\"event\":7,\"data\":{}}",
                           "{\"event\":\"\"}", "\xff", "{\"data\":{\"id\":1}}"}) {
    const auto event = reader.read(body);
    ASSERT_FALSE(event.ok()) << body;
    EXPECT_EQ(event.error().kind(), ErrorKind::kBadResponse);
  }
}

TEST(WebhookEvent, UnknownEventsAreReadToo) {
  WebhookReader reader;
  const auto event = read(reader, envelope("order.teleported", R"({"id":7})"));
  EXPECT_EQ(event.rule, nullptr);
  EXPECT_EQ(judge_event(event, at("2022-06-26T09:21:50Z")).action, WebhookAction::kIgnore);
}

struct Shape {
  const char* event;
  const char* data;
  WebhookAction action;  // when it comes at once
  int64_t id;
};

TEST(WebhookEvent, EveryDocumentedShapeHasAVerdict) {
  const Shape shapes[] = {
      {"order.created", R"({"id":5,"status":{"slug":"x"},"amounts":{},"items":[]})",
       WebhookAction::kUseBody, 5},
      {"order.updated", R"({"id":5,"status":{"slug":"x"}})", WebhookAction::kRefetch, 5},
      {"order.status.updated", R"({"id":999,"status":"تم","order":{"id":5,"items":[]}})",
       WebhookAction::kRefetch, 5},
      {"order.status.updated", R"({"id":999,"status":"تم"})", WebhookAction::kReadList, 0},
      {"order.shipment.cancelled", R"({"id":5,"reference_id":41,"shipping_number":"S1"})",
       WebhookAction::kRefetch, 5},
      {"order.deleted", R"({"id":5,"status":{},"amounts":{},"items":[]})",
       WebhookAction::kTombstone, 5},
      {"product.price.updated", R"({"id":"6","sku":"A","price":{"amount":1,"currency":"SAR"}})",
       WebhookAction::kRefetch, 6},
      {"product.created", R"({"id":6,"name":"A","price":{},"status":"sale"})",
       WebhookAction::kUseBody, 6},
      {"product.deleted", R"({"id":6,"name":"A"})", WebhookAction::kTombstone, 6},
      {"customer.created",
       R"({"id":7,"first_name":"A","last_name":"B","mobile":5,"groups":[],"source":{"ip":"1"}})",
       WebhookAction::kUseBody, 7},
      {"customer.login", R"({"id":7})", WebhookAction::kIgnore, 0},
      {"abandoned.cart.status.changed", R"({"id":8,"status":"purchased"})", WebhookAction::kRefetch,
       8},
      {"abandoned.cart.purchased", R"({"id":8,"total":120.5,"subtotal":100,"items":[]})",
       WebhookAction::kUseBody, 8},
      {"brand.deleted", R"({"id":9,"name":"B","status":true})", WebhookAction::kTombstone, 9},
      {"shipping.company.updated", R"({"id":10})", WebhookAction::kReadList, 10},
      {"app.store.authorize", R"({"access_token":"a","refresh_token":"b"})",
       WebhookAction::kCredentials, 0},
  };
  WebhookReader reader;
  const auto soon = at("2022-06-26T09:21:50Z");
  for (const auto& shape : shapes) {
    const std::string body = envelope(shape.event, shape.data);
    const auto event = read(reader, body);
    const auto verdict = judge_event(event, soon);
    EXPECT_EQ(to_string(verdict.action), to_string(shape.action)) << shape.event << shape.data;
    EXPECT_EQ(event.entity_id.value_or(0), shape.id) << shape.event;
    EXPECT_EQ(event.merchant, 1305146709);
  }
}

// Whatever the event is called: a short customer or a flat line makes a body narrow.
TEST(WebhookEvent, ANarrowOrderIsUsedForItsPartsAndAskedFor) {
  const std::string head = R"({"id":5,"status":{"slug":"x"},"amounts":{"total":1},"customer":)";
  const std::string full = R"({"id":7,"first_name":"A","last_name":"B"})";
  const std::string line = R"({"id":1,"quantity":2,"currency":"SAR","amounts":{},"options":[]})";
  const std::pair<std::string, bool> bodies[] = {
      {head + full + R"(,"items":[)" + line + "]}", false},
      {head + R"(null,"items":[)" + line + "]}", false},
      {head + R"([],"items":[)" + line + "]}", false},
      {head + R"({"id":7,"full_name":"A B","last_name":"B"},"items":[)" + line + "]}", false},
      {head + R"({"id":7,"name":"A B","mobile":"+966"},"items":[)" + line + "]}", true},
      {head + R"({"id":7,"first_name":null,"name":"A"},"items":[)" + line + "]}", true},
      {head + full + R"(,"items":[)" + line + R"(,{"id":2,"product_id":9,"quantity":1}]})", true},
      {head + full + R"(,"items":[{"id":2,"currency":"SAR","product_id":9}]})", true},
      {head + full + R"(,"items":[{"id":2,"currency":null,"options":[]}]})", true},
      {head + full + R"(,"items":[7]})", true}};
  WebhookReader reader;
  for (const char* name : {"order.shipment.creating", "order.created", "order.updated"}) {
    for (const auto& [data, is_narrow] : bodies) {
      const std::string body = envelope(name, data);
      const auto verdict = judge_event(read(reader, body), at("2022-06-26T09:21:50Z"));
      EXPECT_EQ(to_string(verdict.action), is_narrow ? "use_parts" : "use_body") << name << data;
      EXPECT_EQ(verdict.as_of, at("2022-06-26T09:21:48Z") - kClockSkew);
      const auto late = judge_event(read(reader, body), at("2022-06-26T10:21:50Z"));
      EXPECT_EQ(to_string(late.action), "refetch") << "something newer may be known";
    }
  }
}

TEST(WebhookEvent, AnInvoiceComesWithAndWithoutItsEnvelope) {
  WebhookReader reader;
  const std::string invoice =
      R"({"id":31,"invoice_number":"7","order_id":5,"type":"Tax Invoice","date":"2022-06-26",)"
      R"("sub_total":{"amount":"100.00"},"total":{"amount":"115.00"},"items":[]})";
  const std::string wrapped = envelope("invoice.created", invoice);
  EXPECT_EQ(judge_event(read(reader, wrapped), at("2022-06-26T09:21:50Z")).action,
            WebhookAction::kUseBody);
  const auto bare = read(reader, invoice);
  EXPECT_EQ(bare.name, "invoice.created");
  EXPECT_FALSE(bare.has_envelope);
  EXPECT_EQ(bare.data, invoice);
  EXPECT_EQ(bare.merchant, 0);
  EXPECT_EQ(judge_event(bare, at("2022-06-26T09:21:50Z")).action, WebhookAction::kRefetch);
}

TEST(WebhookEvent, ABodyThatCameLateIsNotUsed) {
  WebhookReader reader;
  const std::string body =
      envelope("order.updated", R"({"id":5,"status":{},"amounts":{},"items":[]})");
  const auto event = read(reader, body);
  const auto written = at("2022-06-26T09:21:48Z");
  const auto used = judge_event(event, written + 10s);
  EXPECT_EQ(used.action, WebhookAction::kUseBody);
  // Never as new as an answer that the store gave when the event was written, nor newer.
  EXPECT_LT(used.as_of, written);
  EXPECT_LT(judge_event(event, written - 2s).as_of, written - 2s);
  EXPECT_EQ(judge_event(event, written + 31s).action, WebhookAction::kRefetch);
  EXPECT_EQ(judge_event(event, written + 15min).action, WebhookAction::kRefetch);
  EXPECT_EQ(judge_event(event, written - 6s).action, WebhookAction::kRefetch);
  const std::string undated =
      envelope("order.updated", R"({"id":5,"status":{},"amounts":{},"items":[]})", "some time");
  EXPECT_EQ(judge_event(read(reader, undated), written).action, WebhookAction::kRefetch);
}

std::string kept(const std::string& body) {
  WebhookReader reader;
  const auto event = read(reader, body);
  return reader.redacted(event).value_or(body);
}

TEST(WebhookEvent, SecretsAreNotKept) {
  const auto tokens = kept(envelope(
      "app.store.authorize",
      R"({"access_token":"AAA","expires":1,"refresh_token":"BBB","scope":"orders.read"})"));
  EXPECT_EQ(tokens.find("AAA"), std::string::npos) << tokens;
  EXPECT_EQ(tokens.find("BBB"), std::string::npos) << tokens;
  EXPECT_NE(tokens.find("orders.read"), std::string::npos);
  EXPECT_TRUE(Json::parse(tokens).ok()) << tokens;
  const auto password = kept(envelope("customer.otp.request", R"({"code":"4711","to":"+966"})"));
  EXPECT_EQ(password.find("4711"), std::string::npos) << password;
  EXPECT_TRUE(Json::parse(password).ok());
  const auto message = kept(envelope("communication.sms.send", R"({"content":"code 4711"})"));
  EXPECT_EQ(message.find("4711"), std::string::npos) << message;
  const auto codes = kept(envelope(
      "order.created",
      R"({"id":5,"items":[{"codes":[{"code":"GAME-1"}],"files":[]},{"files":[{"url":"u1"}]}]})"));
  EXPECT_EQ(codes.find("GAME-1"), std::string::npos) << codes;
  EXPECT_EQ(codes.find("u1"), std::string::npos) << codes;
  const auto gaps = kept(envelope(
      "order.created",
      R"({"id":5,"items":{"0":{"codes":{"1":{"code":"GAME-3"}}},"2":{"files":[{"url":"u2"}]}}})"));
  EXPECT_EQ(gaps.find("GAME-3"), std::string::npos) << gaps;
  EXPECT_EQ(gaps.find("u2"), std::string::npos) << gaps;
  const auto nested = kept(envelope("order.status.updated",
                                    R"({"id":1,"order":{"id":5,"items":[{"codes":["GAME-2"]}]}})"));
  EXPECT_EQ(nested.find("GAME-2"), std::string::npos) << nested;
}

TEST(WebhookEvent, MembersThatAreThereTwiceAreCutTwice) {
  for (
      const char* body :
      {R"({"event":"customer.otp.request","data":{"code":"4711"},"merchant":1,"data":{"code":"4711"}})",
       R"({"data":{"code":"4711"},"event":"customer.otp.request","data":null})",
       R"({"event":"customer.otp.request","d\u0061ta":{"code":"4711"},"pickup_branch":{"id":4711}})",
       R"({"event":"customer.otp.request","event":"customer.login","data":{"code":"4711"}})",
       R"({"event":"app.store.authorize","data":{"secret":"4711","secret":"4711"},"data":{"secret":"4711"}})",
       R"({"event":"app.installed","data":{"acc\u0065ss_token":"4711"}})",
       R"({"event":"order.created","data":{"items":[{"codes":["4711"],"codes":["4711"]}]},)"
       R"("data":{"items":[{"codes":["4711"]}],"items":[{"files":["4711"]}]}})"}) {
    const auto left = kept(body);
    EXPECT_EQ(left.find("4711"), std::string::npos) << left;
    EXPECT_TRUE(Json::parse(left).ok()) << left;
    WebhookReader reader;
    EXPECT_EQ(read(reader, left).name, read(reader, body).name);
  }
}

TEST(WebhookEvent, WhatHasNoSecretsIsKeptAsItIs) {
  WebhookReader reader;
  const std::string body =
      envelope("order.created", R"({"id":5,"items":[{"codes":[],"files":{}}]})");
  EXPECT_FALSE(reader.redacted(read(reader, body)));
  const std::string coupons = envelope("coupon.created", R"({"id":5,"codes":["A"]})");
  EXPECT_TRUE(reader.redacted(read(reader, coupons)));
}

TEST(WebhookEvent, DeepNestingIsCutAndNotFollowed) {
  const std::string deep = envelope(
      "order.created", std::string(5000, '[') + R"("access_token")" + std::string(5000, ']'));
  WebhookReader reader;
  const auto event = read(reader, deep);
  EXPECT_TRUE(Json::parse(reader.redacted(event).value_or("")).ok());
}

// What decode makes of a body that is used.
decode::DecodedBatches rows_of(const std::string& stream, const std::string& body) {
  const auto& tables = catalogue();
  const auto spec = std::find_if(tables.begin(), tables.end(),
                                 [&](const auto& table) { return table.stream == stream; });
  EXPECT_NE(spec, tables.end()) << stream;
  decode::PageDecoder decoder(*spec, StoreId(1305146709), PackageId("P"));
  auto batches = decoder.make_batches();
  decode::SourcePage page;
  page.shape = "full";
  page.source = "webhook";
  auto held = std::make_shared<std::string>(body);
  page.body = *held;
  page.owner = held;
  decoder.decode(page, batches);
  return batches;
}

TEST(WebhookEvent, TheOfficialOrderBecomesRows) {
  FALAJ_REQUIRE_TEST_DATA();
  const auto body =
      test::read_text_file(test::test_data_dir() / "salla-payloads" / "webhook-order-created.json");
  WebhookReader reader;
  const auto event = read(reader, body);
  EXPECT_EQ(event.name, "order.created");
  EXPECT_EQ(event.merchant, 1305146709);
  EXPECT_EQ(event.entity_id, 2116149737);
  EXPECT_EQ(judge_event(event, *event.created_at + 1s).action, WebhookAction::kUseBody);
  const auto batches = rows_of("orders", body);
  EXPECT_TRUE(batches.rejections.empty());
  EXPECT_EQ(batches.tables[0].rows.row_count(), 1U);
  size_t lines = 0;
  for (const auto& table : batches.tables) {
    if (table.table == "bronze_order_items") lines = table.rows.row_count();
  }
  EXPECT_GT(lines, 0U);
}

TEST(WebhookEvent, UsedBodiesOfOtherStreamsBecomeRows) {
  const std::pair<const char*, const char*> bodies[] = {
      {"products", R"({"id":6,"name":"A","price":{"amount":10.5,"currency":"SAR"},"status":"sale",)"
                   R"("quantity":"50","sale_price":{},"brand":null,"categories":[]})"},
      {"customers", R"({"id":7,"first_name":"A","last_name":"B","mobile":555,"mobile_code":"+966",)"
                    R"("groups":[],"source":{"device":"x","user-agent":"y","ip":"1.2.3.4"}})"},
      {"abandoned_carts", R"({"id":8,"total":120.5,"subtotal":100,"total_discount":0,"items":[]})"},
      {"invoices", R"({"id":31,"order_id":5,"type":"فاتورة","date":"2022-06-26","items":[],)"
                   R"("sub_total":{"amount":"100.00","currency":"SAR"},)"
                   R"("total":{"amount":115,"currency":"SAR"}})"},
      {"brands", R"({"id":9,"name":"B","status":true})"},
      {"branches", R"({"id":11,"name":"B","status":"active"})"}};
  for (const auto& [stream, data] : bodies) {
    const auto& tables = catalogue();
    const bool is_read = std::any_of(tables.begin(), tables.end(),
                                     [name = stream](const auto& t) { return t.stream == name; });
    if (!is_read) continue;
    const auto batches = rows_of(stream, envelope("x", data));
    EXPECT_TRUE(batches.rejections.empty())
        << stream << ": " << (batches.rejections.empty() ? "" : batches.rejections[0].message);
    EXPECT_EQ(batches.tables[0].rows.row_count(), 1U) << stream;
  }
}

}  // namespace
}  // namespace falaj::connectors::salla
