#include "simulator/php_answer.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "decode/json_text.hpp"

namespace falaj::simulator {
namespace {

using decode::JsonText;
using decode::Token;

constexpr std::array kInside = {Quirk::kGapArrays, Quirk::kGapLists, Quirk::kEmptyListsForObjects,
                                Quirk::kEmptyObjectsForLists, Quirk::kIdsAsText};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kNotice =
    "<br />\n<b>Notice</b>:  Undefined index: currency in "
    "<b>/var/www/html/app/Http/Resources/OrderResource.php</b> on line <b>214</b><br />\n";

// Members that are objects on rows that have them.
constexpr std::array<std::string_view, 13> kObjects = {
    "customer", "brand",          "bank",       "coupon",     "pickup_branch",
    "product",  "shipping_route", "created_by", "sale_price", "starting_price",
    "label",    "birthday",       "parent"};

bool is_id(std::string_view key) {
  return key == "id" || key == "ids" || key.ends_with("_id") || key.ends_with("_ids") ||
         key == "groups";
}

class Rewriter {
 public:
  Rewriter(const JsonText& json, const Quirks& quirks, std::string& out)
      : json_(json), quirks_(quirks), out_(out) {}

  // `depth` is 0 for the envelope, 1 for its members.
  void write(Token value, std::string_view key, int depth) {
    switch (json_.kind(value)) {
      case '{': return write_object(value, depth);
      case '[': return write_list(value, key, depth);
      case 'n':
        out_ += quirks_[Quirk::kEmptyListsForObjects] && is_object(key) ? "[]" : "null";
        return;
      default: return write_scalar(value, key);
    }
  }

 private:
  static bool is_object(std::string_view key) {
    return std::find(kObjects.begin(), kObjects.end(), key) != kObjects.end();
  }

  void write_object(Token object, int depth) {
    if (json_.is_empty_container(object)) {
      out_ += quirks_[Quirk::kEmptyListsForObjects] ? "[]" : "{}";
      return;
    }
    out_ += '{';
    bool is_first = true;
    json_.each_member(object, [&](std::string_view key, Token value) {
      out_.append(is_first ? "\"" : ",\"").append(key).append("\":");
      is_first = false;
      write(value, key, depth + 1);
    });
    out_ += '}';
  }

  void write_list(Token list, std::string_view key, int depth) {
    const bool is_whole_list = depth == 1;
    if (json_.is_empty_container(list)) {
      out_ += quirks_[Quirk::kEmptyObjectsForLists] && !is_whole_list ? "{}" : "[]";
      return;
    }
    const bool has_gaps = quirks_[is_whole_list ? Quirk::kGapLists : Quirk::kGapArrays];
    out_ += has_gaps ? '{' : '[';
    size_t at = 0;
    json_.each_element(list, [&](Token element) {
      if (at > 0) out_ += ',';
      // Every second one was filtered out before the answer was written.
      if (has_gaps) out_.append("\"").append(std::to_string(2 * at + 1)).append("\":");
      ++at;
      write(element, key, depth + 1);
    });
    out_ += has_gaps ? '}' : ']';
  }

  void write_scalar(Token value, std::string_view key) {
    const char first = json_.kind(value);
    const bool is_number = first == '-' || (first >= '0' && first <= '9');
    if (is_number && quirks_[Quirk::kIdsAsText] && is_id(key)) {
      out_.append("\"").append(json_.raw(value)).append("\"");
    } else {
      out_.append(json_.raw(value));
    }
  }

  const JsonText& json_;
  const Quirks& quirks_;
  std::string& out_;
};

}  // namespace

bool has_php_quirks(const Quirks& quirks) {
  return quirks[Quirk::kJsonBom] || quirks[Quirk::kPhpNotices] ||
         std::any_of(kInside.begin(), kInside.end(), [&](Quirk quirk) { return quirks[quirk]; });
}

void make_php_answer(std::string& body, const Quirks& quirks) {
  const bool is_rewritten =
      std::any_of(kInside.begin(), kInside.end(), [&](Quirk quirk) { return quirks[quirk]; });
  JsonText json;
  if (is_rewritten && !json.index(body)) {
    std::string out;
    out.reserve(body.size() + body.size() / 8);
    Rewriter(json, quirks, out).write(json.root(), "", 0);
    body = std::move(out);
  }
  if (quirks[Quirk::kPhpNotices]) body.insert(0, kNotice);
  if (quirks[Quirk::kJsonBom]) body.insert(0, kByteOrderMark);
}

}  // namespace falaj::simulator
