// A store changes at random; what the models make of each change alone must be what they make of
// everything, whether they take it in parts or at once.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "lake_fixture.hpp"
#include "support/long_tests.hpp"
#include "support/temp_dir.hpp"

namespace falaj::transform {
namespace {

// Makes up what a store answers: few entities, so that they meet again.
class RandomStore {
 public:
  explicit RandomStore(uint32_t seed) : random_(seed) {}

  // A few packages of pages, some of them fetched before others that were loaded earlier.
  std::vector<landing::SealedPackage> next() {
    std::vector<landing::SealedPackage> packages;
    const int64_t count = 1 + pick(4);
    for (int64_t i = 0; i < count; ++i) packages.push_back(package());
    return packages;
  }

 private:
  int64_t pick(int64_t below) {
    return static_cast<int64_t>(random_() % static_cast<uint64_t>(below));
  }
  const char* one_of(std::initializer_list<const char*> texts) {
    return texts.begin()[pick(static_cast<int64_t>(texts.size()))];
  }

  landing::SealedPackage package() {
    const int64_t kind = pick(13);
    if (kind < 3) return of("orders", "summary", several(&RandomStore::summary));
    if (kind < 4) return of("orders", "details", several(&RandomStore::details));
    if (kind < 5) return of("orders", "full", several(&RandomStore::full));
    if (kind < 6) return of("order_items", "items", lines(), 1 + pick(12));
    if (kind < 7) return of("customers", "full", several(&RandomStore::customer));
    if (kind < 9) return of("products", "full", several(&RandomStore::product));
    if (kind < 10) return of("transactions", "full", several(&RandomStore::transaction));
    if (kind < 11) return of("invoices", "full", several(&RandomStore::invoice));
    if (kind < 12) return of("shipments", "full", several(&RandomStore::shipment));
    return of("deletions", "full", deletion());
  }

  std::string several(std::string (RandomStore::*make)()) {
    std::string text;
    for (int64_t n = 1 + pick(5); n > 0; --n) text += (text.empty() ? "" : ",") + (this->*make)();
    return text;
  }

  landing::SealedPackage of(const std::string& stream, const std::string& shape,
                            const std::string& entities, int64_t parent_id = 0) {
    seconds_ += pick(3) * 60;  // also at the same time
    const int64_t late = pick(5) == 0 ? pick(600) : 0;
    return package_of(++packages_, stream, shape, entities, parent_id, seconds_ - late);
  }

