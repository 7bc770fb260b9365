#include "load/loader.hpp"

#include "unit/load/load_fixture.hpp"

namespace falaj::load {
namespace {

TEST_F(LoadTest, StoresRowsWithTheirBooksAndCommit) {
  const auto report = load({customers("P1", 100, customer(1, "a") + "," + customer(2, "b"))});
  EXPECT_EQ(report.packages_loaded, 1);
  EXPECT_EQ(report.last_seq, 1);
  const auto counts = counts_of(report, "bronze_customers");
  EXPECT_EQ(counts.fetched, 2);
  EXPECT_EQ(counts.loaded, 2);
  EXPECT_EQ(counts.pages, 1);
  EXPECT_EQ(value("SELECT string_agg(customer_id || name || shape || source || package_id || "
                  "package_row || load_seq || source_system, ' ' ORDER BY customer_id) FROM "
                  "BRONZE.bronze_customers"),
            "1afulllistP101salla 2bfulllistP111salla");
  EXPECT_EQ(value("SELECT min(loaded_at) FROM BRONZE.bronze_customers"),
            "2027-01-15 08:00:00.000000");
  EXPECT_EQ(value("SELECT max(extracted_at) FROM BRONZE.bronze_customers"),
            "1970-01-01 00:01:40.000000");
  EXPECT_EQ(value("SELECT raw_data FROM BRONZE.bronze_customers WHERE customer_id = 1"),
            customer(1, "a"));
  EXPECT_EQ(value("SELECT package_id || stream || table_name || fetched || loaded || unchanged || "
                  "quarantined || pages || load_seq FROM OPS.load_packages"),
            "P1customersbronze_customers220011");
  EXPECT_EQ(value("SELECT seq || kind || run_id FROM OPS.commits"), "1loadR1");
  EXPECT_EQ(value("SELECT entity_name || records_loaded FROM BRONZE.load_watermarks"),
            "bronze_customers2");
}

TEST_F(LoadTest, LostValuesAreInTheBooksOnceAndInTheNotes) {
  const std::string odd = R"({"id":7,"name":{"it's":"\\"}})";
  const auto first = load({customers("P1", 100, customer(1, "a") + "," + odd),
                           customers("P2", 200, R"({"id":8,"name":["x"]})")});
  EXPECT_EQ(counts_of(first, "bronze_customers").quarantined, 0);
  EXPECT_EQ(counts_of(first, "bronze_customers").loaded, 3);
  EXPECT_EQ(value("SELECT raw_data FROM BRONZE.bronze_customers WHERE name IS NULL AND customer_id "
                  "= 7"),
            odd);
  EXPECT_EQ(
      value("SELECT string_agg(package_id || store_id || stream || table_name || column_name || "
            "rule || values_lost || example_id || example || run_id || load_seq, ' ' ORDER BY "
            "package_id) FROM OPS.schema_drift WHERE noted_at IS NOT NULL"),
      "P17customersbronze_customersnamewrong_type17name: found an object, expected a textR11 "
      "P27customersbronze_customersnamewrong_type18name: found an array, expected a textR11");
  ASSERT_EQ(first.lost.size(), 1U);
  EXPECT_EQ(first.lost[0].values, 2);
  EXPECT_EQ(
      first.lost_notes(),
      std::vector<std::string>{
          "customers: 2 values of name could not be read and are NULL (wrong_type; the first, of "
          "7: name: found an object, expected a text); raw_data has them, OPS.schema_drift lists "
          "them"});
  // The same again is not stored, and not counted.
  const auto again = load({customers("P3", 300, odd)});
  EXPECT_TRUE(again.lost.empty());
  EXPECT_EQ(value("SELECT COUNT(*) FROM OPS.schema_drift"), "2");
}

TEST_F(LoadTest, APackageInTheBooksIsSkipped) {
  load({customers("P1", 100, customer(1, "a"))});
  const auto again = load({customers("P1", 100, customer(1, "changed"))});
  EXPECT_EQ(again.packages_skipped, 1);
  EXPECT_EQ(again.packages_loaded, 0);
  EXPECT_EQ(again.packages.size(), 1U) << "may be removed from the landing";
  EXPECT_EQ(again.last_seq, 0);
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_customers"), "1");
  EXPECT_EQ(value("SELECT count(*) FROM OPS.commits"), "1");
}

TEST_F(LoadTest, UnchangedPayloadsAreCountedNotStored) {
  load({customers("P1", 100, customer(1, "a") + "," + customer(2, "b"))});
  const auto report = load({customers("P2", 200, customer(1, "a") + "," + customer(2, "B"))});
  const auto counts = counts_of(report, "bronze_customers");
  EXPECT_EQ(counts.fetched, 2);
  EXPECT_EQ(counts.loaded, 1);
  EXPECT_EQ(counts.unchanged, 1);
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_customers"), "3");
  // Back to the first payload: that is a change too.
  const auto back = load({customers("P3", 300, customer(2, "b"))});
  EXPECT_EQ(counts_of(back, "bronze_customers").loaded, 1);
}

TEST_F(LoadTest, ComparesOneAfterTheOtherInOneBatch) {
  const auto report =
      load({customers("P1", 100, customer(1, "A")), customers("P2", 200, customer(1, "B")),
            customers("P3", 300, customer(1, "A") + "," + customer(2, "X")),
            customers("P4", 400, customer(2, "X"))});
  const auto counts = counts_of(report, "bronze_customers");
  EXPECT_EQ(counts.fetched, 5);
  EXPECT_EQ(counts.loaded, 4);  // A, B, A and X
  EXPECT_EQ(counts.unchanged, 1);
  EXPECT_EQ(value("SELECT string_agg(name, '' ORDER BY extracted_at) FROM BRONZE.bronze_customers "
                  "WHERE customer_id = 1"),
            "ABA");
  EXPECT_EQ(value("SELECT count(*) FROM OPS.load_packages"), "4");
}

TEST_F(LoadTest, TheSameOnOnePageCountsOnce) {
  const auto report = load(
      {customers("P1", 100, customer(1, "A") + "," + customer(1, "A") + "," + customer(1, "B"))});
  EXPECT_EQ(counts_of(report, "bronze_customers").loaded, 2);
  EXPECT_EQ(counts_of(report, "bronze_customers").unchanged, 1);
}

// A clock that was ahead and is set right: what is committed later is newer.
TEST_F(LoadTest, WhatIsCommittedLaterIsNewerWhateverTheClockSaid) {
  load({customers("P2", 200, customer(1, "first"))});
  EXPECT_EQ(
      counts_of(load({customers("P1", 100, customer(1, "second"))}), "bronze_customers").loaded, 1);
  EXPECT_EQ(
      counts_of(load({customers("P3", 50, customer(1, "second"))}), "bronze_customers").unchanged,
      1);
  EXPECT_EQ(
      counts_of(load({customers("P4", 150, customer(1, "first"))}), "bronze_customers").loaded, 1)
      << "it was not the newest any more";
  EXPECT_EQ(value("SELECT string_agg(name, ' ' ORDER BY load_seq) FROM BRONZE.bronze_customers"),
            "first second first");
}

// In one load() what a run found gone comes after all that it saw, and the packages of a run after
// those of the runs before it.
TEST_F(LoadTest, DeletionsOfARunFollowWhatItSaw) {
  auto gone = package("P1", "deletions", {page("deletions", "full", 100, R"({"id":1})")});
  auto seen = customers("P2", 90, customer(1, "a"));
  auto older = customers("P9", 500, customer(2, "b"));
  older.manifest.identity.run_id = RunId("R0");
  LoaderOptions options;
  options.batch_packages = 1;
  std::vector<landing::SealedPackage> packages;
  packages.push_back(std::move(gone));
  packages.push_back(std::move(seen));
  packages.push_back(std::move(older));
  const auto report = make_loader(*warehouse_, std::move(options))->load(std::move(packages));
  ASSERT_TRUE(report.ok()) << report.error().to_text();
  EXPECT_EQ(report->packages,
            (std::vector<PackageId>{PackageId("P9"), PackageId("P2"), PackageId("P1")}));
}

TEST_F(LoadTest, StoresAndShapesAreComparedApart) {
  const std::string order = R"({"id":1,"status":"new","total":5})";
  load({package("P1", "orders", {page("orders", "summary", 100, order)})});
  const auto other = load({package("P2", "orders", {page("orders", "details", 200, order)}),
                           package("P3", "orders", {page("orders", "summary", 300, order)}, 8)});
  EXPECT_EQ(counts_of(other, "bronze_orders").loaded, 2);
  const auto same = load({package("P4", "orders", {page("orders", "details", 400, order)})});
  EXPECT_EQ(counts_of(same, "bronze_orders").unchanged, 1);
}

TEST_F(LoadTest, WhatComesBackAfterADeletionIsStoredAgainOnce) {
  const auto gone = [](const std::string& id, int64_t second) {
    const auto record = fmt::format(R"({{"id":1,"entity":"customers","deleted_at":{}}})", second);
    return package(id, "deletions", {page("deletions", "full", second, record)});
  };
  const auto loaded = [&](const std::string& id, int64_t second) {
    return counts_of(load({customers(id, second, customer(1, "a"))}), "bronze_customers").loaded;
  };
  EXPECT_EQ(loaded("P1", 100), 1);
  load({gone("P2", 200)});
  EXPECT_EQ(loaded("P3", 150), 1) << "committed later, whatever the clock said";
  EXPECT_EQ(loaded("P4", 300), 0);
  EXPECT_EQ(loaded("P5", 400), 0);
  load({gone("P6", 500)});
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_deletions"), "2");
  EXPECT_EQ(loaded("P7", 600), 1);
}

TEST_F(LoadTest, WhatAWholeOrderHasOvertakenIsStoredAgainOnce) {
  const auto order = [](const std::string& id, const std::string& shape, int64_t second,
                        const std::string& status, const std::string& total) {
    const auto record = fmt::format(R"({{"id":1,"status":"{}","total":{}}})", status, total);
    return package(id, "orders", {page("orders", shape, second, record)});
  };
  const auto loaded = [&](landing::SealedPackage package) {
    return counts_of(load({std::move(package)}), "bronze_orders").loaded;
  };
  EXPECT_EQ(loaded(order("P1", "summary", 100, "new", "12.5")), 1);
  EXPECT_EQ(loaded(order("P2", "details", 200, "new", "12.50")), 1);
  EXPECT_EQ(loaded(order("P3", "summary", 300, "new", "12.5")), 0) << "details say the same";
  EXPECT_EQ(loaded(order("P4", "full", 400, "sent", "12.5")), 1);
  EXPECT_EQ(loaded(order("P5", "summary", 500, "new", "12.5")), 1);
  EXPECT_EQ(loaded(order("P6", "summary", 600, "new", "12.5")), 0);
  EXPECT_EQ(loaded(order("P7", "full", 700, "new", "-3")), 1);
  EXPECT_EQ(loaded(order("P8", "details", 800, "new", "12.50")), 1);
  EXPECT_EQ(loaded(order("P9", "full", 900, "new", "12.50")), 1);
  EXPECT_EQ(loaded(order("PA", "details", 850, "new", "12.50")), 1)
      << "the same status and total, but it may differ in anything else";
  EXPECT_EQ(loaded(order("PB", "parts", 950, "new", "12.50")), 1);
  EXPECT_EQ(loaded(order("PB2", "details", 955, "new", "12.50")), 1) << "parts overtake too";
  EXPECT_EQ(loaded(order("PC", "details", 960, "new", "12.50")), 0);
}

TEST_F(LoadTest, AnAnswerThatSaysWhatAnEventSaidIsStoredOnce) {
  const auto loaded = [&](const std::string& package_id, const std::string& source) {
    auto only = page("orders", "full", 800, R"({"id":1,"status":"new","total":"12.50"})");
    only.source = source;
    return counts_of(load({package(package_id, "orders", {only})}), "bronze_orders").loaded;
  };
  EXPECT_EQ(loaded("PA1", "list"), 1);
  EXPECT_EQ(loaded("PA2", "webhook"), 0) << "an event that says what is known tells nothing";
  EXPECT_EQ(counts_of(load({package("PB1", "orders",
                                    {page("orders", "full", 801,
                                          R"({"id":1,"status":"sent","total":"12.50"})")})}),
                      "bronze_orders")
                .loaded,
            1);
  EXPECT_EQ(loaded("PB2", "webhook"), 1) << "an event takes the order back";
  EXPECT_EQ(loaded("PB3", "list"), 1) << "models may hold the event for history, but no answer";
  EXPECT_EQ(loaded("PB4", "list"), 0);
  EXPECT_EQ(loaded("PB5", "webhook"), 0);
}

TEST_F(LoadTest, LinesAreComparedAsASet) {
  const auto items = [&](const std::string& id, int64_t second, const std::string& lines) {
    return package(id, "order_items", {page("order_items", "items", second, lines, 55)});
  };
  const auto first = load({items("P1", 100, item(1, 1) + "," + item(2, 1))});
  EXPECT_EQ(counts_of(first, "bronze_order_items").loaded, 2);
  const auto same = load({items("P2", 200, item(1, 1) + "," + item(2, 1))});
  EXPECT_EQ(counts_of(same, "bronze_order_items").unchanged, 2);
  EXPECT_EQ(counts_of(same, "bronze_order_item_sets").unchanged, 1);
  // One line of two differs: the whole set is stored again.
  const auto changed = load({items("P3", 300, item(1, 1) + "," + item(2, 9))});
  EXPECT_EQ(counts_of(changed, "bronze_order_items").loaded, 2);
  // A line less, down to none.
  EXPECT_EQ(counts_of(load({items("P4", 400, item(1, 1))}), "bronze_order_items").loaded, 1);
  const auto none = load({items("P5", 500, "")});
  EXPECT_EQ(counts_of(none, "bronze_order_items").fetched, 0);
  EXPECT_EQ(counts_of(none, "bronze_order_item_sets").loaded, 1);
  EXPECT_EQ(value("SELECT string_agg(line_count::VARCHAR, ' ' ORDER BY extracted_at) FROM "
                  "BRONZE.bronze_order_item_sets"),
            "2 2 1 0");
  // "The lines of an order" are those of its newest set.
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_order_items i JOIN "
                  "BRONZE.bronze_order_item_sets s ON i.order_id = s.order_id AND i.package_id = "
                  "s.package_id AND i.set_row = s.package_row WHERE s.package_id = 'P3'"),
            "2");
}

