// The webhook target as a libFuzzer program.
#include <fmt/format.h>

#include "base/hmac.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"
#include "connectors/salla/webhook_event.hpp"
#include "connectors/salla/webhook_rules.hpp"
#include "fuzz/entity_seeds.hpp"
#include "fuzz/fuzz_target.hpp"
#include "fuzz/webhook_target.hpp"
#include "webhooks/signature.hpp"

namespace falaj::fuzz {
namespace {

void check_what_is_kept(std::string_view bytes) {
  const ExactBytes body(bytes);
  connectors::salla::WebhookReader reader;
  const auto event = reader.read(body.view());
  if (!event.ok()) return;
  const auto kept = reader.redacted(*event);
  if (!kept) return;
  const auto same = reader.read(*kept);
  expect(same.ok(), "what is kept is an event");
  const auto more = reader.redacted(*same);
  expect(!more || *more == *kept, "nothing secret is left");
}

void check_signed(std::string_view bytes) {
  webhooks::Secrets secrets;
  secrets.general.emplace_back("s3cret");
  const auto check = webhooks::SignatureCheck::create(webhooks::Strategy::kSignature, secrets);
  http_server::Request request;
  request.body = std::string(bytes);
  request.headers = {{"X-Salla-Signature", to_hex(hmac_sha256("s3cret", bytes))}};
  expect(check->is_genuine(request, std::nullopt), "the right signature is genuine");
}

}  // namespace

void fuzz_one(std::string_view bytes) {
  fuzz_webhook(bytes);
  check_what_is_kept(bytes);
  check_signed(bytes);
}

// Besides, whole entities as the body of an event of their kind.
std::vector<std::string> seeds() {
  auto all = webhook_seeds();
  for (const auto& answer : entity_seeds()) {
    const auto json = Json::parse(answer);
    if (!json.ok()) continue;
    const auto& data = (*json)["data"];
    const auto& entity = data.as_array().empty() ? data : data.as_array()[0];
    for (const auto& rule : connectors::salla::webhook_rules()) {
      if (rule.stream != (*json)["stream"].as_string() || !entity.is_object()) continue;
      all.push_back(fmt::format(
          R"({{"event":"{}","merchant":1305146709,"created_at":"2022-06-26 12:21:48","data":{}}})",
          rule.event, entity.dump()));
      break;
    }
  }
  return all;
}

}  // namespace falaj::fuzz
