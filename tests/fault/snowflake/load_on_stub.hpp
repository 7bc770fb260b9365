// A store's packages loaded into the stub through the real driver.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "fault/snowflake/good_statements.hpp"
#include "support/fakesnow.hpp"
#include "support/snowflake_stub/snowflake_stub.hpp"
#include "unit/load/load_fixture.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"

namespace falaj::test {

#define FALAJ_REQUIRE_DRIVER() \
  if (snowflake_driver().empty()) GTEST_SKIP() << "the Snowflake driver is not there: make deps"

inline warehouse::SnowflakeOptions stub_options(const SnowflakeStub& stub,
                                                const std::filesystem::path& folder, Clock& clock) {
  warehouse::SnowflakeOptions options;
  options.driver_path = snowflake_driver();
  options.account = "stub";
  options.host = stub.url();
  options.user = "falaj";
  options.password = Secret("stub-password");
  options.staging_directory = (folder / "upload").string();
  options.writer = "the stub's home";  // the same for each of its runs
  options.tag = {.dag = "run", .run = "R1"};
  options.clock = &clock;
  return options;
}

class LoadOnStub : private load::LoadTest {
 public:
  explicit LoadOnStub(SnowflakeStub::Options options = {}) : stub(std::move(options)) {
    auto opened = landing::Landing::open(files_, clock_, (dir_ / "landing").string());
    EXPECT_TRUE(opened.ok());
    set_log_level(LogLevel::kError);  // each warns of its password
    landing_ = std::make_unique<landing::Landing>(std::move(*opened));
  }

  // Opens the account as a new process does; `request_timeout`: how long one request is tried.
  void open(std::chrono::seconds request_timeout) {
    warehouse_.reset();
    auto options = stub_options(stub, dir_.path(), clock_);
    options.request_timeout = request_timeout;
    auto opened = warehouse::open_snowflake(options);
    ASSERT_TRUE(opened.ok()) << opened.error().to_text();
    warehouse_ = std::move(*opened);
  }
  Status create_tables() {
    return warehouse_->create_tables(load::load_schema(load::test_specs()));
  }
  std::unique_ptr<warehouse::Session> session() { return std::move(*warehouse_->open_session()); }

  // What one batch of a run loads: orders with their items, customers, and a deletion.
  Result<load::LoadReport> load() {
    const auto order = [](int64_t id, const std::string& items) {
      return fmt::format(R"({{"id":{},"status":"new","total":12.5,"items":[{}]}})", id, items);
    };
    std::vector<landing::SealedPackage> packages;
    packages.push_back(
        package("P1", "orders",
                {page("orders", "full", 100, order(1, item(1, 2)) + "," + order(2, item(2, 3))),
                 page("orders", "full", 101, order(3, item(3, 1) + "," + item(4, 1)))}));
    packages.push_back(customers("P2", 102, customer(1, "a") + "," + customer(2, "b")));
    packages.push_back(package(
        "P3", "deletions",
        {page("deletions", "full", 103, R"({"id":9,"entity":"customers","deleted_at":1})")}));
    return make_loader(*warehouse_)->load(std::move(packages));
  }

  // Exactly what load() has, once; nothing is left on disk.
  void expect_complete() {
    const auto count = [&](const char* table) {
      return stub.value(std::string("SELECT count(*) FROM ") + table);
    };
    EXPECT_EQ(count("BRONZE.bronze_orders"), "3");
    EXPECT_EQ(count("BRONZE.bronze_order_items"), "4");
    EXPECT_EQ(count("BRONZE.bronze_customers"), "2");
    EXPECT_EQ(count("BRONZE.bronze_deletions"), "1");
    EXPECT_EQ(count("OPS.commits"), "1");
    EXPECT_EQ(stub.value("SELECT count(*) || '/' || count(DISTINCT package_id || table_name) || "
                         "'/' || count(DISTINCT package_id) FROM OPS.load_packages"),
              "5/5/3");
    EXPECT_EQ(stub.value("SELECT sum(fetched) || '=' || sum(loaded + unchanged + quarantined) FROM "
                         "OPS.load_packages"),
              "13=13");
    for (const auto& entry : std::filesystem::directory_iterator(dir_ / "upload")) {
      EXPECT_FALSE(entry.is_regular_file()) << entry.path();
    }
  }

  // The tables as create_tables() made them.
  void empty_tables() {
    for (const auto& table : load::load_schema(load::test_specs())) {
      // The turn's rows stay: whoever held it was of this home.
      if (table.view_sql.empty()) stub.look("DELETE FROM " + table.schema + "." + table.name);
    }
  }

  SnowflakeStub stub;

 private:
  void TestBody() override {}
};

}  // namespace falaj::test
