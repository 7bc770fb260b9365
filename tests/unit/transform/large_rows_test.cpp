// Texts as large as answers allow, in a warehouse with the default memory: they are loaded and
// modelled, and the lake's catalog has neither them nor statistics of them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "connectors/salla/catalogue.hpp"
#include "load/bronze_schema.hpp"
#include "load/loader.hpp"
#include "support/temp_dir.hpp"
#include "transform/transformer.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::transform {
namespace {

constexpr uint64_t kDefaultMemory = uint64_t{160} << 20;

// Of no pattern that comes again within a page of the writer.
std::string text_of(size_t bytes, int64_t seed) {
  std::string text = fmt::format("{} ", seed);
  text.reserve(bytes);
  auto state = static_cast<uint64_t>(seed) + 1;
  while (text.size() < bytes) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    text.append(256, static_cast<char>('a' + (state >> 33U) % 26));
  }
  text.resize(bytes);
  return text;
}

class LargeRowsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto landing = landing::Landing::open(files_, clock_, (dir_ / "landing").string());
    ASSERT_TRUE(landing.ok());
    landing_ = std::make_unique<landing::Landing>(std::move(*landing));
    warehouse::LakeOptions options;
    options.directory = (dir_ / "lake").string();
    options.clock = &clock_;
    options.threads = 2;
    options.memory_limit_bytes = kDefaultMemory;
    auto opened = warehouse::open_lake(options);
    ASSERT_TRUE(opened.ok()) << opened.error().to_text();
    warehouse_ = std::move(*opened);
    auto tables = load::load_schema(connectors::salla::catalogue());
    for (auto& table : ModelRegistry::built_in().definitions()) tables.push_back(std::move(table));
    const Status created = warehouse_->create_tables(tables);
    ASSERT_TRUE(created.ok()) << created.error().to_text();
    session_ = std::move(*warehouse_->open_session());
  }

  void load(const std::string& stream, const std::string& entities) {
    landing::PageRecord page;
    page.stream = stream;
    page.shape = "full";
    page.source = "list";
    page.request = "/" + stream;
    page.fetched_at = clock_.now();
    page.body = landing::PageBody("{\"data\":[" + entities + "]}");
    landing::SealedPackage sealed;
    sealed.manifest.identity = {PackageId(fmt::format("01KDVDNA00DK9ZK0NKN8Y{:05}", ++packages_)),
                                RunId("R1"), StoreId(77), stream};
    sealed.manifest.pages = 1;
    sealed.manifest.raw_bytes = static_cast<int64_t>(page.body.size());
    sealed.pages.push_back(std::move(page));
    load::LoaderOptions options;
    options.specs = connectors::salla::catalogue();
    options.run_id = "R1";
    auto loader = load::Loader::create(*warehouse_, *landing_, clock_, std::move(options));
    ASSERT_TRUE(loader.ok()) << loader.error().to_text();
    std::vector<landing::SealedPackage> packages;
    packages.push_back(std::move(sealed));
    const auto report = (*loader)->load(std::move(packages));
    ASSERT_TRUE(report.ok()) << report.error().to_text();
  }

  void transform() {
    Transformer transformer(*session_, clock_);
    const auto report = transformer.run({.run_id = "R1"});
    ASSERT_TRUE(report.ok()) << report.error().to_text();
  }

  int64_t number(const std::string& sql) {
    const auto table = session_->query(sql);
    EXPECT_TRUE(table.ok()) << table.error().to_text();
    return table.ok() ? table->scalar_int() : -1;
  }

  int64_t longest_statistics() {
    return number(
        "SELECT MAX(GREATEST(COALESCE(LENGTH(min_value), 0), COALESCE(LENGTH(max_value), 0))) FROM "
        "(SELECT min_value, max_value FROM "
        "__ducklake_metadata_SALLA_DWH.ducklake_table_column_stats "
        "UNION ALL SELECT min_value, max_value FROM "
        "__ducklake_metadata_SALLA_DWH.ducklake_file_column_stats) AS s");
  }

  const test::TempDir dir_;
  ManualClock clock_{UtcTime(Micros(int64_t{1'771'200'000'000'000}))};
  landing::PosixFileStore files_;
  std::unique_ptr<landing::Landing> landing_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<warehouse::Session> session_;
  int64_t packages_ = 0;
};

TEST_F(LargeRowsTest, ManyLongTextsOfOnePageAreLoadedAndModelled) {
  std::string products;
  std::string customers;
  for (int64_t id = 1; id <= 60; ++id) {
    const char* comma = id > 1 ? "," : "";
    products += fmt::format(R"({}{{"id":{},"name":"P","description":"{}"}})", comma, id,
                            text_of(600'000, id));
    customers += fmt::format(R"({}{{"id":{},"first_name":"{}"}})", comma, id, text_of(600'000, id));
  }
  load("products", products);
  load("customers", customers);
  transform();
  EXPECT_EQ(number("SELECT COUNT(*) FROM SILVER.silver_products WHERE "
                   "LENGTH(product_description) = 600000"),
            60);
  EXPECT_EQ(number("SELECT COUNT(*) FROM SILVER.silver_customers WHERE LENGTH(first_name) = "
                   "600000"),
            60);
}

TEST_F(LargeRowsTest, OneGiantTextIsLoadedAloneAndStaysOutOfTheCatalog) {
  for (int64_t round = 1; round <= 2; ++round) {
    load("products",
         fmt::format(R"({{"id":1,"name":"P","description":"{}"}})", text_of(24'000'000, round)));
    transform();
    EXPECT_EQ(number("SELECT COUNT(*) FROM SILVER.silver_products WHERE "
                     "LENGTH(product_description) = 24000000"),
              1);
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM BRONZE.bronze_products"), 2);
  EXPECT_LE(longest_statistics(), 1000);
  EXPECT_LE(std::filesystem::file_size(dir_ / "lake" / "catalog.sqlite"), 20'000'000U);
}

}  // namespace
}  // namespace falaj::transform
