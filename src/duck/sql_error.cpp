#include "duck/sql_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace falaj::duck {
namespace {

constexpr size_t kSqlExcerptBytes = 300;
constexpr size_t kMessageBytes = 1200;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// "Binder Error: ..." -> "Binder"; empty if the text has no class.
std::string_view error_class(std::string_view message) {
  const auto end = message.find(" Error:");
  if (end > 24) return {};  // npos too
  return message.substr(0, end);
}

// The last two: what memory does not hold is written to the same disk.
bool is_disk_full(std::string_view message) {
  constexpr std::array<std::string_view, 4> kTexts = {"No space left", "database or disk is full",
                                                      "failed to offload data block",
                                                      "max_temp_directory_size"};
  return std::any_of(kTexts.begin(), kTexts.end(),
                     [&](const auto text) { return contains(message, text); });
}

ErrorKind kind_of(std::string_view message) {
  constexpr std::array<std::string_view, 6> kConflictTexts = {
      "database is locked", "Transaction conflict",   "Conflict on ",
      "conflict on ",       "Could not set lock on ", "database table is locked"};
  for (const auto text : kConflictTexts) {
    if (contains(message, text)) return ErrorKind::kConflict;
  }
  if (is_disk_full(message)) return ErrorKind::kStorageFailed;
  if (contains(message, "NOT NULL constraint failed")) return ErrorKind::kRowsRejected;
  using Pair = std::pair<std::string_view, ErrorKind>;
  constexpr std::array<Pair, 20> kClasses = {Pair{"INTERRUPT", ErrorKind::kCancelled},
                                             Pair{"Parser", ErrorKind::kUsage},
                                             Pair{"Syntax", ErrorKind::kUsage},
                                             Pair{"Binder", ErrorKind::kUsage},
                                             Pair{"Catalog", ErrorKind::kUsage},
                                             Pair{"Invalid Input", ErrorKind::kUsage},
                                             Pair{"Not implemented", ErrorKind::kUsage},
                                             Pair{"Parameter Not Resolved", ErrorKind::kUsage},
                                             Pair{"Dependency", ErrorKind::kUsage},
                                             Pair{"Constraint", ErrorKind::kRowsRejected},
                                             Pair{"Conversion", ErrorKind::kRowsRejected},
                                             Pair{"Out of Range", ErrorKind::kRowsRejected},
                                             Pair{"Decimal", ErrorKind::kRowsRejected},
                                             Pair{"Mismatch Type", ErrorKind::kRowsRejected},
                                             Pair{"Divide by Zero", ErrorKind::kRowsRejected},
                                             Pair{"IO", ErrorKind::kStorageFailed},
                                             Pair{"Out of Memory", ErrorKind::kInvalidConfig},
                                             Pair{"Permission", ErrorKind::kNotAllowed},
                                             Pair{"Connection", ErrorKind::kStorageFailed},
                                             Pair{"Missing Extension", ErrorKind::kInvalidConfig}};
  const auto name = error_class(message);
  for (const auto& [text, kind] : kClasses) {
    if (name == text) return kind;
  }
  return ErrorKind::kBug;
}

}  // namespace

Error sql_error(std::string_view doing, std::string_view message, std::string_view sql) {
  std::string text = fmt::format("{}: {}", doing, excerpt(message, kMessageBytes));
  if (is_disk_full(message)) {
    text += "; no space left on the disk of the embedded warehouse: make room there and run again";
  }
  if (!sql.empty()) text += fmt::format("; SQL: {}", excerpt(sql, kSqlExcerptBytes));
  Error error(kind_of(message), std::move(text));
  error.vendor_code = error_class(message);
  return error;
}

}  // namespace falaj::duck
