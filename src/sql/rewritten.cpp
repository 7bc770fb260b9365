#include "sql/rewritten.hpp"

#include <algorithm>

namespace falaj::sql {

Rewritten::Rewritten(std::string_view sql, std::vector<Edit> edits) {
  std::stable_sort(edits.begin(), edits.end(),
                   [](const Edit& a, const Edit& b) { return a.at < b.at; });
  size_t done = 0;
  const auto copy_to = [&](size_t end) {
    if (end <= done) return;
    parts_.push_back({text_.size(), done, true});
    text_ += sql.substr(done, end - done);
    done = end;
  };
  for (const auto& edit : edits) {
    copy_to(edit.at);
    if (!edit.text.empty()) {
      parts_.push_back({text_.size(), edit.origin, false});
      text_ += edit.text;
    }
    done = std::max(done, edit.at + edit.length);
  }
  copy_to(sql.size());
  // Also where the text ends: complaints about what is missing point there.
  parts_.push_back({text_.size(), sql.size(), false});
}

Rewritten Rewritten::replaced(std::string text, size_t origin) {
  Rewritten whole;
  whole.text_ = std::move(text);
  whole.parts_.push_back({0, origin, false});
  return whole;
}

size_t Rewritten::origin(size_t at) const {
  const auto after =
      std::upper_bound(parts_.begin(), parts_.end(), at,
                       [](size_t place, const Part& part) { return place < part.at; });
  if (after == parts_.begin()) return at;
  const auto& part = *std::prev(after);
  return part.is_copy ? part.origin + (at - part.at) : part.origin;
}

}  // namespace falaj::sql
