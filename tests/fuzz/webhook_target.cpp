#include "fuzz/webhook_target.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

#include "base/check.hpp"
#include "base/json.hpp"
#include "connectors/salla/catalogue.hpp"
#include "connectors/salla/webhook_event.hpp"
#include "decode/page_decoder.hpp"
#include "webhooks/inbox_segment.hpp"
#include "webhooks/signature.hpp"

namespace falaj::fuzz {
namespace {

using connectors::salla::WebhookAction;
using connectors::salla::WebhookEvent;

// The bytes as a header are refused, whatever they are: nobody guesses a signature.
void fuzz_signature(std::string_view bytes) {
  webhooks::Secrets secrets;
  secrets.general.emplace_back("a secret that no input knows");
  for (const auto strategy : {webhooks::Strategy::kSignature, webhooks::Strategy::kToken}) {
    const auto check = webhooks::SignatureCheck::create(strategy, secrets);
    FALAJ_CHECK(check.ok(), "a secret is there");
    http_server::Request request;
    request.body = bytes;
    request.headers = {{"X-Salla-Signature", std::string(bytes)},
                       {"Authorization", std::string(bytes)}};
    FALAJ_CHECK(!check->is_genuine(request, std::nullopt), "a forged event was taken");
  }
  static_cast<void>(webhooks::parse_store_secrets(std::string(bytes)));
}

void fuzz_rows(const WebhookEvent& event, std::string_view body) {
  const auto& tables = connectors::salla::catalogue();
  const auto spec = std::find_if(tables.begin(), tables.end(), [&](const auto& table) {
    return event.rule != nullptr && table.stream == event.rule->stream;
  });
  if (spec == tables.end()) return;
  decode::PageDecoder decoder(*spec, StoreId(1), PackageId("P"));
  auto batches = decoder.make_batches();
  auto held = std::make_shared<std::string>(body);
  decode::SourcePage page;
  page.shape = "full";
  page.source = "webhook";
  page.body = *held;
  page.owner = held;
  decoder.decode(page, batches);
  for (const auto& table : batches.tables) {
    FALAJ_CHECK(table.fetched == static_cast<int64_t>(table.rows.row_count()) + table.rejected,
                "the books of {} do not balance", table.table);
  }
}

void fuzz_event(std::string_view bytes) {
  static connectors::salla::WebhookReader reader;
  const auto event = reader.read(bytes);
  if (!event.ok()) return;
  const auto kept = reader.redacted(*event);
  const UtcTime received(Micros(1'656'235'310'000'000));
  const auto verdict = judge_event(*event, received);
  FALAJ_CHECK(verdict.action != WebhookAction::kUseBody || verdict.as_of < received,
              "a body counts as newer than its arrival");
  fuzz_rows(*event, bytes);
  if (!kept) return;
  const auto again = reader.read(*kept);
  FALAJ_CHECK(again.ok(), "what is kept cannot be read: {}", again.error().to_text());
  FALAJ_CHECK(again->name == event->name && again->merchant == event->merchant,
              "what is kept is another event");
}

void fuzz_segment(std::string_view bytes) {
  std::string text;
  webhooks::append_record(text, {7, UtcTime(), sha256(bytes), bytes});
  const auto whole = text.size();
  text.append(bytes);
  const auto content = webhooks::read_segment(text);
  FALAJ_CHECK(!content.records.empty() && content.records[0].body == bytes, "a record was lost");
  FALAJ_CHECK(content.whole_bytes >= whole, "a record was cut");
  static_cast<void>(webhooks::read_segment(bytes));
}

}  // namespace

void fuzz_webhook(std::string_view bytes) {
  fuzz_signature(bytes);
  fuzz_event(bytes);
  fuzz_segment(bytes);
}

std::vector<std::string> webhook_seeds() {
  constexpr const char* kDates[] = {"Sun Jun 26 2022 12:21:48 GMT+0300", "2022-06-26 12:21:48",
                                    "2022-06-26T12:21:48+03:00"};
  constexpr const char* kData[] = {
      R"({"id":5,"reference_id":41,"date":{"date":"2022-06-26 12:21:45.000000","timezone_type":3,)"
      R"("timezone":"Asia/Riyadh"},"status":{"id":1,"name":"تم","slug":"completed"},"currency":"SAR",)"
      R"("amounts":{"sub_total":{"amount":186,"currency":"SAR"},"discounts":[{"discount":"5.00"}],)"
      R"("total":{"amount":196.5,"currency":"SAR"}},"items":[{"id":9,"quantity":2,"sku":"A",)"
      R"("amounts":{"total":{"amount":1}},"codes":[{"code":"X"}],"files":[],"product":null}]})",
      R"({"id":999,"status":"تم","order":{"id":5,"items":[{"product_id":3}]}})",
      R"({"id":5,"reference_id":41,"shipping_number":"S1"})",
      R"({"id":"6","name":"A","price":{"amount":1,"currency":"SAR"},"status":"sale","brand":{}})",
      R"({"id":7,"first_name":"A","last_name":"B","mobile":5,"groups":[],"source":{"ip":"1"}})",
      R"({"id":8,"status":"purchased","total":120.5,"subtotal":100,"items":[]})",
      R"({"access_token":"a","refresh_token":"b","expires":1,"scope":"orders.read"})",
      R"({"code":"4711"})",
      "[]",
      "null"};
  std::vector<std::string> seeds = {
      R"({"id":31,"invoice_number":"7","order_id":5,"sub_total":{"amount":"1.00"},"total":1})",
      "{}", ""};
  size_t at = 0;
  for (const auto& rule : connectors::salla::webhook_rules()) {
    for (const char* data : {kData[at % std::size(kData)], kData[(at + 3) % std::size(kData)]}) {
      seeds.push_back(std::string(R"({"event":")") + std::string(rule.event) +
                      R"(","merchant":1305146709,"created_at":")" + kDates[at % 3] +
                      R"(","data":)" + data + R"(,"pickup_branch":{"id":1}})");
    }
    ++at;
  }
  return seeds;
}

}  // namespace falaj::fuzz
