// A text that must not be seen: a token, a password, a key. It cannot be printed, compared with
// << or formatted; expose() is the one word to search for in a review.
#pragma once

#include <string>
#include <utility>

namespace falaj {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  bool empty() const { return text_.empty(); }
  const std::string& expose() const { return text_; }
  // What may be shown: "(not set)" or "***".
  std::string masked() const { return text_.empty() ? "(not set)" : "***"; }

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string text_;
};

}  // namespace falaj
