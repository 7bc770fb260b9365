#include "connectors/salla/webhook_event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "decode/date_text.hpp"

namespace falaj::connectors::salla {
namespace {

using decode::JsonText;
using decode::Token;

constexpr size_t kNameBytesMax = 100;

// The words of a text, split at spaces.
template <typename Visit>
void each_word(std::string_view text, Visit&& visit) {
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (!word.empty()) visit(word);
  }
}

std::string text_of(const JsonText& json, Token value) {
  std::string text;
  if (json.kind(value) == '"') decode::append_unescaped(text, json.raw_string(value));
  return text;
}

// A whole number, also as a text.
std::optional<int64_t> int_of(const JsonText& json, Token value) {
  const auto text = json.kind(value) == '"' ? json.raw_string(value) : json.raw(value);
  int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

// "order.id" below an object.
std::optional<Token> at_path(const JsonText& json, Token object, std::string_view path) {
  std::optional<Token> value = object;
  while (value && !path.empty()) {
    const auto name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(name.size() + 1, path.size()));
    value = json.kind(*value) == '{' ? json.member(*value, name) : std::nullopt;
  }
  return value;
}

bool has_all(const JsonText& json, Token object, std::string_view names) {
  bool all = json.kind(object) == '{' && !names.empty();
  each_word(names, [&](std::string_view name) {
    if (!all) return;
    const auto value = json.member(object, name);
    all = value && json.raw(*value) != "null";
  });
  return all;
}

bool looks_like_invoice(const JsonText& json, Token root) {
  return has_all(json, root, "id order_id total") &&
         (json.member(root, "invoice_number") || json.member(root, "sub_total") ||
          json.member(root, "subtotal"));
}

bool has(const JsonText& json, Token object, std::string_view name) {
  const auto value = json.member(object, name);
  return value && json.raw(*value) != "null";
}

// {id, name, mobile, email, avatar, country, city}; the full form has the names apart.
bool is_short_customer(const JsonText& json, Token customer) {
  return json.kind(customer) == '{' && !json.is_empty_container(customer) &&
         !has(json, customer, "first_name") && !has(json, customer, "last_name");
}

// A flat line has neither currency nor options (none is an empty array), and its product's id only.
bool is_flat_line(const JsonText& json, Token line) {
  return json.kind(line) != '{' || !has(json, line, "currency") || !json.member(line, "options");
}

bool is_narrow_order(const JsonText& json, Token order) {
  const auto customer = json.member(order, "customer");
  bool is_narrow = customer && is_short_customer(json, *customer);
  const auto lines = json.member(order, "items");
  if (!lines || json.kind(*lines) != '[') return is_narrow;
  json.each_element(*lines, [&](Token line) { is_narrow = is_narrow || is_flat_line(json, line); });
  return is_narrow;
}

struct Cut {
  size_t from;
  size_t to;
  std::string_view instead;
};

// What a delivery says about itself.
bool is_envelope_name(std::string_view key) {
  return key == "event" || key == "merchant" || key == "created_at";
}

// Whose values are secrets wherever they stand. Escapes in `key` are not resolved.
bool is_secret_name(std::string_view key) {
  std::string plain;
  if (key.find('\\') != std::string_view::npos) {
    decode::append_unescaped(plain, key);
    key = plain;
  }
  constexpr std::array<std::string_view, 8> kNames = {
      "access_token", "refresh_token", "client_secret", "secret",
      "password",     "otp",           "otp_code",      "api_key"};
  return std::find(kNames.begin(), kNames.end(), key) != kNames.end();
}

class SecretFinder {
 public:
  explicit SecretFinder(const JsonText& json) : json_(json) {}

  // `is_line`: an element of an array called items, or data itself, where codes and files are sold
  // goods.
  void look(Token value, bool is_line, int depth) {
    constexpr int kDepthMax = 64;
    if (depth > kDepthMax) return cut(value, "\"***\"");
    if (json_.is_list(value)) {
      json_.each_item(value, [&](Token element) { look(element, is_line, depth + 1); });
    } else if (json_.kind(value) == '{') {
      json_.each_member(value, [&](std::string_view key, Token member) {
        const char kind = json_.kind(member);
        const bool is_container = kind == '{' || kind == '[';
        if (is_secret_name(key) && json_.raw(member) != "null") {
          cut(member, "\"***\"");
        } else if (is_line && (key == "codes" || key == "files") && is_container) {
          if (!json_.is_empty_container(member)) cut(member, "[]");
        } else if (is_container) {
          look(member, key == "items" || key == "data", depth + 1);
        }
      });
    }
  }

  // Of an event whose data may be a secret nothing but the envelope stays, however many members
  // there are and whatever they are called.
  void keep_envelope(Token root) {
    json_.each_member(root, [&](std::string_view key, Token member) {
      if (!is_envelope_name(key) && json_.raw(member) != "null") cut(member, "null");
    });
  }

  std::vector<Cut> cuts;

 private:
  void cut(Token value, std::string_view instead) {
    const auto raw = json_.raw(value);
    const auto from = static_cast<size_t>(raw.data() - json_.text().data());
    cuts.push_back({from, from + raw.size(), instead});
  }

