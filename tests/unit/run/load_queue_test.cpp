#include "run/load_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <thread>

#include "base/ulid.hpp"
#include "support/temp_dir.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::run {
namespace {

decode::TableSpec customers() {
  decode::TableSpec spec;
  spec.stream = "customers";
  spec.table = "bronze_customers";
  spec.id_column = "customer_id";
  spec.fields = {{"name", decode::FieldKind::kText, {"name"}}};
  return spec;
}

class LoadQueueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto landing = landing::Landing::open(files_, clock_, (dir_ / "landing").string());
    ASSERT_TRUE(landing.ok()) << landing.error().to_text();
    landing_ = std::make_unique<landing::Landing>(std::move(*landing));
  }

  void start(LoadQueue::Options queue_options = {}) {
    load::LoaderOptions options;
    options.specs = {customers()};
    options.run_id = "R1";
    // Opens when the test says so: until then nothing is loaded.
    queue_ = std::make_unique<LoadQueue>(
        *landing_, clock_, std::move(options),
        [this]() -> Result<std::unique_ptr<warehouse::Warehouse>> {
          opens_.set_value();
          may_open_.get_future().wait();
          warehouse::LakeOptions lake;
          lake.directory = (dir_ / "lake").string();
          lake.clock = &clock_;
          return warehouse::open_duckdb_file(lake);
        },
        load::load_schema({customers()}), std::vector<landing::Manifest>(), queue_options);
  }

  // A package of one customer that is in landing and, as far as the queue knows, of `megabytes`.
  landing::SealedPackage package(int64_t id, const std::string& name, int64_t megabytes) {
    landing::PackageWriterOptions options;
    options.keep_pages = true;
    auto writer = landing_->create_package(
        {PackageId(ulids_.next()), RunId("R1"), StoreId(7), "customers"}, options);
    landing::PageRecord page;
    page.stream = "customers";
    page.shape = "full";
    page.source = "list";
    page.request = "/customers?page=1";
    clock_.advance(std::chrono::seconds(1));
    page.fetched_at = clock_.now();
    page.body = landing::PageBody(fmt::format(R"({{"data":[{{"id":{},"name":"{}"}}]}})", id, name));
    EXPECT_TRUE(writer->append(std::move(page)).ok());
    auto sealed = writer->seal().value();
    sealed.manifest.raw_bytes = megabytes << 20;
    return sealed;
  }

  std::string value(const std::string& sql) {
    auto session = queue_->warehouse().open_session();
    auto table = (*session)->query(sql);
    EXPECT_TRUE(table.ok()) << table.error().to_text();
    return table.ok() ? table->rows[0][0].value_or("<null>") : "";
  }

  const test::TempDir dir_;
  ManualClock clock_{UtcTime(Micros(1'800'000'000'000'000))};
  UlidGenerator ulids_{clock_, 7};
  landing::PosixFileStore files_;
  std::promise<void> opens_;
  std::promise<void> may_open_;
  std::unique_ptr<landing::Landing> landing_;
  std::unique_ptr<LoadQueue> queue_;
};

TEST_F(LoadQueueTest, ExtractionGoesOnWhenLoadingCannotAndNothingIsLost) {
  start();
  // The second fills the memory; the others wait in landing, and between them comes a small one.
  ASSERT_TRUE(queue_->push(package(1, "a", 30)).ok());
  ASSERT_TRUE(queue_->push(package(1, "b", 30)).ok());
  ASSERT_TRUE(queue_->push(package(1, "c", 30)).ok());
  ASSERT_TRUE(queue_->push(package(2, "d", 1)).ok());
  may_open_.set_value();
  ASSERT_TRUE(queue_->wait_until_ready().ok());
  ASSERT_TRUE(queue_->push(package(1, "e", 1)).ok());
  const auto report = queue_->finish();
  ASSERT_TRUE(report.ok()) << report.error().to_text();
  EXPECT_EQ(report->packages_loaded, 5);
  EXPECT_EQ(report->packages_skipped, 0);
  EXPECT_EQ(value("SELECT string_agg(name, '' ORDER BY load_seq, extracted_at) FROM "
                  "BRONZE.bronze_customers WHERE customer_id = 1"),
            "abce");
  EXPECT_EQ(value("SELECT COUNT(DISTINCT package_id) FROM OPS.load_packages"), "5");
}

TEST_F(LoadQueueTest, ManySmallPackagesDoNotWaitInMemory) {
  start();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(queue_->push(package(i, "n", 0)).ok());
  may_open_.set_value();
  const auto report = queue_->finish();
  ASSERT_TRUE(report.ok()) << report.error().to_text();
  EXPECT_EQ(report->packages_loaded, 100);
  EXPECT_EQ(value("SELECT COUNT(*) FROM BRONZE.bronze_customers"), "100");
}

TEST_F(LoadQueueTest, WhatIsReadFromLandingIsGatheredToo) {
  start({.gather_bytes = 4 << 20});
  may_open_.set_value();
  ASSERT_TRUE(queue_->wait_until_ready().ok());
  for (int i = 0; i < 3; ++i) {
    auto sealed = package(i, "n", 1);
    sealed.pages.clear();
    ASSERT_TRUE(queue_->push(std::move(sealed)).ok());
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ASSERT_TRUE(queue_->finish().ok());
  EXPECT_EQ(value("SELECT COUNT(DISTINCT load_seq) || ' of ' || COUNT(*) FROM "
                  "BRONZE.bronze_customers"),
            "1 of 3");
}

TEST_F(LoadQueueTest, SaysHowManyPackagesAreLoaded) {
  std::vector<std::pair<int64_t, int64_t>> told;
  start({.on_loaded = [&](int64_t loaded, int64_t all) { told.emplace_back(loaded, all); }});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(queue_->push(package(i, "n", 30)).ok());
  std::thread opens([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    may_open_.set_value();
  });
  const auto report = queue_->finish();
  opens.join();
  ASSERT_TRUE(report.ok()) << report.error().to_text();
  ASSERT_GE(told.size(), 3U);
  EXPECT_EQ(told.front(), std::pair(int64_t{0}, int64_t{5}));
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_EQ(told.back(), std::pair(int64_t{5}, int64_t{5}));
}

TEST_F(LoadQueueTest, LoadingThatGivesWayBeginsWhenExtractionHasAMoment) {
  start({.has_low_priority = true, .is_waited_for = false});
  may_open_.set_value();
  auto opens = opens_.get_future();
  ASSERT_TRUE(queue_->push(package(1, "a", 1)).ok());
  EXPECT_EQ(opens.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
  queue_->let_begin();
  EXPECT_EQ(opens.wait_for(std::chrono::seconds(5)), std::future_status::ready);
  const auto report = queue_->finish();
  ASSERT_TRUE(report.ok()) << report.error().to_text();
  EXPECT_EQ(report->packages_loaded, 1);
}

TEST_F(LoadQueueTest, LoadingThatGivesWayDoesNotOutwaitTheEndOfExtraction) {
  start({.has_low_priority = true, .is_waited_for = false});
  may_open_.set_value();
  ASSERT_TRUE(queue_->push(package(1, "a", 1)).ok());
  const auto since = std::chrono::steady_clock::now();
  const auto report = queue_->finish();
  EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds(8));
  ASSERT_TRUE(report.ok()) << report.error().to_text();
  EXPECT_EQ(report->packages_loaded, 1);
}

}  // namespace
}  // namespace falaj::run
