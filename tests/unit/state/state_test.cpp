// The control state: across processes, restarts and damage.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "state/state_store.hpp"
#include "support/temp_dir.hpp"

namespace falaj::state {
namespace {

constexpr UtcTime kNow{Micros(1'795'000'000'000'000)};

class StateTest : public ::testing::Test {
 protected:
  StateStore open() {
    auto store = StateStore::open(home());
    EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().to_text());
    return std::move(store).value();
  }
  std::string home() const { return dir_.path().string(); }
  std::filesystem::path file() const { return dir_ / "state/falaj.db"; }
  test::TempDir dir_;
};

TEST_F(StateTest, ARunThatWasKilledOrFailedIsTakenUpAndADoneOneIsNot) {
  {
    auto store = open();
    EXPECT_FALSE(store.unfinished_run(kNow)->has_value());
    ASSERT_TRUE(store.start_run(RunId("R1"), kNow).ok());
  }
  auto store = open();
  EXPECT_EQ((*store.unfinished_run(kNow))->run_id, "R1") << "killed";
  EXPECT_FALSE(store.unfinished_run(kNow + std::chrono::seconds(1))->has_value()) << "too old";
  ASSERT_TRUE(store.finish_run(RunId("R1"), "failed", kNow, R"({"error":"x"})").ok());
  EXPECT_EQ((*store.unfinished_run(kNow))->run_id, "R1") << "failed";
  ASSERT_TRUE(store.start_run(RunId("R1"), kNow).ok());
  ASSERT_TRUE(store.finish_run(RunId("R1"), "done", kNow, "{}").ok());
  EXPECT_FALSE(store.unfinished_run(kNow)->has_value());
  ASSERT_TRUE(store.start_run(RunId("R2"), kNow + std::chrono::seconds(5)).ok());
  const auto runs = store.recent_runs(5);
  ASSERT_TRUE(runs.ok());
  ASSERT_EQ(runs->size(), 2U);
  EXPECT_EQ(runs->front().run_id, "R2") << "newest first";
  EXPECT_EQ(runs->back().status, "done");
}

TEST_F(StateTest, AStoreThatWasNotReadToTheEndGoesOnUnderTheRunThatBeganIt) {
  constexpr auto kDay = std::chrono::hours(24);
  const StoreId slow(1);
  const StoreId fast(2);
  auto store = open();
  EXPECT_EQ(*store.begin_store(slow, RunId("R1"), kNow, kDay), RunId("R1"));
  EXPECT_EQ(*store.begin_store(fast, RunId("R1"), kNow, kDay), RunId("R1"));
  ASSERT_TRUE(store.end_store(fast).ok());
  store = open();
  EXPECT_EQ(*store.begin_store(slow, RunId("R2"), kNow + kDay, kDay), RunId("R1"));
  EXPECT_EQ(*store.begin_store(fast, RunId("R2"), kNow + kDay, kDay), RunId("R2"));
  EXPECT_EQ(*store.unfinished_stores(kNow),
            (std::map<int64_t, RunId>{{1, RunId("R1")}, {2, RunId("R2")}}));
  EXPECT_EQ(store.unfinished_stores(kNow + kDay)->size(), 1U) << "the older one is too old";
  const auto later = kNow + kDay + std::chrono::seconds(1);
  EXPECT_EQ(*store.resumable_run(slow, later - kDay), std::nullopt);
  EXPECT_EQ(*store.resumable_run(fast, later - kDay), RunId("R2"));
  EXPECT_EQ(*store.begin_store(slow, RunId("R3"), later, kDay), RunId("R3")) << "too old";
  ASSERT_TRUE(store.start_run(RunId("R4"), later).ok());
  EXPECT_EQ(*store.resumable_run(StoreId(3), later), RunId("R4")) << "a store not yet begun";
  EXPECT_EQ(*store.resumable_run(slow, later), RunId("R3"));
}

TEST_F(StateTest, CursorsAreByStoreAndName) {
  auto store = open();
  EXPECT_FALSE(store.cursor(StoreId(1), "a")->has_value());
  ASSERT_TRUE(store.set_cursor(StoreId(1), "a", "old", kNow).ok());
  ASSERT_TRUE(store.set_cursor(StoreId(1), "a", "قيمة 'quoted'", kNow).ok());
  ASSERT_TRUE(store.set_cursor(StoreId(2), "a", "other", kNow).ok());
  store = open();
  EXPECT_EQ(**store.cursor(StoreId(1), "a"), "قيمة 'quoted'");
  EXPECT_EQ(**store.cursor(StoreId(2), "a"), "other");
  EXPECT_FALSE(store.cursor(StoreId(1), "b")->has_value());
  ASSERT_TRUE(store.save_store("f", {3, "store", "pro"}, kNow).ok());
  EXPECT_EQ(*store.store_ids(), (std::vector<int64_t>{1, 2, 3})) << "whose runs have read them";
}

TEST_F(StateTest, AStoreIsFoundByItsFingerprint) {
  auto store = open();
  EXPECT_FALSE(store.find_store("f")->has_value());
  ASSERT_TRUE(store.save_store("f", {7, "متجر", "plus"}, kNow).ok());
  ASSERT_TRUE(store.save_store("f", {7, "متجر جديد", "pro"}, kNow).ok());
  EXPECT_EQ((*store.find_store("f"))->name, "متجر جديد");
  EXPECT_EQ((*store.find_store("f"))->store_id, 7);
}

TEST_F(StateTest, ADamagedFileIsAStorageErrorThatNamesIt) {
  { open(); }
  std::ofstream(file(), std::ios::binary) << std::string(8192, 'x');
  const auto store = StateStore::open(home());
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().kind(), ErrorKind::kStorageFailed);
  EXPECT_NE(store.error().to_text().find("falaj.db"), std::string::npos) << store.error().to_text();
}

}  // namespace
}  // namespace falaj::state