  const JsonText& json_;
};

}  // namespace

std::optional<UtcTime> parse_event_time(std::string_view text) {
  decode::DateText date;
  if (decode::parse_date(text, date) != decode::DateParse::kOk) return std::nullopt;
  return UtcTime(Micros(decode::utc_micros(date, "")));
}

Result<WebhookEvent> WebhookReader::read(std::string_view body) {
  if (auto problem = json_.index(body)) {
    return Error(ErrorKind::kBadResponse, problem->to_text(body));
  }
  const Token root = json_.root();
  if (json_.kind(root) != '{') {
    return Error(ErrorKind::kBadResponse, "not a JSON object; it begins: " + excerpt(body, 80));
  }
  WebhookEvent event;
  std::optional<Token> data = json_.member(root, "data");
  const auto name = json_.member(root, "event");
  if (name && json_.kind(*name) == '"') event.name = text_of(json_, *name);
  if (const auto merchant = json_.member(root, "merchant")) {
    event.merchant = int_of(json_, *merchant).value_or(0);
  }
  if (const auto created = json_.member(root, "created_at")) {
    const auto date = json_.kind(*created) == '{' ? json_.member(*created, "date") : created;
    if (date) event.created_at_text = text_of(json_, *date);
    event.created_at = parse_event_time(event.created_at_text);
  }
  if (event.name.empty() && looks_like_invoice(json_, root)) {
    event.name = "invoice.created";
    event.has_envelope = false;
    data = root;
  }
  if (event.name.empty() || event.name.size() > kNameBytesMax) {
    return Error(ErrorKind::kBadResponse, "no event is named; it begins: " + excerpt(body, 80));
  }
  event.rule = find_webhook_rule(event.name);
  if (!data) return event;
  event.data = json_.raw(*data);
  if (event.rule == nullptr) return event;
  each_word(event.rule->id_paths, [&](std::string_view path) {
    if (event.entity_id) return;
    if (const auto id = at_path(json_, *data, path)) event.entity_id = int_of(json_, *id);
  });
  event.is_whole = event.entity_id && has_all(json_, *data, event.rule->needs);
  if (const auto status = at_path(json_, *data, "status")) event.status = text_of(json_, *status);
  event.is_narrow =
      event.is_whole && event.rule->stream == "orders" && is_narrow_order(json_, *data);
  return event;
}

// A body may name its event more than once: one name whose data are private is enough.
bool WebhookReader::keeps_envelope_only() const {
  bool is_private = false;
  json_.each_member(json_.root(), [&](std::string_view key, Token value) {
    if (key != "event") return;
    const auto* rule = find_webhook_rule(text_of(json_, value));
    is_private = is_private || (rule != nullptr && rule->drops_data);
  });
  return is_private;
}

std::optional<std::string> WebhookReader::redacted(const WebhookEvent& event) const {
  const auto body = json_.text();
  SecretFinder finder(json_);
  if (keeps_envelope_only()) {
    finder.keep_envelope(json_.root());
  } else {
    finder.look(json_.root(), !event.has_envelope, 0);
  }
  const auto& cuts = finder.cuts;
  if (cuts.empty()) return std::nullopt;
  std::string kept;
  size_t from = 0;
  for (const auto& cut : cuts) {
    kept.append(body.substr(from, cut.from - from)).append(cut.instead);
    from = cut.to;
  }
  return kept.append(body.substr(from));
}

WebhookVerdict judge_event(const WebhookEvent& event, UtcTime received_at) {
  if (event.rule == nullptr) return {WebhookAction::kIgnore, "an event that nobody has described"};
  const auto& rule = *event.rule;
  WebhookVerdict verdict{rule.action, std::string(rule.why), received_at};
  const bool is_about_one = rule.action == WebhookAction::kUseBody ||
                            rule.action == WebhookAction::kRefetch ||
                            rule.action == WebhookAction::kTombstone;
  if (!is_about_one) return verdict;
  if (!event.entity_id || *event.entity_id <= 0) {
    return {WebhookAction::kReadList, "the body has no id"};
  }
  if (rule.action != WebhookAction::kUseBody) return verdict;
  if (!event.is_whole) return {WebhookAction::kRefetch, "the body is not the whole entity"};
  if (!event.created_at) {
    // Without an envelope the body is all there is to go by; its list is read by each run as well.
    return {WebhookAction::kRefetch, "the body does not say when it was written"};
  }
  const auto delay = received_at - *event.created_at;
  if (delay > kPromptFor || delay < -kClockSkew) {
    return {WebhookAction::kRefetch, fmt::format("written {} s before it came: something newer may "
                                                 "be known",
                                                 delay.count() / 1'000'000)};
  }
  verdict.as_of = std::min(received_at, *event.created_at) - kClockSkew;
  if (event.is_narrow) {
    verdict.action = WebhookAction::kUseParts;
    verdict.reason = "a short customer or flat lines: what it has is used, the rest is asked for";
  }
  return verdict;
}

}  // namespace falaj::connectors::salla
