// Which payload wins: the order in which payloads were committed and the store's own time decide,
// never a clock, and a poorer payload takes nothing from a richer one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "connectors/salla/catalogue.hpp"
#include "load/bronze_schema.hpp"
#include "load/loader.hpp"
#include "support/temp_dir.hpp"
#include "transform/model_macros.hpp"
#include "transform/transformer.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::transform {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kNow = 1'771'200'000;  // 2026-02-16
constexpr int64_t kDay = 86'400;
constexpr int64_t kStore = 77;

class KnownPayload : public ::testing::Test {
 protected:
  void SetUp() override {
    auto landing = landing::Landing::open(files_, clock_, (dir_ / "landing").string());
    ASSERT_TRUE(landing.ok());
    landing_ = std::make_unique<landing::Landing>(std::move(*landing));
    warehouse::LakeOptions options;
    options.directory = (dir_ / "lake").string();
    options.clock = &clock_;
    auto opened = warehouse::open_duckdb_file(options);
    ASSERT_TRUE(opened.ok()) << opened.error().to_text();
    warehouse_ = std::move(*opened);
    const auto& specs = connectors::salla::catalogue();
    auto tables = load::load_schema(specs);
    for (auto& table : ModelRegistry::built_in().definitions()) tables.push_back(std::move(table));
    ASSERT_TRUE(warehouse_->create_tables(tables).ok());
    session_ = std::move(*warehouse_->open_session());
    load::LoaderOptions load_options;
    load_options.specs = specs;
    load_options.run_id = "R1";
    auto loader = load::Loader::create(*warehouse_, *landing_, clock_, std::move(load_options));
    ASSERT_TRUE(loader.ok());
    loader_ = std::move(*loader);
  }

  struct Page {
    std::string stream;
    std::string shape;
    std::string data;
    int64_t at = kNow;  // by whatever clock
    std::string source = "list";
    int64_t parent = 0;
  };

  landing::SealedPackage package(const Page& given) {
    landing::PageRecord page;
    page.stream = given.stream;
    page.shape = given.shape;
    page.source = given.source;
    page.request = "/" + given.stream;
    page.parent_id = given.parent;
    page.fetched_at = UtcTime(Micros(given.at * kSecond));
    page.body = landing::PageBody("{\"data\":" + given.data + "}");
    landing::SealedPackage sealed;
    sealed.manifest.identity = {PackageId(fmt::format("01KDVDNA00DK9ZK0NKN8Y{:05}", ++packages_)),
                                RunId("R1"), StoreId(kStore), given.stream};
    sealed.manifest.pages = 1;
    sealed.manifest.raw_bytes = static_cast<int64_t>(page.body.size());
    sealed.pages.push_back(std::move(page));
    return sealed;
  }
  // One commit.
  void load(const std::vector<Page>& pages) {
    std::vector<landing::SealedPackage> all;
    for (const auto& page : pages) all.push_back(package(page));
    const auto report = loader_->load(std::move(all));
    ASSERT_TRUE(report.ok()) << report.error().to_text();
    for (const auto& table : report->tables) EXPECT_EQ(table.quarantined, 0) << table.table;
  }
  void load(const Page& page) { load(std::vector{page}); }

  // Models first: what is asked for is of everything loaded until now.
  std::string value(const std::string& sql) {
    clock_.advance(Micros(kSecond));
    TransformOptions options;
    options.run_id = "R1";
    const auto done = Transformer(*session_, clock_).run(options);
    EXPECT_TRUE(done.ok()) << done.error().to_text();
    auto table = session_->query(sql);
    EXPECT_TRUE(table.ok()) << table.error().to_text();
    if (!table.ok() || table->rows.empty()) return "<none>";
    std::string text;
    for (const auto& cell : table->rows[0])
      text += (text.empty() ? "" : " ") + cell.value_or("NULL");
    return text;
  }
  std::string order(const std::string& columns) {
    return value("SELECT " + columns + " FROM SILVER.silver_orders WHERE order_id = 1");
  }

