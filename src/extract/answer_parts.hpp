// An answer that was asked for as one and announces more than it has: its pages, until the list ends.
// Shape:    says what to ask for next; at the end all rows are one answer. A list ends where the announced
//           number of rows is there, where no page follows, or with a page that brings nothing new.
// Threads:  confined to one.
// Facts:    salla-api.md 2.1 (four shapes of pagination; links are never followed themselves)
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "decode/joined_lists.hpp"
#include "decode/page_index.hpp"

namespace falaj::extract {

class AnswerParts {
 public:
  // `request`: what the whole was asked for with.
  explicit AnswerParts(std::string request) : request_(std::move(request)) {}

  // The answer to `request`, then those to what this returned; nothing: the list has ended.
  std::optional<std::string> take(std::string_view body, const decode::Announced& announced);
  // The rows as one answer, which announces those that are missing too.
  std::string joined() const;
  int64_t rows() const { return rows_.rows(); }
  int64_t total() const { return total_; }  // as the pages have it; -1: they do not say
  // Rows that the list announces and did not give, at least; 0 when it was read to its end.
  int64_t missing() const;

 private:
  std::string request_;
  decode::JoinedLists rows_;
  int64_t parts_ = 0;
  int64_t total_ = -1;    // the largest that a page has told
  bool is_open_ = false;  // the last page that came said that another one follows
  std::set<std::string> cursors_;
};

// A request with another page or cursor: the parameter is replaced, or added.
std::string with_parameter(const std::string& request, std::string_view name,
                           std::string_view value);
// A cursor is a text of its own or part of a URL, which is never followed itself: it may have lost
// its scheme's "s" and its filters (salla-api.md 2.1).
std::string cursor_in(const std::string& next);

}  // namespace falaj::extract
