#include "extract/answer_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace falaj::extract {
namespace {

// A list that never ends is cut here, and is then not complete.
constexpr int64_t kPartsMax = 10'000;

}  // namespace

std::optional<std::string> AnswerParts::take(std::string_view body,
                                             const decode::Announced& announced) {
  ++parts_;
  const auto added = rows_.add(body);
  total_ = std::max(total_, announced.total);
  const auto cursor = cursor_in(announced.next_cursor);
  const bool has_more =
      !cursor.empty() || announced.has_next || rows_.rows() < total_ || parts_ < announced.pages;
  // What still promises more and brings nothing new has no end; where the number of rows is told and
  // reached, none is needed.
  is_open_ = has_more && total_ < 0;
  const bool is_new = added > 0 && (cursor.empty() || cursors_.insert(cursor).second);
  if (!has_more || !is_new || parts_ >= kPartsMax) return std::nullopt;
  if (!cursor.empty()) return with_parameter(request_, "cursor", cursor);
  return with_parameter(request_, "page", std::to_string(parts_ + 1));
}

int64_t AnswerParts::missing() const {
  return std::max<int64_t>(total_ - rows_.rows(), is_open_ ? 1 : 0);
}

std::string AnswerParts::joined() const {
  return rows_.joined(rows_.rows() + missing());
}

std::string with_parameter(const std::string& request, std::string_view name,
                           std::string_view value) {
  const auto query = request.find('?');
  if (query == std::string::npos) return fmt::format("{}?{}={}", request, name, value);
  const auto wanted = fmt::format("{}=", name);
  for (auto at = query; at != std::string::npos; at = request.find('&', at + 1)) {
    if (request.compare(at + 1, wanted.size(), wanted) != 0) continue;
    const auto end = std::min(request.find('&', at + 1), request.size());
    return request.substr(0, at + 1 + wanted.size()) + std::string(value) + request.substr(end);
  }
  return fmt::format("{}&{}={}", request, name, value);
}

std::string cursor_in(const std::string& next) {
  const std::string name = "cursor=";
  const auto query = next.find('?');
  if (query == std::string::npos) return next;
  const auto at = next.find(name, query);
  if (at == std::string::npos) return "";
  const auto begin = at + name.size();
  return next.substr(begin, next.find('&', begin) - begin);
}

}  // namespace falaj::extract