  static std::string dated(const std::string& updated) {
    return updated.empty()
               ? ""
               : R"(,"updated_at":{"date":")" + updated + R"(","timezone":"Asia/Riyadh"})";
  }
  static std::string row(const std::string& status, int total = 100) {
    return fmt::format(
        R"([{{"id":1,"reference_id":11,"date":{{"date":"2026-01-05 10:00:00","timezone":"Asia/Riyadh"}},)"
        R"("status":{{"slug":"{}"}},"payment_method":"mada","total":{{"amount":{},"currency":"USD"}},)"
        R"("exchange_rate":{{"base_currency":"SAR","exchange_currency":"USD","rate":0.25}}}}])",
        status, total);
  }
  // As light details are: neither a rate nor shipping.
  static std::string details(const std::string& status, const std::string& updated,
                             const std::string& more = "", const std::string& discounts = "[]") {
    return fmt::format(
        R"({{"id":1,"reference_id":11,"date":{{"date":"2026-01-05 10:00:00","timezone":"Asia/Riyadh"}},)"
        R"("status":{{"slug":"{}"}},"currency":"USD","amounts":{{"sub_total":{{"amount":90}},)"
        R"("discounts":{},"total":{{"amount":100,"currency":"USD"}}}},"source":"store","customer":)"
        R"({{"id":5,"first_name":"Sara","last_name":"A","email":"s@x.sa","mobile":"501"}}{}{}}})",
        status, discounts, more, dated(updated));
  }
  static std::string line(int id, int quantity) {
    return fmt::format(
        R"({{"id":{},"sku":"S","quantity":{},"currency":"USD","product":{{"id":9}},"options":[{{"id":3}}],)"
        R"("amounts":{{"total":{{"amount":50,"currency":"USD"}}}}}})",
        id, quantity);
  }

  const test::TempDir dir_;
  ManualClock clock_{UtcTime(Micros((kNow + 30 * kDay) * kSecond))};
  landing::PosixFileStore files_;
  std::unique_ptr<landing::Landing> landing_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<warehouse::Session> session_;
  std::unique_ptr<load::Loader> loader_;
  int64_t packages_ = 0;
};

constexpr const char* kShipping =
    R"(,"shipping":{"company":"SMSA","address":{"city":"Abha","country":"SA"}})";
constexpr const char* kCoupon = R"([{"code":"EID","discount":"10.00"}])";

TEST_F(KnownPayload, AClockThatWasAheadKeepsNoLaterAnswerOut) {
  load({{"orders", "summary", row("under_review"), kNow + kDay},
        {"orders", "details", details("under_review", "2026-02-10 10:00:00"), kNow + kDay},
        {"order_items", "items", "[" + line(1, 1) + "]", kNow + kDay, "details", 1},
        {"customers", "full", R"([{"id":5,"first_name":"Old"}])", kNow + kDay},
        {"products", "full", R"([{"id":9,"name":"Old","price":{"amount":1,"currency":"SAR"}}])",
         kNow + kDay},
        {"transactions", "full", R"([{"id":3,"status":{"slug":"pending"}}])", kNow + kDay},
        {"store_info", "full", R"({"id":77,"name":"Old"})", kNow + kDay}});
  EXPECT_EQ(order("order_status, items_count, is_deleted"), "under_review 1 false");
  load({{"orders", "summary", row("completed", 120), kNow},
        {"order_items", "items", "[" + line(1, 1) + "," + line(2, 4) + "]", kNow, "details", 1},
        {"customers", "full", R"([{"id":5,"first_name":"New"}])", kNow},
        {"products", "full", R"([{"id":9,"name":"New","price":{"amount":1,"currency":"SAR"}}])",
         kNow},
        {"transactions", "full", R"([{"id":3,"status":{"slug":"paid"}}])", kNow},
        {"store_info", "full", R"({"id":77,"name":"New"})", kNow}});
  EXPECT_EQ(order("order_status, CAST(total_amount AS BIGINT), items_count"), "completed 120 2");
  EXPECT_EQ(value("SELECT first_name FROM SILVER.silver_customers"), "New");
  EXPECT_EQ(value("SELECT product_name FROM SILVER.silver_products"), "New");
  EXPECT_EQ(value("SELECT status_slug FROM SILVER.silver_transactions"), "paid");
  EXPECT_EQ(value("SELECT store_name FROM GOLD.gold_dim_store WHERE store_id = 77"), "New");
  EXPECT_EQ(value("SELECT COUNT(*) FROM SILVER.silver_order_items"), "2");
  load(
      {"deletions", "full", R"([{"id":1,"entity":"orders"},{"id":5,"entity":"customers"}])", kNow});
  EXPECT_EQ(order("is_deleted"), "true");
  EXPECT_EQ(value("SELECT is_deleted FROM SILVER.silver_customers"), "true");
  // The same payload as before it was gone, from a clock that is behind.
  load({"orders", "summary", row("completed", 120), kNow - kDay});
  EXPECT_EQ(order("is_deleted, order_status"), "false completed");
}

TEST_F(KnownPayload, WhatWasAtOneMomentIsToldApartByItsOrder) {
  load({{"orders", "summary", row("under_review"), kNow},
        {"orders", "summary", row("completed"), kNow}});
  EXPECT_EQ(order("order_status"), "completed");
}