TEST_F(LoadTest, SetsOfFullOrdersAndOfItemsCallsAreComparedTogether) {
  const auto full = [&](const std::string& id, int64_t second, int64_t quantity) {
    return package(id, "orders",
                   {page("orders", "full", second,
                         fmt::format(R"({{"id":55,"status":"s{}","total":1,"items":[{}]}},)"
                                     R"({{"id":56,"status":"s","total":1,"items":[{}]}})",
                                     second, item(1, quantity), item(3, 1)))});
  };
  const auto first = load({full("P1", 100, 1)});
  EXPECT_EQ(counts_of(first, "bronze_order_items").loaded, 2);
  EXPECT_EQ(counts_of(first, "bronze_order_items").stream, "order_items");
  const auto items =
      load({package("P2", "order_items", {page("order_items", "items", 200, item(1, 2), 55)})});
  EXPECT_EQ(counts_of(items, "bronze_order_items").loaded, 1);
  // The full order has the first lines again: the set in between makes them a change.
  const auto again = load({full("P3", 300, 1)});
  EXPECT_EQ(counts_of(again, "bronze_order_items").loaded, 1);
  EXPECT_EQ(counts_of(again, "bronze_order_items").unchanged, 1);
  EXPECT_EQ(counts_of(again, "bronze_orders").loaded, 1);
}

