// A statement with some of its tokens replaced, that still knows where each byte came from: an
// engine's complaint about the new text can be shown in the old one.
// Shape:    edits do not overlap; those at one place are applied in the order given.
// Threads:  functions and values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace falaj::sql {

struct Edit {
  size_t at = 0;      // of the old text
  size_t length = 0;  // of the old text; 0 inserts
  std::string text;
  size_t origin = 0;  // where a complaint about the new bytes belongs
};

class Rewritten {
 public:
  Rewritten() = default;
  Rewritten(std::string_view sql, std::vector<Edit> edits);
  // Another text altogether, all of it from `origin`.
  static Rewritten replaced(std::string text, size_t origin = 0);

  const std::string& text() const { return text_; }
  // The place in the old text of a place in the new one.
  size_t origin(size_t at) const;

 private:
  struct Part {
    size_t at = 0;  // in the new text
    size_t origin = 0;
    bool is_copy = false;  // byte for byte
  };
  std::string text_;
  std::vector<Part> parts_;
};

}  // namespace falaj::sql