TEST_F(KnownPayload, AnAnswerThatTheStoreHasOvertakenIsHistoryWheneverItWasCommitted) {
  load({"orders", "details", details("completed", "2026-02-10 10:00:00"), kNow});
  load({"orders", "details", details("under_review", "2026-02-09 10:00:00"), kNow + kDay});
  EXPECT_EQ(order("order_status"), "completed");
  load({"orders", "details", details("shipped", "2026-02-10 10:00:00"), kNow});
  EXPECT_EQ(order("order_status"), "shipped") << "of the same time the later commit counts";
}

TEST_F(KnownPayload, ATimeOfChangeThatHasNotComeFreezesNothing) {
  load({"orders", "details", details("under_review", "2099-01-01 10:00:00"), kNow});
  load({"orders", "details", details("completed", "2026-02-10 10:00:00"), kNow});
  EXPECT_EQ(order("order_status"), "completed");
  load({"orders", "details", details("shipped", ""), kNow});
  EXPECT_EQ(order("order_status"), "shipped");
}

TEST_F(KnownPayload, AnOldEventThatComesLateChangesNothing) {
  load({"orders", "details", details("completed", "2026-02-10 10:00:00"), kNow});
  load({"orders", "full", details("under_review", "2026-02-09 10:00:00"), kNow, "webhook"});
  EXPECT_EQ(order("order_status"), "completed");
  load({"orders", "full", details("canceled", "2026-02-11 10:00:00"), kNow, "webhook"});
  EXPECT_EQ(order("order_status"), "canceled");
  // Its time may be in another zone: what the store answers later counts even so.
  load({"orders", "details", details("shipped", "2026-02-10 11:00:00"), kNow});
  EXPECT_EQ(order("order_status"), "shipped");
}

TEST_F(KnownPayload, OfTwoEventsOfAPackageTheOneThatWasWrittenLaterCounts) {
  auto both = package({"orders", "full", details("canceled", ""), kNow + 9, "webhook"});
  auto older = package({"orders", "full", details("completed", ""), kNow + 5, "webhook"});
  both.pages.push_back(older.pages.front());
  both.manifest.pages = 2;
  std::vector<landing::SealedPackage> packages;
  packages.push_back(std::move(both));
  ASSERT_TRUE(loader_->load(std::move(packages)).ok());
  EXPECT_EQ(order("order_status"), "canceled");
}

TEST_F(KnownPayload, ANarrowEventTakesNothingFromAFullOrder) {
  load({{"orders", "summary", row("under_review"), kNow},
        {"orders", "details", details("under_review", "", kShipping, kCoupon), kNow},
        {"order_items", "items", "[" + line(1, 2) + "]", kNow, "details", 1}});
  load(
      {"orders", "parts",
       R"({"id":1,"reference_id":11,"date":{"date":"2026-01-05 10:00:00","timezone":"Asia/Riyadh"},)"
       R"("status":{"slug":"shipped"},"amounts":{"sub_total":{"amount":95},"total":{"amount":105}},)"
       R"("customer":{"id":5,"name":"S A","mobile":"+966501"},"items":[{"id":1,"quantity":2}]})",
       kNow + 60, "webhook"});
  EXPECT_EQ(order("order_status, CAST(total_amount AS BIGINT), CAST(subtotal_amount AS BIGINT)"),
            "shipped 105 95");
  EXPECT_EQ(order("currency, coupon_code, customer_name, customer_email, customer_mobile, "
                  "shipping_city, shipping_method, items_count, source_channel, detail_depth"),
            "USD EID Sara A s@x.sa NULL Abha SMSA 1 store items");
  EXPECT_EQ(order("CAST(total_amount_sar AS BIGINT)"), "420") << "the rate is of the list row";
  EXPECT_EQ(value("SELECT currency, options, quantity, product_id FROM SILVER.silver_order_items"),
            R"(USD [{"id":3}] 2.0000 9)");
}

TEST_F(KnownPayload, AnEventWithoutLinesHasNotToldThem) {
  load({{"orders", "details", details("under_review", ""), kNow},
        {"order_items", "items", "[" + line(1, 2) + "]", kNow, "details", 1}});
  load({"orders", "full", details("shipped", "", R"(,"items":[])"), kNow, "webhook"});
  EXPECT_EQ(order("order_status, items_count"), "shipped 1");
  EXPECT_EQ(value("SELECT COUNT(*) FROM SILVER.silver_order_items"), "1");
  load({"order_items", "items", "[]", kNow, "details", 1});
  EXPECT_EQ(order("items_count"), "0") << "an answer without lines clears them";
}

