// Every row of docs/faults.md, "Odd values": the entity that it shows goes through the catalogue's
// columns, and its row has what the table says, or it is in quarantine for the reason named there. A
// value is lost to its column where the table says so, and nowhere else.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "connectors/salla/catalogue.hpp"
#include "decode/page_decoder.hpp"
#include "support/fault_table.hpp"

namespace falaj::test {
namespace {

constexpr const char* kHeading = "Odd values";

const std::vector<decode::TableSpec>& specs() {
  static const auto all = connectors::salla::catalogue();
  return all;
}

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

std::string cell(const rows::RowBatch& batch, const std::string& column) {
  const auto& columns = batch.schema().columns;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name != column) continue;
    if (batch.is_null(i, 0)) return "NULL";
    switch (columns[i].type) {
      case rows::ColumnType::kText: return std::string(batch.text(i, 0));
      case rows::ColumnType::kMoney: return decimal(batch.number(i, 0), 4);
      case rows::ColumnType::kRate: return decimal(batch.number(i, 0), 8);
      case rows::ColumnType::kTimestamp: return time_text(batch.number(i, 0));
      case rows::ColumnType::kDate:
        return time_text(batch.number(i, 0) * 86'400'000'000).substr(0, 10);
      case rows::ColumnType::kBool: return batch.number(i, 0) != 0 ? "true" : "false";
      default: return std::to_string(batch.number(i, 0));
    }
  }
  ADD_FAILURE() << "no column " << column;
  return "";
}

TEST(OddValues, BecomeWhatTheTableSays) {
  for (const auto& row : fault_rows(kHeading)) {
    SCOPED_TRACE(row.id);
    const auto stream = row["stream"];
    const auto spec = std::find_if(specs().begin(), specs().end(),
                                   [&](const auto& each) { return each.stream == stream; });
    ASSERT_NE(spec, specs().end()) << stream;
    const auto entity = row.quoted("an entity with");
    const auto expected = row.quoted("becomes");
    ASSERT_EQ(entity.size(), 1U);
    ASSERT_GE(expected.size(), 1U);
    decode::PageDecoder decoder(*spec, StoreId(77), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
    auto out = decoder.make_batches();
    const auto body = std::make_shared<const std::string>(R"({"data":[)" + entity[0] + "]}");
    decode::SourcePage page;
    page.shape = spec->parent_column.empty() ? "full" : "items";
    page.source = "list";
    page.request = "/any";
    page.parent_id = spec->parent_column.empty() ? 0 : 5;
    page.body = *body;
    page.owner = body;
    decoder.decode(page, out);
    const auto equals = expected[0].find(" = ");
    if (equals == std::string::npos) {
      ASSERT_EQ(out.rejections.size(), 1U);
      EXPECT_EQ("quarantine: " + out.rejections[0].rule, expected[0]) << out.rejections[0].message;
      EXPECT_NE(out.rejections[0].raw_data, "");
      continue;
    }
    // Lines of another table may be refused beside it.
    for (const auto& rejection : out.rejections)
      ASSERT_NE(rejection.table, out.tables[0].table) << rejection.message;
    ASSERT_EQ(out.tables[0].rows.row_count(), 1U);
    EXPECT_EQ(cell(out.tables[0].rows, expected[0].substr(0, equals)),
              expected[0].substr(equals + 3));
    if (expected.size() == 1) {
      EXPECT_TRUE(out.tables[0].losses.empty()) << out.tables[0].loss_kinds[0].message;
      continue;
    }
    ASSERT_FALSE(out.tables[0].losses.empty());
    for (const auto& kind : out.tables[0].loss_kinds) {
      EXPECT_EQ("lost: " + kind.rule, expected[1]) << kind.message;
    }
  }
}

}  // namespace
}  // namespace falaj::test
