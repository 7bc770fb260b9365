#include "warehouse/contract/contract_run.hpp"

#include <fmt/format.h>

namespace falaj::warehouse::contract {
namespace {

using rows::ColumnType;

constexpr const char* kStaged = "staged_orders";
constexpr size_t kShownBytes = 200;  // of a cell in a message

}  // namespace

TableDefinition orders_definition() {
  TableDefinition table;
  table.schema = "BRONZE";
  table.name = "bronze_orders";
  table.columns = {{{"store_id", ColumnType::kBigInt, true},
                    {"order_id", ColumnType::kBigInt, true},
                    {"raw_data", ColumnType::kText},
                    {"total_amount", ColumnType::kMoney},
                    {"exchange_rate", ColumnType::kRate},
                    {"created_at", ColumnType::kTimestamp},
                    {"birthday", ColumnType::kDate},
                    {"is_draft", ColumnType::kBool}}};
  table.holds_long_text = true;
  table.comment = "orders as received";
  return table;
}

TableDefinition books_definition() {
  TableDefinition table;
  table.schema = "OPS";
  table.name = "load_packages";
  table.columns = {{{"package_id", ColumnType::kText, true}, {"loaded", ColumnType::kBigInt}}};
  return table;
}

Batch orders_batch(int64_t first, int64_t count, const std::string& text) {
  constexpr int64_t kStore = 7;
  constexpr int64_t kMoneyUnits = 10'000;
  auto batch =
      std::make_shared<rows::RowBatch>(std::make_shared<rows::Schema>(orders_definition().columns));
  for (int64_t id = first; id < first + count; ++id) {
    batch->set_number(0, kStore);
    batch->set_number(1, id);
    batch->add_text(2, text);
    batch->set_number(3, id * kMoneyUnits);
    batch->finish_row();
  }
  return batch;
}

void ContractRun::close() {
  session_.reset();
  warehouse_.reset();
}

Status ContractRun::open(const OpenMode& mode) {
  close();
  FALAJ_ASSIGN(warehouse_, subject_.open(mode).while_doing("opening the warehouse"));
  FALAJ_TRY(warehouse_->create_tables({orders_definition(), books_definition()}));
  FALAJ_ASSIGN(session_, warehouse_->open_session());
  return session_->declare(kStaged, orders_definition().columns);
}

Status ContractRun::insert(Session& session, Batch batch) {
  FALAJ_TRY(session.drop_staged(kStaged));
  FALAJ_TRY(session.stage(kStaged, std::move(batch)));
  FALAJ_TRY(session.execute(fmt::format(
      "INSERT INTO BRONZE.bronze_orders (store_id, order_id, raw_data, total_amount, "
      "exchange_rate, created_at, birthday, is_draft) SELECT store_id, order_id, raw_data, "
      "total_amount, exchange_rate, created_at, birthday, is_draft FROM {}",
      kStaged)));
  return {};
}

Status ContractRun::load(Batch batch) {
  return in_transaction([&](Session& session) { return insert(session, batch); });
}

Status ContractRun::in_transaction(const std::function<Status(Session&)>& work, int attempts) {
  return warehouse::in_transaction(session(), clock(), attempts, work);
}

std::string ContractRun::value(const std::string& sql) {
  return value(session(), sql);
}

std::string ContractRun::value(Session& session, const std::string& sql) {
  const auto table = session.query(sql);
  if (!table.ok()) return fmt::format("<error: {}>", table.error().to_text());
  if (table->rows.empty()) return "<none>";
  return table->rows[0][0].value_or("<null>");
}

bool ContractRun::expect(bool holds, const std::string& what) {
  ++checks_;
  if (!holds) failures_.push_back("not so: " + what);
  return holds;
}

bool ContractRun::expect_equal(const std::string& actual, const std::string& expected,
                               const std::string& what) {
  ++checks_;
  if (actual == expected) return true;
  failures_.push_back(fmt::format("{}: expected {}, got {}", what, excerpt(expected, kShownBytes),
                                  excerpt(actual, kShownBytes)));
  return false;
}

bool ContractRun::expect_value(const std::string& sql, const std::string& expected) {
  return expect_equal(value(sql), expected, sql);
}

bool ContractRun::expect_error(const Status& status, ErrorKind kind, const std::string& what) {
  ++checks_;
  if (!status.ok() && status.error().kind() == kind) return true;
  failures_.push_back(fmt::format(
      "{}: expected an error of kind {}, got {}", what, to_string(kind),
      status.ok()
          ? "none"
          : fmt::format("{}: {}", to_string(status.error().kind()), status.error().to_text())));
  return false;
}

bool ContractRun::expect_unless(Quirk quirk, bool holds, const std::string& what) {
  ++checks_;
  seen_.insert(quirk);
  if (holds != has(quirk)) return holds;
  failures_.push_back(
      holds ? fmt::format("the declared difference {} is no longer there: {}", name_of(quirk), what)
            : "not so: " + what);
  return holds;
}

void ContractRun::expect_sql(const std::string& expression, const std::string& expected) {
  const auto got = value("SELECT " + expression);
  const auto found = subject_.quirks().sql().find(expression);
  if (found == subject_.quirks().sql().end()) {
    expect_equal(got, expected, expression);
    return;
  }
  seen_sql_.insert(expression);
  expect(got != expected, fmt::format("{} differs, as declared: {}", expression, found->second));
}

}  // namespace falaj::warehouse::contract
