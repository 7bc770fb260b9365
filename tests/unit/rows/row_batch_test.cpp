#include "rows/row_batch.hpp"

#include <gtest/gtest.h>

namespace falaj::rows {
namespace {

std::shared_ptr<const Schema> schema() {
  return std::make_shared<const Schema>(Schema{{{"id", ColumnType::kBigInt, true},
                                                {"name", ColumnType::kText},
                                                {"total", ColumnType::kMoney}}});
}

TEST(RowBatch, FillsUnsetCellsWithNull) {
  RowBatch batch(schema());
  batch.set_number(0, 7);
  batch.finish_row();
  batch.set_number(0, 8);
  batch.add_text(1, "ثوب");
  batch.set_number(2, 12'3456);
  batch.finish_row();
  ASSERT_EQ(batch.row_count(), 2U);
  EXPECT_TRUE(batch.is_null(1, 0));
  EXPECT_TRUE(batch.is_null(2, 0));
  EXPECT_EQ(batch.text(1, 0), "");
  EXPECT_EQ(batch.number(2, 0), 0);
  EXPECT_EQ(batch.text(1, 1), "ثوب");
  EXPECT_EQ(batch.numbers(0), (std::vector<int64_t>{7, 8}));
  EXPECT_EQ(batch.valid(2), (std::vector<uint8_t>{0, 1}));
}

TEST(RowBatch, ASecondSetOverwrites) {
  RowBatch batch(schema());
  batch.set_number(0, 1);
  batch.set_number(0, 2);
  batch.set_text(1, "long text");
  batch.set_text(1, "b");
  batch.finish_row();
  EXPECT_EQ(batch.number(0, 0), 2);
  EXPECT_EQ(batch.text(1, 0), "b");
  EXPECT_EQ(batch.bytes(), 1U + 2 * sizeof(int64_t));
}

TEST(RowBatch, ADiscardedRowLeavesNothing) {
  RowBatch batch(schema());
  batch.set_number(0, 1);
  batch.set_text(1, "a");
  batch.finish_row();
  const size_t bytes = batch.bytes();
  batch.set_number(0, 2);
  batch.set_text(1, "bcd");
  batch.discard_row();
  EXPECT_EQ(batch.bytes(), bytes);
  batch.set_number(0, 3);
  batch.finish_row();
  ASSERT_EQ(batch.row_count(), 2U);
  EXPECT_EQ(batch.number(0, 1), 3);
  EXPECT_TRUE(batch.is_null(1, 1));
  EXPECT_EQ(batch.texts(1).size(), 2U);
}

TEST(RowBatch, KeepsTextsAndPinsUntilCleared) {
  RowBatch batch(schema());
  const auto body = std::make_shared<const std::string>("page");
  batch.pin(body);
  EXPECT_EQ(body.use_count(), 2);
  const std::string big(1'000'000, 'x');
  for (int i = 0; i < 3; ++i) {
    batch.add_text(1, big);
    batch.set_text(1, batch.keep(std::string(10, static_cast<char>('a' + i))));
    batch.finish_row();
  }
  EXPECT_EQ(batch.text(1, 0), "aaaaaaaaaa");
  EXPECT_EQ(batch.text(1, 2), "cccccccccc");
  batch.clear();
  EXPECT_EQ(body.use_count(), 1);
  EXPECT_EQ(batch.row_count(), 0U);
  EXPECT_EQ(batch.bytes(), 0U);
}

#ifndef NDEBUG
TEST(RowBatchDeathTest, AWrongSetterIsABug) {
  RowBatch batch(schema());
  EXPECT_DEATH(batch.set_number(1, 5), "number for column name");
  EXPECT_DEATH(batch.set_text(0, "x"), "text for column id");
}
#endif

}  // namespace
}  // namespace falaj::rows
