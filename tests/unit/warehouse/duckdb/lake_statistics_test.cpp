#include <gtest/gtest.h>

#include "support/temp_dir.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::warehouse {
namespace {

TEST(LakeStatistics, ATableHasThemBeforeItsFirstRow) {
  const test::TempDir dir;
  SystemClock clock;
  LakeOptions options;
  options.directory = (dir / "lake").string();
  options.clock = &clock;
  auto opened = open_lake(options);
  ASSERT_TRUE(opened.ok()) << opened.error().to_text();
  const auto& warehouse = *opened;
  using rows::ColumnType;
  TableDefinition required{.schema = "BRONZE", .name = "all_required", .columns = {}};
  for (const auto type :
       {ColumnType::kBigInt, ColumnType::kText, ColumnType::kMoney, ColumnType::kRate,
        ColumnType::kTimestamp, ColumnType::kDate, ColumnType::kBool}) {
    required.columns.columns.push_back(
        {"c" + std::to_string(required.columns.columns.size()), type, true});
  }
  TableDefinition open{.schema = "SILVER", .name = "none_required", .columns = required.columns};
  for (auto& column : open.columns.columns) column.required = false;
  const Status created = warehouse->create_tables({required, open});
  ASSERT_TRUE(created.ok()) << created.error().to_text();
  auto session = std::move(*warehouse->open_session());
  const auto value = [&session](const std::string& sql) {
    auto table = session->query(sql);
    EXPECT_TRUE(table.ok()) << table.error().to_text();
    return table.ok() ? table->scalar_int() : -1;
  };
  const std::string catalog = "__ducklake_metadata_" + warehouse->database_name();
  EXPECT_EQ(value("SELECT COUNT(*) FROM " + catalog + ".ducklake_table t JOIN " + catalog +
                  ".ducklake_table_stats s ON s.table_id = t.table_id AND s.record_count = 0"),
            2);
  EXPECT_EQ(value("SELECT COUNT(*) FROM " + catalog + ".ducklake_table_column_stats"), 14);
  for (const char* table : {"BRONZE.all_required", "SILVER.none_required"}) {
    EXPECT_EQ(value(std::string("SELECT COUNT(*) FROM ") + table), 0) << table;
    const auto now = value("SELECT id FROM " + warehouse->database_name() + ".current_snapshot()");
    for (int64_t snapshot = 1; snapshot <= now; ++snapshot) {
      const auto then = session->query(std::string("SELECT COUNT(*) FROM ") + table +
                                       " AT (VERSION => " + std::to_string(snapshot) + ")");
      // Before it was made there is no table.
      EXPECT_EQ(then.ok() ? then->scalar_int() : 0, 0) << table << " at " << snapshot;
    }
  }
}

}  // namespace
}  // namespace falaj::warehouse
