#include "load/column_types.hpp"

#include "unit/load/load_fixture.hpp"

namespace falaj::load {
namespace {

TEST_F(LoadTest, AColumnThatWouldChangeItsTypeIsFound) {
  auto session = warehouse_->open_session();
  ASSERT_TRUE(session.ok()) << session.error().to_text();
  auto specs = test_specs();
  const auto same = find_other_type(**session, warehouse_->database_name(), specs);
  ASSERT_TRUE(same.ok()) << same.error().to_text();
  EXPECT_FALSE(same->has_value()) << (*same)->column;
  ASSERT_EQ(specs[0].fields[1].column, "total_amount");
  specs[0].fields[1].kind = decode::FieldKind::kInt;
  const auto other = find_other_type(**session, warehouse_->database_name(), specs);
  ASSERT_TRUE(other.ok()) << other.error().to_text();
  ASSERT_TRUE(other->has_value());
  EXPECT_EQ((*other)->table, "bronze_orders");
  EXPECT_EQ((*other)->column, "total_amount");
  EXPECT_EQ((*other)->is, "amounts with 4 decimals");
  EXPECT_EQ((*other)->wanted, "whole numbers");
}

}  // namespace
}  // namespace falaj::load