TEST_F(LoadTest, BadRecordsGoToQuarantineOnce) {
  const std::string bad = R"({"id":3,"status":"x","total":"not money"})";
  const std::string good = R"({"id":4,"status":"x","total":1})";
  const auto first =
      load({package("P1", "orders", {page("orders", "summary", 1, bad + "," + good)})});
  const auto counts = counts_of(first, "bronze_orders");
  EXPECT_EQ(counts.fetched, 2);
  EXPECT_EQ(counts.loaded, 1);
  EXPECT_EQ(counts.quarantined, 1);
  const auto second =
      load({package("P2", "orders", {page("orders", "summary", 2, bad + "," + good)})});
  EXPECT_EQ(counts_of(second, "bronze_orders").quarantined, 1);
  EXPECT_EQ(counts_of(second, "bronze_orders").unchanged, 1);
  EXPECT_EQ(value("SELECT count(*) FROM SILVER.quarantine"), "1") << "kept once";
  EXPECT_EQ(
      value("SELECT store_id || stream || entity_id || severity || package_id || raw_data FROM "
            "SILVER.quarantine"),
      "7orders3errorP1" + bad);
  EXPECT_NE(value("SELECT message FROM SILVER.quarantine").find("total"), std::string::npos);
  // Resolved, and then refused again: a new entry.
  ASSERT_TRUE(session_->execute("UPDATE SILVER.quarantine SET resolved_at = quarantined_at").ok());
  load({package("P3", "orders", {page("orders", "summary", 3, bad)})});
  EXPECT_EQ(value("SELECT count(*) FROM SILVER.quarantine"), "2");
}

