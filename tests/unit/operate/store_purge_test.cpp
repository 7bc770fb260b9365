// Two stores in one warehouse: one is taken out, and what is left equals a warehouse that never had it.
// Made once, as a DuckDB file, and copied for each test: the models are what takes time.
#include "operate/store_purge.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/ulid.hpp"
#include "connectors/salla/catalogue.hpp"
#include "load/bronze_schema.hpp"
#include "operate/model_fixtures.hpp"
#include "operate/model_replay.hpp"
#include "support/temp_dir.hpp"
#include "transform/model_registry.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::operate {
namespace {

constexpr UtcTime kNow{Micros(1'795'700'000'000'000)};
const StoreId kKept(1305146709);
const StoreId kPurged(1305146710);

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// All rounds as one: what is in the tables is the point here, not the way to it.
ReplayRound merged(std::vector<ReplayRound> rounds) {
  ReplayRound whole = std::move(rounds.front());
  for (size_t i = 1; i < rounds.size(); ++i) {
    for (auto& package : rounds[i].packages) whole.packages.push_back(std::move(package));
  }
  return whole;
}

// The fixtures as another store has them: with a way to pay and a year that the first does not know.
std::vector<ReplayRound> rounds_of_other_store() {
  auto rounds = *read_fixtures(embedded_fixtures());
  for (auto& round : rounds) {
    for (auto& package : round.packages) {
      auto& identity = package.manifest.identity;
      identity.store_id = kPurged;
      identity.package_id = PackageId("OTHER" + identity.package_id.value());
      for (auto& page : package.pages) {
        std::string body(page.body.view());
        replace_all(body, "\"apple_pay\"", "\"tabby_installment\"");
        replace_all(body, "\"2031-", "\"2061-");
        page.body = landing::PageBody(std::move(body));
      }
    }
  }
  return rounds;
}

// What all tests begin with, on disk: one folder with both stores, one with the kept store alone.
class MadeWarehouses {
 public:
  MadeWarehouses() {
    specs = connectors::salla::catalogue();
    tables = load::load_schema(specs);
    for (auto& table : transform::ModelRegistry::built_in().definitions())
      tables.push_back(std::move(table));
    const auto kept = merged(*read_fixtures(embedded_fixtures()));
    make("alone", {kept});
    make("both", {kept, merged(rounds_of_other_store())});
  }

  // A copy of its own in `folder`, open.
  std::unique_ptr<warehouse::Warehouse> copy(const std::string& name, const std::string& folder,
                                             Clock& clock) const {
    std::filesystem::copy(dir_ / name, folder, std::filesystem::copy_options::recursive);
    return open(folder, clock);
  }
  static void play(warehouse::Warehouse& warehouse, std::vector<ReplayRound> rounds,
                   const landing::Landing& landing, Clock& clock) {
    ReplayOptions options;
    options.rounds = std::move(rounds);
    options.landing = &landing;
    options.loader.specs = connectors::salla::catalogue();
    options.clock = &clock;
    const auto done = replay(warehouse, options);
    ASSERT_TRUE(done.ok()) << done.error().to_text();
  }

  std::vector<decode::TableSpec> specs;
  std::vector<warehouse::TableDefinition> tables;

 private:
  static std::unique_ptr<warehouse::Warehouse> open(const std::string& folder, Clock& clock) {
    warehouse::LakeOptions options;
    options.directory = folder;
    options.clock = &clock;
    auto opened = warehouse::open_duckdb_file(options);
    EXPECT_TRUE(opened.ok()) << opened.error().to_text();
    return opened.ok() ? std::move(*opened) : nullptr;
  }
  void make(const std::string& name, std::vector<ReplayRound> rounds) {
    ManualClock clock(kNow);
    landing::PosixFileStore files;
    auto landing = landing::Landing::open(files, clock, dir_ / (name + "-landing"));
    ASSERT_TRUE(landing.ok()) << landing.error().to_text();
    const auto warehouse = open((dir_ / name).string(), clock);
    ASSERT_NE(warehouse, nullptr);
    play(*warehouse, std::move(rounds), *landing, clock);
  }

  test::TempDir dir_;
};

class StorePurge : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { made_ = std::make_unique<MadeWarehouses>(); }
  static void TearDownTestSuite() { made_.reset(); }

  void SetUp() override {
    auto landing = landing::Landing::open(files_, clock_, dir_ / "home/landing");
    ASSERT_TRUE(landing.ok()) << landing.error().to_text();
    landing_ = std::make_unique<landing::Landing>(std::move(*landing));
    auto state = state::StateStore::open(dir_ / "home");
    ASSERT_TRUE(state.ok()) << state.error().to_text();
    state_ = std::make_unique<state::StateStore>(std::move(*state));
    warehouse_ = made_->copy("both", (dir_ / "warehouse").string(), clock_);
    ASSERT_NE(warehouse_, nullptr);
    for (const auto store : {kKept, kPurged}) remember(store);
  }

  // A landed package, cursors and a name.
  void remember(StoreId store) {
    const auto id = std::to_string(store.value());
    auto writer = landing_->create_package({PackageId(ulids_.next()), RunId("R"), store, "orders"});
    landing::PageRecord page;
    page.stream = "orders";
    page.body = landing::PageBody(std::string("{\"data\":[]}"));
    page.fetched_at = kNow;
    ASSERT_TRUE(writer->append(std::move(page)).ok());
    ASSERT_TRUE(writer->seal().ok());
    ASSERT_TRUE(state_->set_cursor(store, "junction", "1", kNow).ok());
    ASSERT_TRUE(
        state_->save_store("token of " + id, {store.value(), "store " + id, ""}, kNow).ok());
    ASSERT_TRUE(state_->begin_store(store, RunId("R"), kNow, std::chrono::hours(24)).ok());
  }

  PurgeParts parts(warehouse::Warehouse* warehouse) {
    return {*state_, *landing_, clock_, warehouse, made_->tables, {}};
  }
  PurgeReport purge(bool is_dry_run = false) {
    auto report = purge_store(parts(warehouse_.get()), kPurged, is_dry_run);
    EXPECT_TRUE(report.ok()) << report.error().to_text();
    return report.ok() ? *report : PurgeReport();
  }

  // Every row of a layer but for what says when and in which commit it was written.
  std::multiset<std::string> rows_of(warehouse::Warehouse& warehouse, const std::string& schema,
                                     const std::string& where = "TRUE") {
    const std::set<std::string> left_out = {"change_seq", "load_seq", "loaded_at", "processed_at"};
    std::multiset<std::string> rows;
    auto session = std::move(*warehouse.open_session());
    for (const auto& table : made_->tables) {
      if (table.schema != schema || !table.view_sql.empty()) continue;
      std::string columns;
      for (const auto& column : table.columns.columns) {
        if (!left_out.contains(column.name)) columns += (columns.empty() ? "" : ", ") + column.name;
      }
      const auto found = session->query("SELECT " + columns + " FROM " + schema + "." + table.name +
                                        " WHERE " + where);
      EXPECT_TRUE(found.ok()) << found.error().to_text();
      for (const auto& row : found->rows) {
        std::string text = table.name;
        for (const auto& cell : row) text += " | " + cell.value_or("NULL");
        rows.insert(std::move(text));
      }
    }
    return rows;
  }
  std::string value(const std::string& sql) {
    auto session = std::move(*warehouse_->open_session());
    const auto found = session->query(sql);
    EXPECT_TRUE(found.ok()) << found.error().to_text();
    return found.ok() ? found->rows[0][0].value_or("NULL") : "";
  }

  test::TempDir dir_;
  ManualClock clock_{kNow};
  UlidGenerator ulids_{clock_, 7};
  landing::PosixFileStore files_;
  std::unique_ptr<landing::Landing> landing_;
  std::unique_ptr<state::StateStore> state_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  static std::unique_ptr<MadeWarehouses> made_;
};
std::unique_ptr<MadeWarehouses> StorePurge::made_;

TEST_F(StorePurge, WhatIsLeftEqualsAWarehouseThatNeverHadTheStore) {
  const auto alone = made_->copy("alone", (dir_ / "alone").string(), clock_);
  ASSERT_NE(alone, nullptr);
  EXPECT_EQ(value("SELECT COUNT(*) FROM GOLD.gold_dim_payment_method WHERE payment_method_name = "
                  "'tabby_installment'"),
            "1");
  EXPECT_EQ(value("SELECT MAX(year) FROM GOLD.gold_dim_date"), "2062");

  const auto counted = purge(true);
  EXPECT_TRUE(counted.is_dry_run);
  EXPECT_EQ(value("SELECT COUNT(DISTINCT store_id) FROM OPS.load_packages"), "2") << "a dry run";
  const auto report = purge();
  EXPECT_EQ(report.rows(), counted.rows());
  EXPECT_EQ(report.tables.size(), counted.tables.size());
  EXPECT_GT(report.shared_rows, 365 * 10) << "eleven years and a way to pay";
  EXPECT_EQ(report.packages, 1);
  EXPECT_EQ(report.remembered, 1);
  for (const char* schema : {"BRONZE", "SILVER", "GOLD"})
    EXPECT_EQ(rows_of(*warehouse_, schema), rows_of(*alone, schema)) << schema;
  for (const char* table : {"load_packages", "coverage", "reconciliations"}) {
    EXPECT_EQ(value(std::string("SELECT COUNT(*) FROM OPS.") + table +
                    " WHERE store_id = " + std::to_string(kPurged.value())),
              "0")
        << table;
  }
  EXPECT_EQ(purge().rows(), 0) << "again there is nothing to do";
}

TEST_F(StorePurge, TheOtherStoreIsNotTouchedAndCanBeRefreshedAfterwards) {
  const auto mine = "store_id = " + std::to_string(kKept.value());
  const auto before = rows_of(*warehouse_, "SILVER", mine);
  EXPECT_GT(before.size(), 100U);
  purge();
  EXPECT_EQ(rows_of(*warehouse_, "SILVER", mine), before);
  const auto landed = landing_->list();
  ASSERT_TRUE(landed.ok());
  ASSERT_EQ(landed->packages.size(), 1U);
  EXPECT_EQ(landed->packages[0].identity.store_id, kKept);
  EXPECT_EQ(*state_->count_cursors(kKept), 1);
  EXPECT_EQ(*state_->count_cursors(kPurged), 0);
  EXPECT_EQ(state_->stores()->size(), 1U);
  EXPECT_EQ(state_->unfinished_stores(UtcTime{})->count(kPurged.value()), 0U);
  // The store that went comes back as a new one, and the models take it.
  auto back = merged(rounds_of_other_store());
  MadeWarehouses::play(*warehouse_, {std::move(back)}, *landing_, clock_);
  EXPECT_EQ(value("SELECT COUNT(DISTINCT store_id) FROM GOLD.gold_fact_orders"), "2");
  EXPECT_EQ(value("SELECT COUNT(*) FROM GOLD.gold_dim_payment_method WHERE payment_method_name = "
                  "'tabby_installment'"),
            "1");
}

// A warehouse that cannot be reached: what a kill before the transaction leaves.
class NoWarehouse final : public warehouse::Warehouse {
 public:
  Result<std::unique_ptr<warehouse::Session>> open_session() override {
    return Error(ErrorKind::kUnavailable, "not there");
  }
  Status create_tables(const std::vector<warehouse::TableDefinition>&) override { return {}; }
  Status set_threads(int) override { return {}; }
  Status maintain() override { return {}; }
  std::string database_name() const override { return "SALLA_DWH"; }
};

TEST_F(StorePurge, WhatAKillLeavesIsWholeAndTheSameCallGoesOn) {
  NoWarehouse away;
  const auto killed = purge_store(parts(&away), kPurged, false);
  ASSERT_FALSE(killed.ok());
  EXPECT_EQ(killed.error().kind(), ErrorKind::kUnavailable);
  EXPECT_EQ(value("SELECT COUNT(DISTINCT store_id) FROM OPS.load_packages"), "2");
  EXPECT_EQ(*state_->count_cursors(kPurged), 0) << "else a run would trust them, with no rows left";
  EXPECT_EQ(state_->stores()->size(), 2U) << "its name is still known";
  EXPECT_GT(purge().rows(), 0);
  EXPECT_EQ(value("SELECT COUNT(DISTINCT store_id) FROM OPS.load_packages"), "1");
  EXPECT_EQ(state_->stores()->size(), 1U);
}

}  // namespace
}  // namespace falaj::operate
