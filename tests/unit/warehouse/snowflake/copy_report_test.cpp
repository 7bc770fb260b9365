#include "warehouse/snowflake/copy_report.hpp"

#include <gtest/gtest.h>

namespace falaj::warehouse {
namespace {

std::vector<Table::ColumnInfo> named(const std::vector<std::string>& names) {
  std::vector<Table::ColumnInfo> columns;
  for (const auto& name : names) columns.push_back({.name = name, .type = ""});
  return columns;
}

class CopyReportTest : public ::testing::Test {
 protected:
  CopyReportTest() {
    files_.emplace_back("/tmp/falaj-none/a.parquet", 10);
    files_.emplace_back("/tmp/falaj-none/b.parquet", 5);
  }
  std::string verdict(const std::vector<Cells>& rows) const {
    CopyReport report(
        named({"file", "status", "rows_parsed", "rows_loaded", "errors_seen", "first_error"}));
    for (const auto& row : rows) report.add(row);
    const Status status = report.compare(files_);
    return status.ok() ? "" : status.error().to_text();
  }
  std::vector<ParquetFile> files_;
};

TEST_F(CopyReportTest, EveryFileMustBeThereWhole) {
  const Cells a = {"s/u1/a.parquet", "LOADED", "10", "10", "0", std::nullopt};
  const Cells b = {"s/u1/b.parquet", "LOADED", "5", "5", "0", std::nullopt};
  EXPECT_EQ(verdict({a, b}), "");
  EXPECT_NE(verdict({a}).find("b.parquet of 5 rows is not in its report"), std::string::npos);
  Cells skipped = b;
  skipped[1] = "LOAD_SKIPPED";
  EXPECT_NE(verdict({a, skipped}).find("status LOAD_SKIPPED"), std::string::npos);
  Cells partly = b;
  partly[1] = "PARTIALLY_LOADED";
  partly[3] = "4";
  partly[4] = "1";
  partly[5] = "Numeric value 'x' is not recognized";
  EXPECT_NE(verdict({a, partly}).find("Numeric value 'x'"), std::string::npos);
  Cells fewer = b;
  fewer[2] = "4";
  fewer[3] = "4";
  EXPECT_NE(verdict({a, fewer}).find("4 of 5 rows loaded"), std::string::npos);
  const Cells stranger = {"s/u1/c.parquet", "LOADED", "1", "1", "0", std::nullopt};
  EXPECT_NE(verdict({a, b, stranger}).find("2 files were sent, 3 are in its report"),
            std::string::npos);
}

TEST(RowsChanged, AreSummedOverKinds) {
  const auto columns = named(
      {"number of rows inserted", "number of rows updated", "number of multi-joined rows updated"});
  EXPECT_EQ(rows_changed(columns, {"3", "4", "7"}), 7);
  EXPECT_EQ(rows_changed(named({"status"}), {"done"}), 0);
}

}  // namespace
}  // namespace falaj::warehouse