TEST_F(LoadTest, ManyPagesInSeveralThreadsAndBatches) {
  std::vector<landing::SealedPackage> packages;
  int64_t expected = 0;
  for (int p = 0; p < 6; ++p) {
    std::vector<landing::PageRecord> pages;
    for (int i = 0; i < 60; ++i) {
      std::string entities;
      for (int e = 0; e < 50; ++e) {
        const int64_t id = (p * 60 + i) * 50 + e;
        entities += (e == 0 ? "" : ",") + customer(id, std::string(1000, 'n') + std::to_string(id));
        expected += id;
      }
      pages.push_back(page("customers", "full", 100 + p, entities));
    }
    packages.push_back(package("P" + std::to_string(p), "customers", std::move(pages)));
  }
  auto loader = make_loader(*warehouse_, {.batch_bytes = 7 << 20, .decode_threads = 3});
  const auto report = loader->load(packages);
  ASSERT_TRUE(report.ok()) << report.error().to_text();
  EXPECT_EQ(counts_of(*report, "bronze_customers").loaded, 18'000);
  EXPECT_EQ(report->last_seq, 3) << "two packages a transaction";
  EXPECT_EQ(
      value("SELECT count(*) || ' ' || sum(customer_id) || ' ' || count(DISTINCT (package_id, "
            "package_row)) FROM BRONZE.bronze_customers"),
      fmt::format("18000 {} 18000", expected));
  for (auto& one : packages)
    one.manifest.identity.package_id = PackageId("Q" + one.manifest.identity.package_id.value());
  const auto again = loader->load(std::move(packages));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(counts_of(*again, "bronze_customers").unchanged, 18'000);
  EXPECT_EQ(again->rows_loaded(), 0);
}

TEST_F(LoadTest, AnUnknownStreamIsRefused) {
  auto report =
      make_loader(*warehouse_)->load({package("P1", "reviews", {page("reviews", "full", 1, "")})});
  ASSERT_FALSE(report.ok());
  EXPECT_NE(report.error().to_text().find("reviews"), std::string::npos);
}

TEST_F(LoadTest, ReadsPackagesFromTheLandingAndSetsDamagedOnesAside) {
  const auto land = [&](const std::string& id, const std::string& name) {
    auto writer = landing_->create_package({PackageId(id), RunId("R1"), StoreId(7), "customers"});
    EXPECT_TRUE(writer->append(page("customers", "full", 100, customer(1, name))).ok());
    auto sealed = writer->seal();
    EXPECT_TRUE(sealed.ok()) << sealed.error().to_text();
    return sealed->manifest;
  };
  const auto good = land("01ARZ3NDEKTSV4RRFFQ69G5FAV", "a");
  const auto bad = land("01ARZ3NDEKTSV4RRFFQ69G5FAW", "b");
  const std::string frames = landing_->package_path(bad.identity.package_id) + "/frames.zst";
  std::filesystem::resize_file(frames, std::filesystem::file_size(frames) / 2);
  auto report = make_loader(*warehouse_)->load(std::vector<landing::Manifest>{good, bad});
  ASSERT_TRUE(report.ok()) << report.error().to_text();
  EXPECT_EQ(report->packages_loaded, 1);
  ASSERT_EQ(report->damaged.size(), 1U);
  EXPECT_NE(report->damaged[0].to_text().find("FAW"), std::string::npos);
  EXPECT_EQ(report->packages, std::vector<PackageId>{good.identity.package_id});
  EXPECT_EQ(value("SELECT string_agg(name, '') FROM BRONZE.bronze_customers"), "a");
}

// Fails the n-th call of the session, n = 1, 2, ..., until a load goes through; after each failure
// the same packages are loaded again, and in the end everything is there exactly once.
TEST_F(LoadTest, NothingIsLostOrDoubledWhereverACallFails) {
  const auto packages = [&] {
    return std::vector<landing::SealedPackage>{
        package(
            "P1", "orders",
            {page("orders", "full", 100,
                  R"({"id":1,"status":"a","total":1,"items":[{"id":9,"sku":"s","quantity":1}]},)"
                  R"({"id":2,"status":"a","total":"bad"})")}),
        customers("P2", 200, customer(1, "a") + "," + customer(2, "b")),
        customers("P3", 300, customer(1, "a") + "," + customer(2, "c")),
        package("P4", "order_items", {page("order_items", "items", 400, item(9, 2), 1)})};
  };
  int failures = 0;
  for (int n = 1;; ++n) {
    ASSERT_LT(n, 500);
    empty_all_tables();
    FailPlan plan{.fail_at = n};
    FailingWarehouse failing(*warehouse_, plan);
    auto loader = make_loader(failing, {.batch_packages = 2});
    const auto first = loader->load(packages());
    if (first.ok() && plan.calls < n) break;
    ++failures;
    // The same loader goes on, as a run that retries would.
    const auto second = loader->load(packages());
    ASSERT_TRUE(second.ok()) << "after call " << n << ": " << second.error().to_text();
    EXPECT_EQ(second->packages.size(), 4U);
    EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_customers"), "3") << n;
    EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "1") << n;
    EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_order_items"), "2") << n;
    EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_order_item_sets"), "2") << n;
    EXPECT_EQ(value("SELECT count(*) FROM SILVER.quarantine"), "1") << n;
    EXPECT_EQ(
        value("SELECT count(DISTINCT package_id) || ' ' || sum(fetched - loaded - unchanged - "
              "quarantined) FROM OPS.load_packages"),
        "4 0")
        << n;
    EXPECT_EQ(value("SELECT string_agg(seq::VARCHAR, '' ORDER BY seq) FROM OPS.commits"), "12")
        << n;
  }
  EXPECT_GT(failures, 25);
}

TEST(LoadReport, ADateInAnUnknownZoneIsSaidToBeAGuess) {
  LoadReport report;
  report.lost = {
      {"orders", "bronze_orders", "created_at", "unknown_zone", "date.timezone: odd", 1, 7}};
  EXPECT_EQ(report.lost_notes(),
            std::vector<std::string>{
                "orders: 1 date of created_at in a time zone that nobody knows, read as "
                "Asia/Riyadh's (unknown_zone; the first, of 7: date.timezone: odd); raw_data has "
                "them, OPS.schema_drift lists them"});
}

}  // namespace
}  // namespace falaj::load