TEST_F(KnownPayload, WholeAnswersClearAndLightOnesKeepWhatTheyNeverHave) {
  load({"orders", "full", "[" + details("under_review", "", kShipping, kCoupon) + "]", kNow});
  load({"orders", "details", details("under_review", "2026-02-10 10:00:00"), kNow});
  EXPECT_EQ(order("coupon_code, discount_amount, shipping_city, shipping_method"),
            "NULL 0.0000 Abha SMSA");
  load({"orders", "full", "[" + details("completed", "2026-02-11 10:00:00") + "]", kNow});
  EXPECT_EQ(order("order_status, shipping_city, shipping_method"), "completed NULL NULL");
}

TEST_F(KnownPayload, EventsOfOtherStreamsLayWhatTheyCarryOverTheAnswer) {
  load(
      {"customers", "full",
       R"([{"id":5,"first_name":"Sara","last_name":"A","email":"s@x.sa","city":"Abha","mobile":501}])",
       kNow});
  load({"customers", "full", R"({"id":5,"first_name":"Noor","mobile":502})", kNow, "webhook"});
  load({"customers", "full", R"({"id":5,"last_name":"B","gender":"female"})", kNow, "webhook"});
  const std::string columns = "first_name, last_name, email, city, mobile, gender";
  const auto sql = "SELECT " + columns + " FROM SILVER.silver_customers";
  EXPECT_EQ(value(sql), "Noor B s@x.sa Abha 502 female");
  load({"customers", "full", R"([{"id":5,"first_name":"Noor","last_name":"B"}])", kNow});
  EXPECT_EQ(value(sql), "Noor B NULL NULL NULL NULL") << "an answer is whole";
  // Known by events only.
  load({"customers", "full", R"({"id":6,"first_name":"Ali","city":"Jizan"})", kNow, "webhook"});
  load({"customers", "full", R"({"id":6,"first_name":"Ali","email":"a@x.sa"})", kNow, "webhook"});
  EXPECT_EQ(value("SELECT city, email FROM SILVER.silver_customers WHERE customer_id = 6"),
            "Jizan a@x.sa");
}

TEST_F(KnownPayload, AnEventFromBeforeADeletionBringsNothingBack) {
  load({"orders", "details", details("completed", ""), kNow});
  load({"deletions", "full", R"([{"id":1,"entity":"orders"}])", kNow + 100});
  load({"orders", "full", details("shipped", ""), kNow + 50, "webhook"});
  EXPECT_EQ(order("is_deleted"), "true");
  load({"orders", "summary", row("shipped"), kNow + 20});
  EXPECT_EQ(order("is_deleted"), "false") << "an answer that was committed later shows it";
}

TEST_F(KnownPayload, WhatComesBackAfterADeletionMayBeOlderThanItWas) {
  load({{"orders", "details", details("completed", "2026-02-10 10:00:00"), kNow},
        {"customers", "full",
         R"([{"id":5,"first_name":"Sara","updated_at":"2026-02-10 10:00:00"}])", kNow}});
  load({{"deletions", "full", R"([{"id":1,"entity":"orders"}])", kNow + 100},
        {"deletions", "full", R"([{"id":5,"entity":"customers"}])", kNow + 100}});
  load({{"orders", "details", details("under_review", "2026-02-09 10:00:00"), kNow + 200},
        {"customers", "full",
         R"([{"id":5,"first_name":"Noor","updated_at":"2026-02-09 10:00:00"}])", kNow + 200}});
  EXPECT_EQ(order("is_deleted, order_status"), "false under_review");
  const std::string name = "SELECT first_name FROM SILVER.silver_customers";
  EXPECT_EQ(value(name), "Noor");
  // Of the life since then an answer that the store has overtaken is history as ever.
  load({{"orders", "details", details("shipped", "2026-02-08 10:00:00"), kNow + 300},
        {"customers", "full",
         R"([{"id":5,"first_name":"Ali","updated_at":"2026-02-08 10:00:00"}])", kNow + 300}});
  EXPECT_EQ(order("order_status"), "under_review");
  EXPECT_EQ(value(name), "Noor");
}

TEST(ModelMacros, WhatIsNotWholeIsRefused) {
  for (const char* sql :
       {"SELECT {{newest(b", "SELECT * FROM {{known(BRONZE.b, id)}} k", "SELECT {{newest()}}"}) {
    const auto expanded = expand_macros(sql);
    ASSERT_FALSE(expanded.ok()) << sql;
    EXPECT_EQ(expanded.error().kind(), ErrorKind::kInvalidConfig);
  }
  EXPECT_EQ(*expand_macros("SELECT 1 {{changed(b.id)}}"), "SELECT 1 {{changed(b.id)}}");
}

}  // namespace
}  // namespace falaj::transform
