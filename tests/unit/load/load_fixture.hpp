// A store in memory for the tests of load: specs, pages, packages, and a warehouse in a temporary
// folder whose sessions can be made to fail at the n-th call.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "load/loader.hpp"
#include "support/temp_dir.hpp"
#include "warehouse/books/books_schema.hpp"
#include "warehouse/duckdb/duck_warehouse.hpp"

namespace falaj::load {

inline decode::TableSpec item_spec() {
  decode::TableSpec spec;
  spec.stream = "order_items";
  spec.table = "bronze_order_items";
  spec.id_column = "order_item_id";
  spec.parent_column = "order_id";
  spec.set_table = "bronze_order_item_sets";
  spec.fields = {{"sku", decode::FieldKind::kText, {"sku"}},
                 {"quantity", decode::FieldKind::kInt, {"quantity"}}};
  spec.important = {"quantity"};
  return spec;
}

inline std::vector<decode::TableSpec> test_specs() {
  decode::TableSpec orders;
  orders.stream = "orders";
  orders.table = "bronze_orders";
  orders.id_column = "order_id";
  orders.fields = {{"status_slug", decode::FieldKind::kText, {"status"}},
                   {"total_amount", decode::FieldKind::kMoney, {"total"}}};
  orders.important = {"total_amount"};
  orders.children = {{"items", {"full"}, item_spec()}};
  decode::TableSpec customers;
  customers.stream = "customers";
  customers.table = "bronze_customers";
  customers.id_column = "customer_id";
  customers.fields = {{"name", decode::FieldKind::kText, {"name"}}};
  decode::TableSpec deletions;
  deletions.stream = "deletions";
  deletions.table = "bronze_deletions";
  deletions.id_column = "deletion_id";
  deletions.fields = {{"entity", decode::FieldKind::kText, {"entity"}}};
  return {orders, item_spec(), customers, deletions};
}

struct FailPlan {
  int fail_at = 0;  // the n-th call fails; 0: none
  int calls = 0;
  bool fails_now() { return ++calls == fail_at; }
};

// Passes everything on, but lets the n-th call fail: before it is done, or (commits) after.
class FailingSession final : public warehouse::Session {
 public:
  FailingSession(std::unique_ptr<warehouse::Session> inner, FailPlan& plan)
      : inner_(std::move(inner)), plan_(plan) {}

  Result<int64_t> execute(std::string_view sql) override {
    if (plan_.fails_now()) return failure();
    return inner_->execute(sql);
  }
  Result<warehouse::Table> query(std::string_view sql) override {
    if (plan_.fails_now()) return failure();
    return inner_->query(sql);
  }
  Status query_each(
      std::string_view sql, const std::function<void(const warehouse::Table&)>& on_header,
      const std::function<bool(const std::vector<std::optional<std::string>>&)>& on_row) override {
    if (plan_.fails_now()) return failure();
    return inner_->query_each(sql, on_header, on_row);
  }
  Status stage(std::string_view name, std::shared_ptr<const rows::RowBatch> batch) override {
    if (plan_.fails_now()) return failure();
    return inner_->stage(name, std::move(batch));
  }
  Status drop_staged(std::string_view name) override {
    if (plan_.fails_now()) return failure();
    return inner_->drop_staged(name);
  }
  Result<int64_t> fill(std::string_view name, std::string_view select) override {
    if (plan_.fails_now()) return failure();
    return inner_->fill(name, select);
  }
  Status declare(std::string_view name, const rows::Schema& columns) override {
    return inner_->declare(name, columns);
  }
  Status begin() override {
    if (plan_.fails_now()) return failure();
    return inner_->begin();
  }
  Status commit() override {
    if (!plan_.fails_now()) return inner_->commit();
    // The worst of it: the commit went through and its answer was lost.
    FALAJ_TRY(inner_->commit());
    return Error(ErrorKind::kOutcomeUnknown, "the answer to COMMIT was lost (made up)");
  }
  Status rollback() override { return inner_->rollback(); }
  void cancel() override { inner_->cancel(); }

 private:
  static Error failure() { return Error(ErrorKind::kStorageFailed, "made up by the test"); }
  std::unique_ptr<warehouse::Session> inner_;
  FailPlan& plan_;
};

class FailingWarehouse final : public warehouse::Warehouse {
 public:
  FailingWarehouse(warehouse::Warehouse& inner, FailPlan& plan) : inner_(inner), plan_(plan) {}
  Result<std::unique_ptr<warehouse::Session>> open_session() override {
    FALAJ_ASSIGN(auto session, inner_.open_session());
    return std::unique_ptr<warehouse::Session>(
        std::make_unique<FailingSession>(std::move(session), plan_));
  }
  Status create_tables(const std::vector<warehouse::TableDefinition>& tables) override {
    return inner_.create_tables(tables);
  }
  Status set_threads(int threads) override { return inner_.set_threads(threads); }
  Status maintain() override { return inner_.maintain(); }
  std::string database_name() const override { return inner_.database_name(); }

