#include "warehouse/duckdb/surrogate_key.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <iterator>

#include "base/sha256.hpp"
#include "duck/scalar_function.hpp"

namespace falaj::warehouse {
namespace {

constexpr char kSeparator = '\x1F';
constexpr char kNull = '\0';
constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kSecondsPerDay = 86'400;

int64_t floor_divide(int64_t value, int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

void append_date(std::string& text, int64_t days) {
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{days}}};
  fmt::format_to(std::back_inserter(text), "{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                 static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

void append_timestamp(std::string& text, int64_t micros) {
  const int64_t seconds = floor_divide(micros, kMicrosPerSecond);
  const int64_t fraction = micros - seconds * kMicrosPerSecond;
  const int64_t days = floor_divide(seconds, kSecondsPerDay);
  const int64_t second = seconds - days * kSecondsPerDay;
  append_date(text, days);
  fmt::format_to(std::back_inserter(text), "T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60,
                 second % 60);
  if (fraction != 0) fmt::format_to(std::back_inserter(text), ".{:06}", fraction);
  text += 'Z';
}

void append_integer(std::string& text, int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  text.append(digits, end.ptr);
}

Status append_part(std::string& text, const duck::Chunk& chunk, size_t column, size_t row) {
  if (chunk.is_null(column, row)) {
    text += kNull;
    return {};
  }
  switch (chunk.kind(column)) {
    case duck::TypeKind::kText: text += chunk.text(column, row); return {};
    case duck::TypeKind::kInteger: append_integer(text, chunk.int64(column, row)); return {};
    case duck::TypeKind::kTimestamp: append_timestamp(text, chunk.int64(column, row)); return {};
    case duck::TypeKind::kDate: append_date(text, chunk.int64(column, row)); return {};
    default:
      return Error(ErrorKind::kUsage,
                   fmt::format("surrogate_key takes texts, integers, timestamps and dates; cast "
                               "argument {}",
                               column + 1));
  }
}

Status fill_keys(const duck::Chunk& arguments, std::span<int64_t> results) {
  if (arguments.column_count() < 2) {
    return Error(ErrorKind::kUsage, "surrogate_key takes the table's name and at least one part");
  }
  Sha256 hash;
  std::string text;
  for (size_t row = 0; row < arguments.row_count(); ++row) {
    text.clear();
    for (size_t column = 0; column < arguments.column_count(); ++column) {
      if (column > 0) text += kSeparator;
      FALAJ_TRY(append_part(text, arguments, column, row));
    }
    hash.update(text);
    results[row] = first_63_bits(hash.finish());
  }
  return {};
}

}  // namespace

Status register_surrogate_key(duck::Connection& connection) {
  return duck::register_bigint_function(connection, "surrogate_key", fill_keys);
}

}  // namespace falaj::warehouse
