// A warehouse with the tables of the catalogue and the models, and packages of pages to load into it.
// Threads:  confined to one test. Errors: failed expectations.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "connectors/salla/catalogue.hpp"
#include "load/bronze_schema.hpp"
#include "load/loader.hpp"
#include "transform/transformer.hpp"
#include "warehouse/books/books_schema.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::transform {

inline constexpr int64_t kSecond = 1'000'000;
inline constexpr int64_t kStart = 1'771'200'000;  // 2026-02-16
inline constexpr int64_t kStore = 77;

// One warehouse and what fills it.
class Lake {
 public:
  Lake(const std::filesystem::path& directory, ManualClock& clock) : clock_(clock) {
    auto landing = landing::Landing::open(files_, clock, (directory / "landing").string());
    EXPECT_TRUE(landing.ok());
    landing_ = std::make_unique<landing::Landing>(std::move(*landing));
    warehouse::LakeOptions options;
    options.directory = (directory / "lake").string();
    options.clock = &clock;
    options.threads = 2;
    auto opened = warehouse::open_duckdb_file(options);
    EXPECT_TRUE(opened.ok()) << opened.error().to_text();
    warehouse_ = std::move(*opened);
    const auto& specs = connectors::salla::catalogue();
    auto tables = warehouse::ops_schema();
    for (auto& table : load::bronze_schema(specs)) tables.push_back(std::move(table));
    for (auto& table : ModelRegistry::built_in().definitions()) tables.push_back(std::move(table));
    const Status created = warehouse_->create_tables(tables);
    EXPECT_TRUE(created.ok()) << created.error().to_text();
    session_ = std::move(*warehouse_->open_session());
  }

  void load(std::vector<landing::SealedPackage> packages) {
    load::LoaderOptions options;
    options.specs = connectors::salla::catalogue();
    options.run_id = "R1";
    auto loader = load::Loader::create(*warehouse_, *landing_, clock_, std::move(options));
    ASSERT_TRUE(loader.ok()) << loader.error().to_text();
    const auto report = (*loader)->load(std::move(packages));
    ASSERT_TRUE(report.ok()) << report.error().to_text();
    for (const auto& table : report->tables) EXPECT_EQ(table.quarantined, 0) << table.table;
  }

  TransformReport transform(TransformOptions options = {},
                            const ModelRegistry& registry = ModelRegistry::built_in()) {
    options.run_id = "R1";
    options.attempts = 2;
    Transformer transformer(*session_, clock_, registry);
    auto report = transformer.run(options);
    EXPECT_TRUE(report.ok()) << report.error().to_text();
    return report.ok() ? std::move(*report) : TransformReport();
  }

  void execute(const std::string& sql) {
    const auto done = session_->execute(sql);
    ASSERT_TRUE(done.ok()) << done.error().to_text();
  }
  void create(const std::vector<warehouse::TableDefinition>& tables) {
    const Status created = warehouse_->create_tables(tables);
    ASSERT_TRUE(created.ok()) << created.error().to_text();
  }

  // Sorted rows, cells joined.
  std::vector<std::string> rows(const std::string& sql) {
    auto table = session_->query(sql);
    EXPECT_TRUE(table.ok()) << table.error().to_text();
    std::vector<std::string> lines;
    if (!table.ok()) return lines;
    for (const auto& row : table->rows) {
      std::string line;
      for (const auto& cell : row) line += cell.value_or("NULL") + "|";
      lines.push_back(std::move(line));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

 private:
  ManualClock& clock_;
  landing::PosixFileStore files_;
  std::unique_ptr<landing::Landing> landing_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<warehouse::Session> session_;
};

// One page of entities ("{...},{...}") as a package of its own; packages are numbered from 1.
inline landing::SealedPackage package_of(int64_t number, const std::string& stream,
                                         const std::string& shape, const std::string& entities,
                                         int64_t parent_id, int64_t at_second) {
  landing::PageRecord page;
  page.stream = stream;
  page.shape = shape;
  page.source = "list";
  page.request = "/" + stream;
  page.parent_id = parent_id;
  page.fetched_at = UtcTime(Micros((kStart + at_second) * kSecond));
  page.body = landing::PageBody("{\"data\":[" + entities + "]}");
  landing::SealedPackage sealed;
  sealed.manifest.identity = {PackageId(fmt::format("01KDVDNA00DK9ZK0NKN8Y{:05}", number)),
                              RunId("R1"), StoreId(kStore), stream};
  sealed.manifest.pages = 1;
  sealed.manifest.raw_bytes = static_cast<int64_t>(page.body.size());
  sealed.manifest.first_fetched_at = page.fetched_at;
  sealed.manifest.last_fetched_at = page.fetched_at;
  sealed.pages.push_back(std::move(page));
  return sealed;
}

}  // namespace falaj::transform
