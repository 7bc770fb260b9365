// The real orders of an online shop through salla-sim, extraction, landing, loading and the models,
// compared with a direct query on the file: equal to the cent.
#include <gtest/gtest.h>

#include <fstream>

#include "duck/database.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

constexpr const char* kDataset = "online_retail_ii_2009_2010.parquet";

// The file as the mapping of docs/salla-sim.md reads it: one row an item.
constexpr const char* kOracleView = R"(CREATE VIEW lines AS
  SELECT Invoice AS reference, upper(trim(StockCode)) AS sku, Description AS description,
         abs(CAST(Quantity AS BIGINT)) AS quantity, CAST(Price AS DECIMAL(18,4)) AS price,
         CAST(round(abs(Quantity) * CAST(Price AS DECIMAL(18,4)), 2) AS DECIMAL(18,4)) AS total,
         CAST("Customer ID" AS BIGINT) AS customer, Country AS country,
         CAST(InvoiceDate AS TIMESTAMP) AS invoiced_at
  FROM read_parquet('{}'))";

class Oracle {
 public:
  explicit Oracle(const std::string& file) {
    auto database = duck::Database::open({});
    EXPECT_TRUE(database.ok());
    connection_.emplace(database->connect().value());
    execute(fmt::format(kOracleView, file));
  }
  void execute(const std::string& sql) {
    const auto done = connection_->execute(sql);
    EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().to_text());
  }
  // Rows as text, cells joined by '|'.
  std::vector<std::string> rows(const std::string& sql) {
    std::vector<std::string> lines;
    auto result = connection_->query(sql);
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().to_text());
    if (!result.ok()) return lines;
    while (true) {
      auto chunk = result->next_chunk();
      EXPECT_TRUE(chunk.ok());
      if (!chunk.ok() || *chunk == nullptr) return lines;
      for (size_t row = 0; row < (*chunk)->row_count(); ++row) {
        std::string line;
        for (size_t column = 0; column < (*chunk)->column_count(); ++column) {
          if (column > 0) line += '|';
          if (!(*chunk)->is_null(column, row)) line += (*chunk)->render(column, row);
        }
        lines.push_back(std::move(line));
      }
    }
  }

 private:
  std::optional<duck::Connection> connection_;
};

// What the file says, in SQL over its lines, and what gold must say to be equal.
struct Comparison {
  const char* what;
  const char* of_file;
  const char* of_gold;
};

constexpr Comparison kComparisons[] = {
    {"orders",
     "SELECT reference, CAST(sum(total) AS DECIMAL(18,4)), count(*), "
     "strftime(min(invoiced_at), '%Y%m%d'), "
     "CASE WHEN starts_with(reference, 'C') THEN 'restored' ELSE 'completed' END, "
     "CASE WHEN max(customer) IS NULL THEN 0 ELSE 1 END, 'GBP', 'items' "
     "FROM lines GROUP BY reference ORDER BY reference",
     "SELECT f.reference_id, f.total_amount, i.n, CAST(f.order_date_key AS VARCHAR), "
     "f.order_status, CASE WHEN f.customer_key = -1 THEN 0 ELSE 1 END AS known, "
     "f.currency, f.detail_depth FROM GOLD.gold_fact_orders f "
     "LEFT JOIN (SELECT order_key, COUNT(*) AS n FROM GOLD.gold_fact_order_items "
     "GROUP BY order_key) i ON i.order_key = f.order_key ORDER BY f.reference_id"},
    {"items by order",
     "SELECT reference, sku, CAST(sum(quantity) AS BIGINT), "
     "CAST(sum(total) AS DECIMAL(18,4)), min(price), max(price), count(*) "
     "FROM lines GROUP BY reference, sku ORDER BY reference, sku",
     "SELECT f.reference_id, p.sku, CAST(SUM(i.quantity) AS BIGINT) AS q, "
     "CAST(SUM(i.total_amount) AS DECIMAL(18,4)) AS t, MIN(i.unit_price) AS lo, "
     "MAX(i.unit_price) AS hi, COUNT(*) AS n FROM GOLD.gold_fact_order_items i "
     "JOIN GOLD.gold_fact_orders f ON f.order_key = i.order_key "
     "JOIN GOLD.gold_dim_products p ON p.product_key = i.product_key "
     "GROUP BY f.reference_id, p.sku ORDER BY f.reference_id, p.sku"},
    {"orders by customer",
     "SELECT count(DISTINCT reference) AS n, CAST(sum(total) AS DECIMAL(18,4)) AS t "
     "FROM lines WHERE customer IS NOT NULL GROUP BY customer ORDER BY n, t",
     "SELECT COUNT(*) AS n, CAST(SUM(f.total_amount) AS DECIMAL(18,4)) AS t "
     "FROM GOLD.gold_fact_orders f JOIN GOLD.gold_dim_customers c "
     "ON c.customer_key = f.customer_key AND c.customer_key <> -1 "
     "GROUP BY c.customer_id ORDER BY n, t"},
    {"customers by country",
     "SELECT country, count(*) FROM (SELECT customer, arg_min(country, rn) AS country "
     "FROM (SELECT *, row_number() OVER () AS rn FROM lines) WHERE customer IS NOT NULL "
     "GROUP BY customer) GROUP BY country ORDER BY country",
     "SELECT country, COUNT(*) AS n FROM GOLD.gold_dim_customers "
     "WHERE is_current AND customer_key <> -1 GROUP BY country ORDER BY country"},
    {"products",
     "SELECT l.sku, COALESCE(d.description, l.sku) FROM (SELECT DISTINCT sku FROM lines) l "
     "LEFT JOIN (SELECT sku, description FROM (SELECT sku, description, count(*) AS n "
     "FROM lines WHERE description IS NOT NULL GROUP BY sku, description) "
     "QUALIFY row_number() OVER (PARTITION BY sku ORDER BY n DESC, description) = 1) d "
     "ON d.sku = l.sku ORDER BY l.sku",
     "SELECT sku, product_name FROM GOLD.gold_dim_products "
     "WHERE is_current AND product_key <> -1 ORDER BY sku"},
    {"revenue by month",
     "SELECT strftime(d, '%Y-%m') AS m, count(*), CAST(sum(t) AS DECIMAL(18,4)) "
     "FROM (SELECT reference, min(invoiced_at) AS d, sum(total) AS t FROM lines "
     "GROUP BY reference) GROUP BY m ORDER BY m",
     "SELECT SUBSTR(CAST(full_date AS VARCHAR), 1, 7) AS m, "
     "CAST(SUM(order_count) AS BIGINT) AS n, "
     "CAST(SUM(daily_revenue) AS DECIMAL(18,4)) AS t FROM GOLD.mv_daily_sales "
     "GROUP BY 1 ORDER BY m"},
};

