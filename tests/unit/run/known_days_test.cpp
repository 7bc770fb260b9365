// Which days are known whole, and what a run says when gold has another number of orders than the
// list announces.
#include "run/known_days.hpp"

#include <gtest/gtest.h>

#include "connectors/salla/catalogue.hpp"
#include "load/bronze_schema.hpp"
#include "operate/run_report.hpp"
#include "run/list_totals.hpp"
#include "support/temp_dir.hpp"
#include "transform/transformer.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::run {
namespace {

using Pieces = std::vector<DayPiece>;

TEST(KnownDays, OnlyWhatIsNewIsAdded) {
  EXPECT_EQ(pieces_without({1, 9}, {}), (Pieces{{1, 9}}));
  EXPECT_EQ(pieces_without({1, 9}, {{0, 20}}), Pieces());
  EXPECT_EQ(pieces_without({1, 9}, {{7, 12}, {3, 4}}), (Pieces{{1, 2}, {5, 6}}));
  EXPECT_EQ(pieces_without({1, 9}, {{-5, 3}}), (Pieces{{4, 9}}));
  EXPECT_EQ(pieces_without({1, 9}, {{10, 12}, {-3, 0}}), (Pieces{{1, 9}}));
  EXPECT_EQ(pieces_without({1, 9}, {{2, 5}, {4, 6}}), (Pieces{{1, 1}, {7, 9}}));
}

class KnownDaysTest : public ::testing::Test {
 protected:
  void SetUp() override {
    warehouse::LakeOptions options;
    options.directory = (dir_ / "lake").string();
    options.clock = &clock_;
    auto opened = warehouse::open_duckdb_file(options);
    ASSERT_TRUE(opened.ok()) << opened.error().to_text();
    warehouse_ = std::move(*opened);
    auto tables = load::load_schema(connectors::salla::catalogue());
    for (auto& table : transform::ModelRegistry::built_in().definitions())
      tables.push_back(std::move(table));
    ASSERT_TRUE(warehouse_->create_tables(tables).ok());
    session_ = std::move(*warehouse_->open_session());
  }
  void run(const std::string& sql) {
    const auto done = session_->execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().to_text();
  }
  std::string value(const std::string& sql) {
    const auto table = session_->query(sql);
    EXPECT_TRUE(table.ok()) << table.error().to_text();
    return table.ok() && !table->rows.empty() ? table->rows[0][0].value_or("NULL") : "<none>";
  }
  void note(int64_t first, int64_t last, bool has_news) {
    const auto done = note_known_days(*session_, clock_, "R1", {{7, {first, last}}}, has_news);
    ASSERT_TRUE(done.ok()) << done.error().to_text();
  }
  std::string differences(const ListTotal& total) {
    const auto found = compare_with_lists(*session_, {total});
    EXPECT_TRUE(found.ok()) << found.error().to_text();
    return found.ok() && !found->empty() ? found->front().text : "";
  }

  const test::TempDir dir_;
  ManualClock clock_{UtcTime(Micros(1'795'000'000'000'000))};
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<warehouse::Session> session_;
};

TEST_F(KnownDaysTest, AreWrittenOnceAndMoveTheModelThatReadsThem) {
  run("INSERT INTO SILVER.silver_orders (store_id, order_id, order_date, order_at, total_amount, "
      "currency, is_deleted, change_seq) VALUES (7, 1, DATE '2026-01-05', TIMESTAMP '2026-01-05 "
      "10:00:00', 10, 'SAR', FALSE, 0)");
  run("INSERT INTO GOLD.gold_fact_orders (store_id, order_id, order_date_key, total_amount, "
      "currency,"
      " change_seq) VALUES (7, 1, 20260105, 10, 'SAR', 0)");
  run("INSERT INTO GOLD.mv_daily_sales (store_id, currency, full_date, daily_revenue, order_count, "
      "is_complete, change_seq) VALUES (7, 'SAR', DATE '2026-01-05', 10, 1, FALSE, 0)");
  run("INSERT INTO OPS.commits (seq, kind) VALUES (1, 'load')");
  const std::string pieces =
      "SELECT STRING_AGG(CAST(first_day AS VARCHAR) || ' ' || CAST(last_day AS VARCHAR), ', ' "
      "ORDER "
      "BY first_day) FROM OPS.known_days";
  note(20460, 20470, false);  // 2026-01-07 to 2026-01-17
  EXPECT_EQ(value(pieces), "NULL") << "no row is flagged there, and nothing is new";
  note(20460, 20470, true);
  note(20450, 20465, false);
  note(20450, 20470, true);
  EXPECT_EQ(value(pieces), "2025-12-28 2026-01-06, 2026-01-07 2026-01-17");
  EXPECT_EQ(value("SELECT MAX(seq) FROM OPS.commits"), "3");
  const auto& models = transform::ModelRegistry::built_in().models();
  for (const auto& model : models) {
    run("INSERT INTO OPS.watermarks (entity_name, last_seq) VALUES ('" + model.name + "', 1)");
  }
  transform::TransformOptions options;
  options.run_id = "R1";
  const auto done = transform::Transformer(*session_, clock_).run(options);
  ASSERT_TRUE(done.ok()) << done.error().to_text();
  EXPECT_EQ(value("SELECT is_complete FROM GOLD.mv_daily_sales"), "true");
}

TEST_F(KnownDaysTest, WhatTheListAnnouncesAndGoldLacksIsSaidWithItsReason) {
  run("INSERT INTO GOLD.gold_fact_orders (store_id, order_id) VALUES (7, 1), (7, 2)");
  run("INSERT INTO SILVER.quarantine (store_id, stream, entity_id, rule) VALUES (7, 'orders', 3, "
      "'bad_date'), (7, 'orders', 3, 'wrong_type'), (7, 'orders', 2, 'wrong_type')");
  EXPECT_EQ(differences({7, "", 2, 0, false}), "");
  EXPECT_EQ(differences({7, "", 3, 0, false}),
            "the order list announces 3 orders, gold has 2 (1 are in quarantine)");
  EXPECT_EQ(differences({7, "shop", 4, 1, false}),
            "shop: the order list announces 4 orders, gold has 2 (1 are in quarantine, 1 are in no "
            "page of the list)");
  EXPECT_NE(differences({7, "", 9, 0, true}).find("`falaj run` reads them"), std::string::npos);
  EXPECT_NE(differences({7, "", 1, 0, false}).find("the next run compares again"),
            std::string::npos);
  RunReport report;
  EXPECT_TRUE(report.verdict().starts_with("Everything reconciles: "));
  report.differences = {differences({7, "", 3, 0, false})};
  EXPECT_EQ(report.verdict(),
            "Not everything is here: the order list announces 3 orders, gold has 2 (1 are in "
            "quarantine). The books balance: 0 rows fetched = 0 loaded + 0 unchanged + 0 "
            "quarantined, and bronze, silver and gold agree.");
  EXPECT_EQ(report.exit_status(), 0);
}

}  // namespace
}  // namespace falaj::run
