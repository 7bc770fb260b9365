// One answer of the API as it was received, with the request that it answers.
// Shape:    a package holds the pages of one stream of one store and one run, in order of arrival.
// Units:    fetched_at UTC in microseconds.
// Owns:     the body is shared and immutable: landing writes it, load decodes the same bytes.
// Threads:  values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"

namespace falaj::landing {

// Shared immutable bytes: a whole string, or a part of a decompressed frame.
class PageBody {
 public:
  PageBody() = default;
  explicit PageBody(std::string text) {
    auto owned = std::make_shared<const std::string>(std::move(text));
    text_ = *owned;
    owner_ = std::move(owned);
  }
  explicit PageBody(const std::shared_ptr<const std::string>& text) : text_(*text), owner_(text) {}
  PageBody(std::string_view text, std::shared_ptr<const void> owner)
      : text_(text), owner_(std::move(owner)) {}

  std::string_view view() const { return text_; }
  size_t size() const { return text_.size(); }
  bool empty() const { return text_.empty(); }
  // What keeps view() valid: a row batch pins it.
  const std::shared_ptr<const void>& owner() const { return owner_; }

 private:
  std::string_view text_;
  std::shared_ptr<const void> owner_;
};

// The source of a page that is no answer of the API's form: kept for quarantine, no answer to anybody.
inline constexpr const char* kUnreadable = "unreadable";

struct PageRecord {
  std::string stream;     // "orders", "order_items", ...
  std::string shape;      // "summary", "details", "full", "items", ...
  std::string source;     // "list", "detail", "sweep", "import", kUnreadable, ...
  std::string request;    // "/orders?page=1&per_page=60&...": as sent, without the host
  int64_t parent_id = 0;  // the order of an order_items page; 0 = none
  int http_status = 200;
  UtcTime fetched_at{};
  PageBody body;
};

}  // namespace falaj::landing