// The rows of the two that the other lacks, counted with their repetitions: none.
void expect_same(Oracle& oracle, const Falaj& falaj, const std::string& csv,
                 const Comparison& comparison) {
  SCOPED_TRACE(comparison.what);
  std::ofstream(csv) << falaj.csv(comparison.of_gold);
  oracle.execute(
      fmt::format("CREATE OR REPLACE TABLE gold AS FROM read_csv('{}', header = true, "
                  "all_varchar = true)",
                  csv));
  oracle.execute(
      fmt::format("CREATE OR REPLACE TABLE file AS SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({})",
                  comparison.of_file));
  EXPECT_NE(oracle.rows("SELECT count(*) FROM file"), std::vector<std::string>{"0"});
  for (const auto& [what, sql] :
       {std::pair("in the file alone", "FROM file EXCEPT ALL FROM gold LIMIT 5"),
        std::pair("in gold alone", "FROM gold EXCEPT ALL FROM file LIMIT 5")}) {
    EXPECT_EQ(oracle.rows(sql), std::vector<std::string>()) << what;
  }
}

TEST(RealOrders, GoldEqualsTheFileToTheCent) {
  FALAJ_REQUIRE_TEST_DATA();
  const auto file = (test_data_dir() / kDataset).string();
  Oracle oracle(file);
  ASSERT_EQ(oracle.rows("SELECT count(DISTINCT reference), count(*), sum(quantity), "
                        "CAST(sum(total) AS DECIMAL(18,2)) FROM lines"),
            std::vector<std::string>{"28816|525461|6591135|10799942.50"});

  TempDir dir;
  SimStore store({"--dataset", file, "--plan", "unlimited", "--orders-shape", "light"});
  Falaj falaj(dir / "home", store.base_url());
  const auto report = falaj.run_ok();
  EXPECT_TRUE(report["reconciles"].as_bool()) << report["verdict"].as_string();

  // Requests for orders: 481 list pages, one details and one items call an order, and windows.
  int64_t order_requests = 0;
  for (const auto& stream : report["streams"].as_array()) {
    const auto name = stream["stream"].as_string();
    if (name == "orders" || name == "order_items") order_requests += stream["requests"].as_int();
  }
  std::printf("%lld requests for orders, %lld in all\n", static_cast<long long>(order_requests),
              static_cast<long long>(store.requests()));
  EXPECT_LE(order_requests, 58'300);

  for (const auto& comparison : kComparisons)
    expect_same(oracle, falaj, dir / "gold.csv", comparison);
  EXPECT_EQ(falaj.value("SELECT COUNT(*) || ' ' || CAST(SUM(total_amount) AS DECIMAL(18,2)) FROM "
                        "GOLD.gold_fact_orders WHERE order_status = 'restored'"),
            "4592 630602.51");
}

}  // namespace
}  // namespace falaj::test
