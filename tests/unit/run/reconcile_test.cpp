// What reconciling finds when a layer disagrees with the next: each measure is broken once.
#include "run/reconcile.hpp"

#include <gtest/gtest.h>

#include "connectors/salla/catalogue.hpp"
#include "load/bronze_schema.hpp"
#include "support/temp_dir.hpp"
#include "transform/model_registry.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::run {
namespace {

constexpr UtcTime kNow{Micros(1'795'000'000'000'000)};

class ReconcileTest : public ::testing::Test {
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
    fill();
  }

  // Two orders of 10 and 20.5 with a line each, a deleted one, a customer and a product.
  void fill() {
    const std::string bronze =
        "shape, source, payload_sha256, payload_key, extracted_at, "
        "package_id, package_row, source_system, raw_data";
    const std::string rest = "'full', 'list', '', 0, now(), 'P', 0, 'salla', '{}'";
    for (const int id : {1, 2, 3}) {
      run("INSERT INTO BRONZE.bronze_orders (store_id, order_id, " + bronze + ") VALUES (7, " +
          std::to_string(id) + ", " + rest + ")");
    }
    run("INSERT INTO BRONZE.bronze_customers (store_id, customer_id, " + bronze +
        ") VALUES (7, 1, " + rest + ")");
    run("INSERT INTO BRONZE.bronze_products (store_id, product_id, " + bronze + ") VALUES (7, 1, " +
        rest + ")");
    run("INSERT INTO SILVER.silver_orders (store_id, order_id, total_amount, is_deleted) VALUES "
        "(7, 1, 10, FALSE), (7, 2, 20.5, FALSE), (7, 3, 99, TRUE)");
    run("INSERT INTO SILVER.silver_order_items (store_id, order_item_id, order_id) VALUES "
        "(7, 1, 1), (7, 2, 2), (7, 3, 3)");
    run("INSERT INTO SILVER.silver_customers (store_id, customer_id) VALUES (7, 1)");
    run("INSERT INTO SILVER.silver_products (store_id, product_id) VALUES (7, 1)");
    run("INSERT INTO GOLD.gold_fact_orders (store_id, order_id, total_amount) VALUES (7, 1, 10), "
        "(7, 2, 20.5)");
    run("INSERT INTO GOLD.gold_fact_order_items (store_id, order_item_key) VALUES (7, 1), (7, 2)");
    run("INSERT INTO GOLD.mv_daily_sales (store_id, daily_revenue) VALUES (7, 30.5)");
    run("INSERT INTO OPS.load_packages (package_id, store_id, stream, table_name, fetched, loaded, "
        "unchanged, quarantined) VALUES ('P', 7, 'orders', 'bronze_orders', 3, 2, 1, 0)");
  }

  void run(const std::string& sql) {
    const auto done = session_->execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().to_text();
  }

  // What does not match, one line each.
  std::string mismatches() {
    const auto results = reconcile(*session_);
    EXPECT_TRUE(results.ok()) << results.error().to_text();
    std::string text;
    if (!results.ok()) return text;
    for (const auto& result : *results) text += result.matches() ? "" : result.to_text() + "\n";
    return text;
  }

  test::TempDir dir_;
  ManualClock clock_{kNow};
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<warehouse::Session> session_;
};

TEST_F(ReconcileTest, LayersThatAgreeMatchInEveryMeasure) {
  const auto results = reconcile(*session_);
  ASSERT_TRUE(results.ok()) << results.error().to_text();
  EXPECT_EQ(results->size(), 7U);
  EXPECT_EQ(mismatches(), "");
}

TEST_F(ReconcileTest, EachBreakIsNamedWithBothNumbers) {
  const std::vector<std::pair<const char*, const char*>> breaks = {
      {"DELETE FROM GOLD.gold_fact_orders WHERE order_id = 1",
       "orders: live orders in silver and facts in gold: 2 and 1 (store 7)\n"
       "orders: total amount in silver and in gold: 30.5000 and 20.5000 (store 7)\n"
       "orders: total amount in gold and in daily sales: 20.5000 and 30.5000 (store 7)\n"},
      {"UPDATE GOLD.gold_fact_orders SET total_amount = 10.01 WHERE order_id = 1",
       "orders: total amount in silver and in gold: 30.5000 and 30.5100 (store 7)\n"
       "orders: total amount in gold and in daily sales: 30.5100 and 30.5000 (store 7)\n"},
      {"DELETE FROM SILVER.silver_orders WHERE order_id = 3",
       "orders: orders known in bronze and in silver: 3 and 2 (store 7)\n"},
      {"INSERT INTO GOLD.gold_fact_order_items (store_id, order_item_key) VALUES (7, 2)",
       "order_items: lines of live orders in silver and in gold: 2 and 3 (store 7)\n"},
      {"DELETE FROM SILVER.silver_customers",
       "customers: customers in bronze and in silver: 1 and 0 (store 7)\n"},
      {"DELETE FROM SILVER.silver_products",
       "products: products in bronze and in silver: 1 and 0 (store 7)\n"},
      {"UPDATE OPS.load_packages SET unchanged = 0",
       "orders: books of package P: 3 and 2 (store 7)\n"}};
  for (const auto& [sql, expected] : breaks) {
    SCOPED_TRACE(sql);
    ASSERT_TRUE(session_->begin().ok());
    run(sql);
    EXPECT_EQ(mismatches(), expected);
    ASSERT_TRUE(session_->rollback().ok());
  }
}

TEST_F(ReconcileTest, ResultsAreKept) {
  run("DELETE FROM SILVER.silver_products");
  const auto results = reconcile(*session_);
  ASSERT_TRUE(results.ok());
  ASSERT_TRUE(record_reconciliations(*session_, clock_, "R1", *results).ok());
  const auto kept = session_->query(
      "SELECT COUNT(*), SUM(CASE WHEN matches THEN 0 ELSE 1 END) FROM OPS.reconciliations WHERE "
      "run_id = 'R1'");
  ASSERT_TRUE(kept.ok()) << kept.error().to_text();
  EXPECT_EQ(kept->rows[0][0], "7");
  EXPECT_EQ(kept->rows[0][1], "1");
}

}  // namespace
}  // namespace falaj::run
