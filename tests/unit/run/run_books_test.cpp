#include "run/run_books.hpp"

#include <gtest/gtest.h>

#include "connectors/salla/catalogue.hpp"
#include "load/bronze_schema.hpp"
#include "support/temp_dir.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::run {
namespace {

TEST(RunBooks, CountWhatAllProcessesOfARunHaveLoaded) {
  test::TempDir dir;
  ManualClock clock{UtcTime(Micros(1'795'700'000'000'000))};
  warehouse::LakeOptions options;
  options.directory = dir / "lake";
  options.clock = &clock;
  const auto warehouse = std::move(*warehouse::open_duckdb_file(options));
  ASSERT_TRUE(warehouse->create_tables(load::load_schema(connectors::salla::catalogue())).ok());
  const auto session = std::move(*warehouse->open_session());
  ASSERT_TRUE(
      session
          ->execute("INSERT INTO OPS.load_packages (package_id, store_id, stream, "
                    "table_name, run_id, fetched, loaded, unchanged, quarantined, is_set) VALUES "
                    "('P1', 7, 'orders', 'bronze_orders', 'R1', 10, 7, 2, 1, FALSE), "
                    "('P2', 7, 'orders', 'bronze_orders', 'R1', 5, 5, 0, 0, FALSE), "
                    "('P2', 7, 'order_items', 'bronze_order_items', 'R1', 9, 9, 0, 0, FALSE), "
                    "('P2', 7, 'order_items', 'bronze_order_item_sets', 'R1', 3, 3, 0, 0, TRUE), "
                    "('P2', 7, 'notes', 'bronze_note_piles', 'R1', 4, 4, 0, 0, TRUE), "
                    "('P0', 7, 'orders', 'bronze_orders', 'R1', 1, 1, 0, 0, NULL), "
                    "('P0', 7, 'product_variants', 'bronze_product_variant_sets', 'R1', 2, 2, 0, "
                    "0, NULL), "
                    "('P3', 7, 'orders', 'bronze_orders', 'R2', 4, 0, 4, 0, FALSE)")
          .ok());
  const auto books = read_books(*session, "R1");
  ASSERT_TRUE(books.ok()) << books.error().to_text();
  ASSERT_EQ(books->size(), 2U);
  EXPECT_EQ((*books)[0].stream, "order_items");
  EXPECT_EQ((*books)[0].loaded, 9);
  EXPECT_EQ((*books)[1].fetched, 16);
  EXPECT_EQ((*books)[1].loaded, 13);
  EXPECT_EQ((*books)[1].unchanged, 2);
  EXPECT_EQ((*books)[1].quarantined, 1);
  const auto rows = rows_loaded_by(*session, {"R1", "R2", "it's no run"});
  ASSERT_TRUE(rows.ok()) << rows.error().to_text();
  EXPECT_EQ(*rows, (std::map<std::string, int64_t>{{"R1", 22}, {"R2", 0}}));
  EXPECT_TRUE(rows_loaded_by(*session, {})->empty());
}

}  // namespace
}  // namespace falaj::run
