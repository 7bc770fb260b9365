#include "support/value_types/cell_text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

namespace falaj::test {
namespace {

std::string decimal(int64_t value, int scale) {
  int64_t unit = 1;
  for (int i = 0; i < scale; ++i) unit *= 10;
  const auto whole = value / unit;
  const auto rest = std::abs(value % unit);
  return fmt::format("{}{}.{:0{}}", value < 0 && whole == 0 ? "-" : "", whole, rest, scale);
}

std::string time_text(int64_t micros) {
  using namespace std::chrono;
  const sys_time<microseconds> time{microseconds(micros)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time) - day);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace

std::optional<std::string> cell_text(const rows::RowBatch& batch, const std::string& column,
                                     size_t row) {
  const auto& columns = batch.schema().columns;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name != column) continue;
    if (batch.is_null(i, row)) return std::nullopt;
    switch (columns[i].type) {
      case rows::ColumnType::kText: return std::string(batch.text(i, row));
      case rows::ColumnType::kMoney: return decimal(batch.number(i, row), 4);
      case rows::ColumnType::kRate: return decimal(batch.number(i, row), 8);
      case rows::ColumnType::kTimestamp: return time_text(batch.number(i, row));
      case rows::ColumnType::kDate:
        return time_text(batch.number(i, row) * 86'400'000'000).substr(0, 10);
      case rows::ColumnType::kBool: return batch.number(i, row) != 0 ? "true" : "false";
      default: return std::to_string(batch.number(i, row));
    }
  }
  ADD_FAILURE() << "no column " << column;
  return std::nullopt;
}

}  // namespace falaj::test