 private:
  warehouse::Warehouse& inner_;
  FailPlan& plan_;
};

class LoadTest : public ::testing::Test {
 protected:
  static constexpr int64_t kSecond = 1'000'000;

  void SetUp() override {
    auto landing = landing::Landing::open(files_, clock_, (dir_ / "landing").string());
    ASSERT_TRUE(landing.ok());
    landing_ = std::make_unique<landing::Landing>(std::move(*landing));
    open_warehouse("lake");
  }

  void open_warehouse(const std::string& folder) {
    session_.reset();
    warehouse_.reset();
    warehouse::LakeOptions options;
    options.directory = (dir_ / folder).string();
    options.clock = &clock_;
    options.threads = 2;
    auto opened = warehouse::open_duckdb_file(options);
    ASSERT_TRUE(opened.ok()) << opened.error().to_text();
    warehouse_ = std::move(*opened);
    const Status created = warehouse_->create_tables(load_schema(test_specs()));
    ASSERT_TRUE(created.ok()) << created.error().to_text();
    session_ = std::move(*warehouse_->open_session());
  }

  // A page of `stream` fetched at `second`, with these entities.
  static landing::PageRecord page(const std::string& stream, const std::string& shape,
                                  int64_t second, const std::string& entities,
                                  int64_t parent_id = 0) {
    landing::PageRecord record;
    record.stream = stream;
    record.shape = shape;
    record.source = "list";
    record.request = "/" + stream + "?page=1";
    record.parent_id = parent_id;
    record.fetched_at = UtcTime(Micros(second * kSecond));
    record.body = landing::PageBody("{\"data\":[" + entities + "]}");
    return record;
  }

  static landing::SealedPackage package(const std::string& id, const std::string& stream,
                                        std::vector<landing::PageRecord> pages, int64_t store = 7) {
    landing::SealedPackage sealed;
    sealed.manifest.identity = {PackageId(id), RunId("R1"), StoreId(store), stream};
    sealed.manifest.pages = static_cast<int64_t>(pages.size());
    for (const auto& one : pages) {
      sealed.manifest.raw_bytes += static_cast<int64_t>(one.body.size());
      sealed.manifest.first_fetched_at = pages.front().fetched_at;
      sealed.manifest.last_fetched_at = one.fetched_at;
    }
    sealed.pages = std::move(pages);
    return sealed;
  }

  static std::string customer(int64_t id, const std::string& name) {
    return fmt::format("{{\"id\":{},\"name\":\"{}\"}}", id, name);
  }
  static std::string item(int64_t id, int64_t quantity) {
    return fmt::format("{{\"id\":{},\"sku\":\"S{}\",\"quantity\":{}}}", id, id, quantity);
  }
  // One page, one package of customers.
  static landing::SealedPackage customers(const std::string& id, int64_t second,
                                          const std::string& entities) {
    return package(id, "customers", {page("customers", "full", second, entities)});
  }

  std::unique_ptr<Loader> make_loader(warehouse::Warehouse& warehouse, LoaderOptions options = {}) {
    options.specs = test_specs();
    options.run_id = "R1";
    options.attempts = 2;
    auto loader = Loader::create(warehouse, *landing_, clock_, std::move(options));
    EXPECT_TRUE(loader.ok()) << loader.error().to_text();
    return std::move(*loader);
  }

  LoadReport load(std::vector<landing::SealedPackage> packages) {
    auto report = make_loader(*warehouse_)->load(std::move(packages));
    EXPECT_TRUE(report.ok()) << report.error().to_text();
    return report.ok() ? std::move(*report) : LoadReport{};
  }

  static TableCounts counts_of(const LoadReport& report, const std::string& table) {
    for (const auto& counts : report.tables) {
      if (counts.table == table) return counts;
    }
    return {};
  }

  void empty_all_tables() {
    auto tables = warehouse::ops_schema();
    for (auto& table : bronze_schema(test_specs())) tables.push_back(std::move(table));
    for (const auto& table : tables) {
      const auto emptied = session_->execute("DELETE FROM " + table.schema + "." + table.name);
      ASSERT_TRUE(emptied.ok()) << emptied.error().to_text();
    }
  }

  std::string value(const std::string& sql) {
    auto table = session_->query(sql);
    EXPECT_TRUE(table.ok()) << table.error().to_text();
    if (!table.ok() || table->rows.empty()) return "<none>";
    return table->rows[0][0].value_or("<null>");
  }

  const test::TempDir dir_;
  ManualClock clock_{UtcTime(Micros(1'800'000'000 * kSecond))};
  landing::PosixFileStore files_;
  std::unique_ptr<landing::Landing> landing_;
  std::unique_ptr<warehouse::Warehouse> warehouse_;
  std::unique_ptr<warehouse::Session> session_;
};

}  // namespace falaj::load