  // An order's own day never changes; everything else may.
  std::string order(int64_t id, const std::string& more) {
    return fmt::format(
        R"({{"id":{},"reference_id":{},"date":{{"date":"2026-01-{:02} 23:30:00","timezone":"Asia/Riyadh"}},)"
        R"("status":{{"slug":"{}"}},"payment_method":{},{}}})",
        id, id + 1000, 1 + id % 5, one_of({"under_review", "completed", "canceled", "restored"}),
        one_of({R"("mada")", R"("cod")", "null"}), more);
  }
  // What lists say of orders, also of such that are not known.
  std::string transaction() {
    return fmt::format(
        R"({{"id":{},"references":{{"order_id":{}}},"status":{{"slug":"{}"}},"payment_method":{{"slug":"{}"}}}})",
        1 + pick(9), 1 + pick(14), one_of({"paid", "pending", "refunded"}),
        one_of({"mada", "stc_pay"}));
  }
  std::string invoice() {
    return fmt::format(R"({{"id":{},"order_id":{},"payment_method":{}}})", 1 + pick(9),
                       1 + pick(14), one_of({R"("cod")", R"("bank")", "null"}));
  }
  std::string shipment() {
    return fmt::format(
        R"({{"id":{},"order_id":{},"type":"{}","courier_name":"{}","ship_to":{{"city":"{}"}}}})",
        1 + pick(9), 1 + pick(14), one_of({"shipment", "shipment", "return"}),
        one_of({"Naqel", "SMSA"}), one_of({"Abha", "Tabuk"}));
  }
  std::string summary() {
    // Now and then a total that is not there, which no other payload may have brought yet.
    if (pick(6) == 0) return order(1 + pick(12), R"("total":null)");
    return order(1 + pick(12),
                 fmt::format(R"("total":{{"amount":{},"currency":"SAR"}})", pick(500)));
  }
  std::string amounts() {
    return fmt::format(R"("currency":"{}","customer":{{"id":{},"first_name":"A"}},)"
                       R"("amounts":{{"total":{{"amount":{}}},"sub_total":{{"amount":{}}}}},)"
                       R"("shipping":{})",
                       one_of({"SAR", "SAR", "AED"}), 1 + pick(5), pick(500), pick(400),
                       one_of({R"({"company":"SMSA"})", "{}",
                               R"({"company":"Aramex","address":{"city":"Jeddah"}})"}));
  }
  std::string details() { return order(1 + pick(12), amounts()); }
  std::string full() {
    const int64_t id = 1 + pick(12);
    return order(id, amounts() + ",\"items\":[" + lines() + "]");
  }
  // Some lines have no id, or one that other lines have.
  std::string lines() {
    std::string text;
    for (int64_t n = pick(4); n > 0; --n) {
      const std::string product =
          pick(2) == 0 ? fmt::format(R"("product":{{"id":{}}},)", 1 + pick(4)) : "";
      text += fmt::format(
          R"({}{{"id":{},{}"sku":"{}","quantity":{},"amounts":{{"total":{{"amount":{}}}}}}})",
          text.empty() ? "" : ",", pick(5) == 0 ? pick(3) : ++lines_ + 100, product,
          one_of({"S1", "S2", "S3"}), 1 + pick(3), pick(200));
    }
    return text;
  }
  std::string customer() {
    return fmt::format(
        R"({{"id":{},"first_name":"{}","city":"{}","updated_at":{{"date":"2026-01-{:02} 10:00:00"}}}})",
        1 + pick(5), one_of({"Ali", "Sara"}), one_of({"Riyadh", "Jeddah"}), 1 + pick(28));
  }
  std::string product() {
    return fmt::format(
        R"({{"id":{},"sku":"{}","name":"P","status":"sale","price":{{"amount":{},"currency":"SAR"}},)"
        R"("cost_price":"{}","updated_at":"2026-01-{:02} 10:00:00"}})",
        1 + pick(4), one_of({"S1", "S2", "S3", "S4"}), 10 + pick(3), pick(5), 1 + pick(28));
  }
  std::string deletion() {
    const std::string entity = one_of({"orders", "orders", "customers", "products"});
    return fmt::format(R"({{"id":{},"entity":"{}","reason":"sweep"}})", 1 + pick(5), entity);
  }

