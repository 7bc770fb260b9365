#include "warehouse/snowflake/arrow_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>

#include "base/ulid.hpp"

namespace falaj::warehouse {
namespace {

using Kind = CellFormat::Kind;
using Int128 = __int128_t;

template <typename T>
T value_at(const abi::ArrowArray& column, int64_t row) {
  T value;
  std::memcpy(&value, static_cast<const T*>(column.buffers[1]) + column.offset + row, sizeof value);
  return value;
}

bool bit_at(const void* bits, int64_t at) {
  const auto* bytes = static_cast<const uint8_t*>(bits);
  return ((bytes[at / 8] >> static_cast<unsigned>(at % 8)) & 1U) != 0;
}

// The decimal digits of a value with `scale` of them after the point.
std::string decimal_text(Int128 value, int scale) {
  const bool is_negative = value < 0;
  auto rest = is_negative ? -static_cast<Uint128>(value) : static_cast<Uint128>(value);
  std::string digits;
  while (rest > 0 || static_cast<int>(digits.size()) <= scale) {
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  if (scale > 0) digits.insert(static_cast<size_t>(scale), 1, '.');
  if (is_negative) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string date_text(int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string timestamp_text(int64_t value, int64_t units_per_second) {
  constexpr int64_t kSecondsPerDay = 86'400;
  int64_t seconds = value / units_per_second;
  int64_t units = value % units_per_second;
  if (units < 0) {
    units += units_per_second;
    --seconds;
  }
  int64_t days = seconds / kSecondsPerDay;
  int64_t of_day = seconds % kSecondsPerDay;
  if (of_day < 0) {
    of_day += kSecondsPerDay;
    --days;
  }
  const int64_t micros = units_per_second >= 1'000'000 ? units / (units_per_second / 1'000'000)
                                                       : units * (1'000'000 / units_per_second);
  return fmt::format("{} {:02}:{:02}:{:02}.{:06}", date_text(days), of_day / 3600, of_day / 60 % 60,
                     of_day % 60, micros);
}

int64_t integer_at(const abi::ArrowArray& column, int width, int64_t row) {
  switch (width) {
    case 1: return value_at<int8_t>(column, row);
    case 2: return value_at<int16_t>(column, row);
    case 4: return value_at<int32_t>(column, row);
    default: return value_at<int64_t>(column, row);
  }
}

template <typename Offset>
std::string text_at(const abi::ArrowArray& column, int64_t row) {
  const auto* offsets = static_cast<const Offset*>(column.buffers[1]) + column.offset + row;
  const auto* bytes = static_cast<const char*>(column.buffers[2]);
  return {bytes + offsets[0], static_cast<size_t>(offsets[1] - offsets[0])};
}

std::string double_text(double value) {
  return fmt::format("{}", value);
}

Result<CellFormat> decimal_format(std::string_view format) {
  CellFormat cell;
  cell.kind = Kind::kDecimal;
  const auto comma = format.find(',');
  const auto last = format.rfind(',');
  if (comma == std::string_view::npos || (last != comma && format.substr(last + 1) != "128")) {
    return Error(ErrorKind::kBadResponse, fmt::format("a decimal of an unknown width: {}", format));
  }
  std::from_chars(format.data() + comma + 1, format.data() + format.size(), cell.scale);
  return cell;
}

}  // namespace

Result<CellFormat> cell_format(const abi::ArrowSchema& column) {
  const std::string_view format = column.format;
  const auto of = [](Kind kind, int width = 8, int64_t units = 1) {
    return CellFormat{.kind = kind, .width = width, .units_per_second = units};
  };
  if (format == "u") return of(Kind::kText);
  if (format == "U") return of(Kind::kLargeText);
  if (format == "b") return of(Kind::kBool);
  if (format == "c") return of(Kind::kInt, 1);
  if (format == "s") return of(Kind::kInt, 2);
  if (format == "i") return of(Kind::kInt, 4);
  if (format == "l") return of(Kind::kInt, 8);
  if (format == "g") return of(Kind::kDouble);
  if (format == "f") return of(Kind::kFloat);
  if (format == "tdD") return of(Kind::kDate);
  if (format.starts_with("tss")) return of(Kind::kTimestamp, 8, 1);
  if (format.starts_with("tsm")) return of(Kind::kTimestamp, 8, 1'000);
  if (format.starts_with("tsu")) return of(Kind::kTimestamp, 8, 1'000'000);
  if (format.starts_with("tsn")) return of(Kind::kTimestamp, 8, 1'000'000'000);
  if (format.starts_with("d:")) return decimal_format(format);
  return Error(ErrorKind::kBadResponse,
               fmt::format("column {} has a type that cannot be read: {}; cast it to VARCHAR",
                           column.name == nullptr ? "?" : column.name, format));
}

Table::ColumnInfo column_info(const abi::ArrowSchema& column, const CellFormat& format) {
  Table::ColumnInfo info;
  info.name = column.name == nullptr ? "" : column.name;
  switch (format.kind) {
    case Kind::kInt: info.type = "NUMBER"; break;
    case Kind::kDouble:
    case Kind::kFloat: info.type = "DOUBLE"; break;
    case Kind::kDecimal: {
      const std::string_view text = column.format;
      info.type = fmt::format("NUMBER({})", text.substr(2, text.find(',', text.find(',') + 1) - 2));
      break;
    }
    case Kind::kText:
    case Kind::kLargeText: info.type = "VARCHAR"; break;
    case Kind::kBool: info.type = "BOOLEAN"; break;
    case Kind::kDate: info.type = "DATE"; break;
    case Kind::kTimestamp: info.type = "TIMESTAMP_NTZ"; break;
  }
  info.is_bool = format.kind == Kind::kBool;
  info.is_decimal = format.kind == Kind::kDecimal && format.scale > 0;
  info.is_number = format.kind == Kind::kInt || format.kind == Kind::kDouble ||
                   format.kind == Kind::kFloat ||
                   (format.kind == Kind::kDecimal && format.scale == 0);
  return info;
}

std::optional<std::string> cell_text(const abi::ArrowArray& column, const CellFormat& format,
                                     int64_t row) {
  const void* validity = column.n_buffers > 0 ? column.buffers[0] : nullptr;
  if (validity != nullptr && !bit_at(validity, column.offset + row)) return std::nullopt;
  switch (format.kind) {
    case Kind::kInt: return std::to_string(integer_at(column, format.width, row));
    case Kind::kDouble: return double_text(value_at<double>(column, row));
    case Kind::kFloat: return double_text(static_cast<double>(value_at<float>(column, row)));
    case Kind::kDecimal: return decimal_text(value_at<Int128>(column, row), format.scale);
    case Kind::kText: return text_at<int32_t>(column, row);
    case Kind::kLargeText: return text_at<int64_t>(column, row);
    case Kind::kBool: return bit_at(column.buffers[1], column.offset + row) ? "true" : "false";
    case Kind::kDate: return date_text(value_at<int32_t>(column, row));
    case Kind::kTimestamp:
      return timestamp_text(value_at<int64_t>(column, row), format.units_per_second);
  }
  return std::nullopt;
}

}  // namespace falaj::warehouse