  std::mt19937 random_;
  int64_t seconds_ = 0;
  int64_t packages_ = 0;
  int64_t lines_ = 0;
};

class IncrementalTest : public ::testing::TestWithParam<uint32_t> {
 protected:
  const test::TempDir dir_;
  ManualClock clock_{UtcTime(Micros((kStart + 1'000'000) * kSecond))};
};

// Every row of every model, without the columns that say when and by which run it was written.
std::map<std::string, std::vector<std::string>> contents(Lake& lake) {
  std::map<std::string, std::vector<std::string>> tables;
  for (const Model& model : ModelRegistry::built_in().models()) {
    std::string list;
    for (const auto& column : model.columns) {
      const auto& name = column.name;
      if (name == "processed_at" || name == "loaded_at" || name == "change_seq") continue;
      list += (list.empty() ? "" : ", ") + name;
    }
    tables[model.name] = lake.rows("SELECT " + list + " FROM " + model.table());
  }
  tables["quarantine"] =
      lake.rows("SELECT model, row_key, rule FROM SILVER.quarantine WHERE resolved_at IS NULL");
  return tables;
}

TEST_P(IncrementalTest, LeavesNothingForAFullRefreshToDo) {
  Lake lake(dir_.path(), clock_);
  RandomStore store(GetParam());
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE(fmt::format("round {}", round));
    ASSERT_NO_FATAL_FAILURE(lake.load(store.next()));
    clock_.advance(Micros(3600 * kSecond));
    lake.transform({.scopes_at_once = 3});
    if (HasFailure()) return;
    const auto before = contents(lake);
    lake.transform({.is_full_refresh = true});
    const auto after = contents(lake);
    for (const auto& [model, rows] : before) ASSERT_EQ(rows, after.at(model)) << model;
  }
}

// Without keys: versions begin when a run has seen them.
std::string columns_to_compare(const Model& model) {
  std::string list;
  for (const auto& column : model.selected_columns()) {
    // Keys and costs are those of a version.
    const bool is_of_version = column.name.ends_with("_key") || column.name == "cost_amount" ||
                               column.name == "margin_amount";
    if (!is_of_version) list += (list.empty() ? "" : ", ") + column.name;
  }
  return list;
}

TEST_P(IncrementalTest, MakesTheTablesThatOneRunOverEverythingMakes) {
  Lake stepwise(dir_ / "stepwise", clock_);
  Lake at_once(dir_ / "at_once", clock_);
  RandomStore store(GetParam() + 1000);
  std::vector<landing::SealedPackage> all;
  for (int round = 0; round < 10; ++round) {
    auto packages = store.next();
    all.insert(all.end(), packages.begin(), packages.end());
    ASSERT_NO_FATAL_FAILURE(stepwise.load(std::move(packages)));
    clock_.advance(Micros(3600 * kSecond));
    stepwise.transform();
  }
  ASSERT_NO_FATAL_FAILURE(at_once.load(std::move(all)));
  at_once.transform({.scopes_at_once = 2});
  constexpr const char* kOpen =
      "SELECT model, row_key, rule FROM SILVER.quarantine WHERE resolved_at IS NULL";
  EXPECT_EQ(stepwise.rows(kOpen), at_once.rows(kOpen));
  for (const Model& model : ModelRegistry::built_in().models()) {
    if (model.materialisation == Materialisation::kScd2) continue;
    const std::string sql = "SELECT " + columns_to_compare(model) + " FROM " + model.table();
    const auto rows = stepwise.rows(sql);
    EXPECT_EQ(rows, at_once.rows(sql)) << model.name;
    EXPECT_FALSE(rows.empty() && model.name == "silver_orders");
  }
}

TEST_P(IncrementalTest, TouchesNothingWithoutNews) {
  Lake lake(dir_.path(), clock_);
  RandomStore store(GetParam());
  ASSERT_NO_FATAL_FAILURE(lake.load(store.next()));
  EXPECT_GT(lake.transform().change_seq, 0);
  clock_.advance(Micros(3600 * kSecond));
  const TransformReport again = lake.transform();
  EXPECT_EQ(again.change_seq, 0);
  EXPECT_TRUE(again.models.empty());
}

TEST_P(IncrementalTest, SaysWhichModelItBuilds) {
  Lake lake(dir_.path(), clock_);
  RandomStore store(GetParam());
  ASSERT_NO_FATAL_FAILURE(lake.load(store.next()));
  std::vector<std::string> models;
  TransformOptions options;
  options.on_model = [&](const std::string& model, int64_t done, int64_t all) {
    EXPECT_EQ(done, std::ssize(models));
    EXPECT_EQ(all, std::ssize(ModelRegistry::built_in().models())) << "none was ever built";
    models.push_back(model);
  };
  lake.transform(options);
  EXPECT_EQ(models.size(), ModelRegistry::built_in().models().size());
  models.clear();
  lake.transform(options);
  EXPECT_EQ(models, std::vector<std::string>());
}

// FALAJ_LONG_TESTS=1 tries many histories.
INSTANTIATE_TEST_SUITE_P(Seeds, IncrementalTest, ::testing::Range(1U, test::is_long() ? 21U : 2U));

}  // namespace
}  // namespace falaj::transform
