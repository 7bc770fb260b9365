// What every warehouse promises through the port, run for each of them.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "contract/warehouse/warehouse_quirks.hpp"

namespace falaj::warehouse {
namespace {

using rows::ColumnType;

TableDefinition orders_definition() {
  return {.schema = "BRONZE",
          .name = "bronze_orders",
          .columns = {{{"store_id", ColumnType::kBigInt, true},
                       {"order_id", ColumnType::kBigInt, true},
                       {"raw_data", ColumnType::kText},
                       {"total_amount", ColumnType::kMoney},
                       {"exchange_rate", ColumnType::kRate},
                       {"created_at", ColumnType::kTimestamp},
                       {"birthday", ColumnType::kDate},
                       {"is_draft", ColumnType::kBool}}},
          .holds_long_text = true,
          .comment = "orders as received"};
}

TableDefinition state_definition() {
  return {.schema = "OPS",
          .name = "load_packages",
          .columns = {{{"package_id", ColumnType::kText, true}, {"loaded", ColumnType::kBigInt}}}};
}

class WarehouseContract : public ::testing::TestWithParam<WarehouseKind> {
 protected:
  void SetUp() override {
    if (!GetParam().missing.empty()) GTEST_SKIP() << GetParam().missing;
    open();
  }

  void open() {
    session_.reset();
    warehouse_.reset();
    LakeOptions options;
    options.directory = (dir_ / "lake").string();
    options.threads = 2;
    options.clock = &clock_;
    auto warehouse = GetParam().open(options);
    ASSERT_TRUE(warehouse.ok()) << warehouse.error().to_text();
    warehouse_ = std::move(*warehouse);
    session_ = std::move(*warehouse_->open_session());
    const Status created = warehouse_->create_tables({orders_definition(), state_definition()});
    ASSERT_TRUE(created.ok()) << created.error().to_text();
    ASSERT_TRUE(session_->declare("staged_orders", orders_definition().columns).ok());
  }

  static std::shared_ptr<rows::RowBatch> batch_of(int64_t first, int64_t count,
                                                  const std::string& text = "{}") {
    auto schema = std::make_shared<rows::Schema>(orders_definition().columns);
    auto batch = std::make_shared<rows::RowBatch>(schema);
    for (int64_t i = first; i < first + count; ++i) {
      batch->set_number(0, 7);
      batch->set_number(1, i);
      batch->add_text(2, text);
      batch->set_number(3, i * 10'000);
      batch->finish_row();
    }
    return batch;
  }

  Status insert(Session& session, std::shared_ptr<rows::RowBatch> batch) {
    FALAJ_TRY(session.drop_staged("staged_orders"));
    FALAJ_TRY(session.stage("staged_orders", std::move(batch)));
    FALAJ_TRY(session.execute(
        "INSERT INTO BRONZE.bronze_orders (store_id, order_id, raw_data, total_amount, "
        "exchange_rate, created_at, birthday, is_draft) SELECT store_id, order_id, raw_data, "
        "total_amount, exchange_rate, created_at, birthday, is_draft FROM staged_orders"));
    return {};
  }

  Status load(std::shared_ptr<rows::RowBatch> batch) {
    return in_transaction(*session_, clock_, 5,
                          [&](Session& session) { return insert(session, batch); });
  }

  std::string value(const std::string& sql) {
    auto table = session_->query(sql);
    EXPECT_TRUE(table.ok()) << table.error().to_text();
    if (!table.ok() || table->rows.empty()) return "<none>";
    return table->rows[0][0].value_or("<null>");
  }

  // Rows of a table that may have gone altogether.
  static int64_t rows_left(Session& session, const std::string& table) {
    const auto found = session.query("SELECT count(*) FROM " + table);
    return found.ok() ? found->scalar_int() : 0;
  }

  const test::TempDir dir_;
  SystemClock clock_;
  std::unique_ptr<Warehouse> warehouse_;
  std::unique_ptr<Session> session_;
};

TEST_P(WarehouseContract, LoadsAndKeepsRowsOverAReopen) {
  ASSERT_TRUE(load(batch_of(1, 5000)).ok());
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "5000");
  EXPECT_EQ(value("SELECT CAST(sum(total_amount) AS DECIMAL(18,4)) FROM bronze.BRONZE_ORDERS"),
            "12502500.0000");
  EXPECT_EQ(value("SELECT sum(total_amount) FROM bronze.BRONZE_ORDERS") != "12502500.0000",
            GetParam().quirks.sums_decimals_as_double);
  open();
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "5000");
  EXPECT_EQ(value("SELECT count(*) FROM " + warehouse_->database_name() + ".BRONZE.bronze_orders"),
            "5000");
}

TEST_P(WarehouseContract, StagedBatchesAddUpAndAreForgotten) {
  ASSERT_TRUE(session_->stage("part", batch_of(1, 3000)).ok());
  ASSERT_TRUE(session_->stage("part", batch_of(3001, 10)).ok());
  EXPECT_EQ(value("SELECT count(*) FROM part"), "3010");
  EXPECT_EQ(value("SELECT count(DISTINCT order_id) FROM part WHERE raw_data IS NOT NULL"), "3010");
  ASSERT_TRUE(session_->drop_staged("part").ok());
  EXPECT_FALSE(session_->query("SELECT count(*) FROM part").ok());
  ASSERT_TRUE(session_->stage("part", batch_of(1, 2)).ok());
  EXPECT_EQ(value("SELECT count(*) FROM part"), "2");
  auto other = std::move(*warehouse_->open_session());
  EXPECT_FALSE(other->query("SELECT count(*) FROM part").ok());
  ASSERT_TRUE(other->stage("part", batch_of(1, 4)).ok());
  EXPECT_EQ(value("SELECT count(*) FROM part"), "2");
}

TEST_P(WarehouseContract, RollbackUndoesEverythingInSeveralTables) {
  ASSERT_TRUE(load(batch_of(1, 10)).ok());
  ASSERT_TRUE(session_->begin().ok());
  ASSERT_TRUE(insert(*session_, batch_of(100, 10)).ok());
  ASSERT_TRUE(session_->execute("INSERT INTO OPS.load_packages VALUES ('P1', 10)").ok());
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "20");
  ASSERT_TRUE(session_->rollback().ok());
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "10");
  EXPECT_EQ(value("SELECT count(*) FROM OPS.load_packages"), "0");
  EXPECT_TRUE(session_->rollback().ok()) << "a second rollback has nothing to do";
  // What was staged in the transaction is gone with it and can be staged again.
  EXPECT_EQ(rows_left(*session_, "staged_orders"), 0);
  ASSERT_TRUE(load(batch_of(100, 10)).ok());
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "20");
}

TEST_P(WarehouseContract, SeveralTablesCommitTogether) {
  const Status done = in_transaction(*session_, clock_, 5, [&](Session& session) -> Status {
    FALAJ_TRY(insert(session, batch_of(1, 100)));
    FALAJ_TRY(session.execute("INSERT INTO OPS.load_packages VALUES ('P1', 100)"));
    FALAJ_TRY(session.execute("UPDATE OPS.load_packages SET loaded = loaded + 1"));
    return {};
  });
  ASSERT_TRUE(done.ok()) << done.error().to_text();
  auto other = std::move(*warehouse_->open_session());
  EXPECT_EQ(other->query("SELECT count(*) FROM BRONZE.bronze_orders")->scalar_int(), 100);
  EXPECT_EQ(other->query("SELECT loaded FROM OPS.load_packages")->scalar_int(), 101);
}

TEST_P(WarehouseContract, OthersDoNotSeeAnOpenTransaction) {
  auto other = std::move(*warehouse_->open_session());
  ASSERT_TRUE(session_->begin().ok());
  ASSERT_TRUE(insert(*session_, batch_of(1, 100)).ok());
  EXPECT_EQ(other->query("SELECT count(*) FROM BRONZE.bronze_orders")->scalar_int(), 0);
  ASSERT_TRUE(session_->commit().ok());
  EXPECT_EQ(other->query("SELECT count(*) FROM BRONZE.bronze_orders")->scalar_int(), 100);
}

TEST_P(WarehouseContract, StoresExtremesExactly) {
  auto schema = std::make_shared<rows::Schema>(orders_definition().columns);
  auto batch = std::make_shared<rows::RowBatch>(schema);
  constexpr int64_t kMost = 999'999'999'999'999'999;
  const std::string arabic = "طلب رقم ١٢٣ «خاص» — ﷼";
  const std::string megabyte(1 << 20, 'x');
  const auto add = [&](int64_t id, std::string_view text, int64_t money, int64_t micros) {
    batch->set_number(0, INT64_MAX);
    batch->set_number(1, id);
    batch->add_text(2, text);
    batch->set_number(3, money);
    batch->set_number(4, money);
    batch->set_number(5, micros);
    batch->set_number(6, -719'162);  // 0001-01-01
    batch->set_bool(7, true);
    batch->finish_row();
  };
  add(1, arabic, kMost, 1'700'000'000'123'456);
  add(2, megabyte, -kMost, -1);
  add(3, "", 0, 0);
  add(INT64_MIN, "it's \"quoted\"\n\t\\ \x01", -1, 253'402'300'799'999'999);
  batch->set_number(0, 1);
  batch->set_number(1, 5);
  batch->finish_row();  // the rest NULL
  ASSERT_TRUE(load(batch).ok());
  const auto cell = [&](const std::string& column, const std::string& id) {
    return value("SELECT " + column + " FROM BRONZE.bronze_orders WHERE order_id = " + id);
  };
  EXPECT_EQ(cell("raw_data", "1"), arabic);
  EXPECT_EQ(cell("total_amount", "1"), "99999999999999.9999");
  EXPECT_EQ(cell("exchange_rate", "1"), "9999999999.99999999");
  EXPECT_EQ(cell("created_at", "1"), "2023-11-14 22:13:20.123456");
  EXPECT_EQ(cell("store_id", "1"), "9223372036854775807");
  EXPECT_EQ(cell("birthday", "1"), "0001-01-01");
  EXPECT_EQ(cell("is_draft", "1"), "true");
  EXPECT_EQ(cell("raw_data", "2"), megabyte);
  EXPECT_EQ(cell("total_amount", "2"), "-99999999999999.9999");
  EXPECT_EQ(cell("created_at", "2"), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(cell("raw_data", "3"), "");
  EXPECT_EQ(cell("raw_data IS NULL", "3"), "false");
  EXPECT_EQ(cell("raw_data", "(-9223372036854775808)"), "it's \"quoted\"\n\t\\ \x01");
  EXPECT_EQ(cell("created_at", "(-9223372036854775808)"), "9999-12-31 23:59:59.999999");
  for (const char* column : {"raw_data", "total_amount", "exchange_rate", "birthday", "is_draft"}) {
    EXPECT_EQ(cell(column, "5"), "<null>") << column;
  }
  EXPECT_EQ(cell("created_at IS NULL", "5"), "true");
  EXPECT_EQ(cell("created_at", "5") != "<null>", GetParam().quirks.reads_null_timestamps_as_1970);
}

TEST_P(WarehouseContract, NullWhereItIsRequiredIsRefusedAndLeavesNothing) {
  auto schema = std::make_shared<rows::Schema>(orders_definition().columns);
  auto batch = std::make_shared<rows::RowBatch>(schema);
  batch->set_number(0, 1);
  batch->set_number(1, 1);
  batch->finish_row();
  batch->set_number(0, 1);
  batch->finish_row();  // no order_id
  const Status refused = load(batch);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind(), GetParam().quirks.refuses_null_as_unavailable
                                        ? ErrorKind::kUnavailable
                                        : ErrorKind::kRowsRejected)
      << refused.error().to_text();
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "0");
  ASSERT_TRUE(load(batch_of(1, 1)).ok()) << "the session works on";
}

TEST_P(WarehouseContract, MergesAndReplaces) {
  ASSERT_TRUE(load(batch_of(1, 10)).ok());
  ASSERT_TRUE(session_->stage("changes", batch_of(8, 5, "new")).ok());
  const auto merge = [](Session& session) -> Status {
    FALAJ_TRY(session.execute(
        "MERGE INTO BRONZE.bronze_orders t USING changes s ON t.order_id = s.order_id WHEN MATCHED "
        "THEN UPDATE SET raw_data = s.raw_data WHEN NOT MATCHED THEN INSERT (store_id, order_id, "
        "raw_data) VALUES (s.store_id, s.order_id, s.raw_data)"));
    return {};
  };
  Status merged = in_transaction(*session_, clock_, 5, merge);
  EXPECT_EQ(merged.ok(), !GetParam().quirks.lacks_merge_in_transactions);
  if (!merged.ok()) merged = merge(*session_);
  ASSERT_TRUE(merged.ok()) << merged.error().to_text();
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "12");
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders WHERE raw_data = 'new'"), "5");
  const Status replaced = in_transaction(*session_, clock_, 5, [](Session& session) -> Status {
    FALAJ_TRY(session.execute("DELETE FROM BRONZE.bronze_orders"));
    FALAJ_TRY(
        session.execute("INSERT INTO BRONZE.bronze_orders (store_id, order_id) SELECT "
                        "store_id, order_id FROM changes"));
    return {};
  });
  ASSERT_TRUE(replaced.ok()) << replaced.error().to_text();
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "5");
}

TEST_P(WarehouseContract, AMergeThatMeetsARowTwice) {
  ASSERT_TRUE(load(batch_of(1, 1)).ok());
  ASSERT_TRUE(session_->stage("changes", batch_of(1, 1, "a")).ok());
  ASSERT_TRUE(session_->stage("changes", batch_of(1, 1, "b")).ok());
  const auto merged = session_->execute(
      "MERGE INTO BRONZE.bronze_orders t USING changes s ON t.order_id = s.order_id WHEN MATCHED "
      "THEN UPDATE SET raw_data = s.raw_data WHEN NOT MATCHED THEN INSERT (store_id, order_id, "
      "raw_data) VALUES (s.store_id, s.order_id, s.raw_data)");
  EXPECT_EQ(merged.ok(), GetParam().quirks.merges_duplicates_silently);
}

TEST_P(WarehouseContract, AddsMissingColumnsAndKeepsRows) {
  ASSERT_TRUE(load(batch_of(1, 3)).ok());
  auto wider = orders_definition();
  wider.columns.columns.push_back({"city", ColumnType::kText, true});
  ASSERT_TRUE(warehouse_->create_tables({wider, state_definition()}).ok());
  ASSERT_TRUE(warehouse_->create_tables({wider, state_definition()}).ok()) << "nothing to do";
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders WHERE city IS NULL"), "3");
  ASSERT_TRUE(load(batch_of(10, 1)).ok()) << "the old column list still fits";
  EXPECT_TRUE(warehouse_->create_tables({orders_definition()}).ok());
  EXPECT_EQ(value("SELECT count(city) FROM BRONZE.bronze_orders"), "0") << "never drops";
}

TEST_P(WarehouseContract, QueriesStreamAndMayStop) {
  ASSERT_TRUE(load(batch_of(1, 20'000)).ok());
  int64_t rows = 0;
  std::string first_type;
  const Status all = session_->query_each(
      "SELECT order_id, total_amount, is_draft FROM BRONZE.bronze_orders ORDER BY order_id",
      [&](const Table& header) {
        ASSERT_EQ(header.columns.size(), 3U);
        EXPECT_TRUE(header.columns[0].is_number);
        EXPECT_TRUE(header.columns[1].is_decimal);
        EXPECT_TRUE(header.columns[2].is_bool);
        first_type = header.columns[0].type;
      },
      [&](const auto& row) { return row[0] == std::to_string(++rows); });
  ASSERT_TRUE(all.ok()) << all.error().to_text();
  EXPECT_EQ(rows, 20'000);
  EXPECT_EQ(first_type, GetParam().integer_type);
  rows = 0;
  ASSERT_TRUE(session_
                  ->query_each("SELECT order_id FROM BRONZE.bronze_orders", {},
                               [&](const auto&) { return ++rows < 5; })
                  .ok());
  EXPECT_EQ(rows, 5);
}

TEST_P(WarehouseContract, ErrorsHaveKindsAndQuoteTheSql) {
  const auto kind = [&](const std::string& sql) {
    auto result = session_->query(sql);
    EXPECT_FALSE(result.ok()) << sql;
    if (result.ok()) return ErrorKind::kNothingToDo;
    EXPECT_NE(result.error().to_text().find("SQL: "), std::string::npos);
    return result.error().kind();
  };
  EXPECT_EQ(kind("SELEC"), ErrorKind::kUsage);
  EXPECT_EQ(kind("SELECT nope FROM BRONZE.bronze_orders"), ErrorKind::kUsage);
  EXPECT_EQ(kind("SELECT * FROM BRONZE.nowhere"), ErrorKind::kUsage);
  EXPECT_EQ(kind("SELECT CAST('x' AS BIGINT)"), ErrorKind::kRowsRejected);
  EXPECT_FALSE(session_->commit().ok()) << "no transaction";
}

TEST_P(WarehouseContract, CancelStopsAStatementAndAWait) {
  std::atomic<bool> done{false};
  std::thread canceller([&] {
    while (!done) {
      session_->cancel();
      std::this_thread::yield();
    }
  });
  auto stopped = session_->query(GetParam().slow_query);
  done = true;
  canceller.join();
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().kind(), ErrorKind::kCancelled) << stopped.error().to_text();

  auto other = std::move(*warehouse_->open_session());
  ASSERT_TRUE(other->begin().ok());
  done = false;
  canceller = std::thread([&] {
    while (!done) {
      session_->cancel();
      std::this_thread::yield();
    }
  });
  const Status waited = session_->begin();
  done = true;
  canceller.join();
  ASSERT_FALSE(waited.ok());
  EXPECT_EQ(waited.error().kind(), ErrorKind::kCancelled) << waited.error().to_text();
  ASSERT_TRUE(other->rollback().ok());
  ASSERT_TRUE(session_->begin().ok());
  ASSERT_TRUE(session_->rollback().ok());
}

TEST_P(WarehouseContract, TimeTravel) {
  ASSERT_TRUE(load(batch_of(1, 10)).ok());
  const std::string then = value("SELECT CAST(CURRENT_TIMESTAMP AS TIMESTAMP)");
  ASSERT_TRUE(load(batch_of(11, 10)).ok());
  const auto old = session_->query(
      "SELECT count(*) FROM BRONZE.bronze_orders AT (TIMESTAMP => TIMESTAMP '" + then + "')");
  EXPECT_EQ(old.ok(), !GetParam().quirks.lacks_time_travel);
  if (!old.ok()) return;
  EXPECT_EQ(old->scalar_int(), 10);
  // Undoing a bad load in place, which keeps the history: the old rows are read before anything
  // is deleted, because a transaction's own deletes may hide them.
  const std::string at = " AT (TIMESTAMP => TIMESTAMP '" + then + "')";
  int64_t seen_after_delete = 0;
  const Status restored = in_transaction(*session_, clock_, 5, [&](Session& session) -> Status {
    FALAJ_TRY(session.execute("CREATE TEMP TABLE old AS SELECT * FROM BRONZE.bronze_orders" + at));
    FALAJ_TRY(session.execute("DELETE FROM BRONZE.bronze_orders"));
    FALAJ_ASSIGN(const auto count, session.query("SELECT count(*) FROM BRONZE.bronze_orders" + at));
    seen_after_delete = count.scalar_int();
    FALAJ_TRY(session.execute("INSERT INTO BRONZE.bronze_orders SELECT * FROM old"));
    return {};
  });
  ASSERT_TRUE(restored.ok()) << restored.error().to_text();
  EXPECT_EQ(seen_after_delete == 0, GetParam().quirks.own_deletes_hide_history);
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "10");
  const std::string version = value("SELECT max(snapshot_id) - 1 FROM SALLA_DWH.snapshots()");
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders AT (VERSION => " + version + ")"),
            "20");
}

TEST_P(WarehouseContract, AReaderSeesCommitsAndTouchesNothing) {
  LakeOptions options;
  options.directory = (dir_ / "lake").string();
  options.clock = &clock_;
  options.is_read_only = true;
  ASSERT_TRUE(load(batch_of(1, 1000)).ok());
  if (GetParam().quirks.is_single_process) {
    session_.reset();
    warehouse_.reset();
  }
  auto reader = GetParam().open(options);
  ASSERT_TRUE(reader.ok()) << reader.error().to_text();
  auto session = std::move(*(*reader)->open_session());
  EXPECT_EQ(session->query("SELECT count(raw_data) FROM BRONZE.bronze_orders")->scalar_int(), 1000);
  if (!GetParam().quirks.is_single_process) {
    ASSERT_TRUE(load(batch_of(2000, 100)).ok());
    ASSERT_TRUE(load(batch_of(3000, 1)).ok());
    EXPECT_EQ(session->query("SELECT count(raw_data) FROM BRONZE.bronze_orders")->scalar_int(),
              1101);
  }
  EXPECT_FALSE(session->begin().ok());
  EXPECT_FALSE(session->execute("DELETE FROM BRONZE.bronze_orders").ok());
  for (const char* file : {"read_csv('/etc/passwd')", "read_text('/etc/hostname')"}) {
    EXPECT_EQ(session->query(std::string("SELECT * FROM ") + file).ok(),
              GetParam().quirks.reads_server_files)
        << file;
  }
  EXPECT_FALSE(session->execute("COPY (SELECT 1) TO '/tmp/falaj_forbidden.csv'").ok());
  EXPECT_FALSE(session->execute("COPY (SELECT 1) TO '" + options.directory + "/data/x.csv'").ok());
  EXPECT_FALSE(
      session->query("EXPLAIN ANALYZE COPY (SELECT 1) TO '" + options.directory + "/data/y.csv'")
          .ok());
  EXPECT_FALSE(session->execute("SET enable_external_access = true").ok());
  EXPECT_FALSE(session->execute("ATTACH '/tmp/other.duckdb'").ok());
  EXPECT_TRUE(session->query("DESCRIBE BRONZE.bronze_orders").ok());
  EXPECT_EQ(session->query("EXPLAIN SELECT 1").ok(), !GetParam().quirks.lacks_explain);
}

TEST_P(WarehouseContract, TransactionsRunAgainAfterAConflict) {
  int runs = 0;
  const Status done = in_transaction(*session_, clock_, 3, [&](Session& session) -> Status {
    FALAJ_TRY(insert(session, batch_of(1, 1)));
    if (++runs < 3) return Error(ErrorKind::kConflict, "Transaction conflict (made up)");
    return {};
  });
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "1");
  runs = 0;
  const Status failed = in_transaction(*session_, clock_, 2, [&](Session&) -> Status {
    ++runs;
    return Error(ErrorKind::kConflict, "Transaction conflict (made up)");
  });
  EXPECT_EQ(failed.error().kind(), ErrorKind::kConflict);
  EXPECT_EQ(runs, 2);
}

TEST_P(WarehouseContract, TheCommonSubsetOfSql) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"CAST(NULL AS timestamp_ntz) IS NULL", "true"},
      {"iff(1 = 1, 'a', 'b')", "a"},
      {"nvl(NULL, 3)", "3"},
      {"zeroifnull(NULL)", "0"},
      {"equal_null(NULL, NULL)", "true"},
      {"sha2('abc', 256)", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"sha2('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"CAST(dateadd('day', -3, DATE '2026-03-01') AS DATE)", "2026-02-26"},
      {"CAST(dateadd('month', 1, DATE '2026-01-31') AS DATE)", "2026-02-28"},
      {"dateadd('hour', 3, TIMESTAMP '2026-01-01 22:00:00')", "2026-01-02 01:00:00.000000"},
      {"DATEDIFF('day', DATE '2026-01-01', DATE '2026-02-01')", "31"},
      {"convert_timezone('UTC', 'Asia/Riyadh', TIMESTAMP '2026-01-01 22:00:00')",
       "2026-01-02 01:00:00.000000"},
      {"dayofweekiso(DATE '2026-11-23')", "1"},
      {"to_date('2026-11-23')", "2026-11-23"},
      {"date_from_parts(2026, 11, 23)", "2026-11-23"},
      {"(SELECT string_agg(x, '' ORDER BY x) FROM (VALUES ('b'), ('a')) t(x))", "ab"},
      {"(SELECT x FROM (VALUES (2), (NULL), (1)) t(x) ORDER BY x DESC LIMIT 1) IS NULL", "true"},
  };
  const auto& differences = GetParam().quirks.sql_that_differs;
  size_t seen = 0;
  for (const auto& [sql, expected] : cases) {
    const auto table = session_->query("SELECT " + sql);
    const std::string got = !table.ok()           ? table.error().to_text()
                            : table->rows.empty() ? "<none>"
                                                  : table->rows[0][0].value_or("<null>");
    if (const auto found = differences.find(sql); found != differences.end()) {
      ++seen;
      EXPECT_NE(got, expected) << sql << ": a declared difference that is none: " << found->second;
    } else {
      EXPECT_EQ(got, expected) << sql;
    }
  }
  EXPECT_EQ(seen, differences.size()) << "a declared difference names no case";
}

TEST_P(WarehouseContract, MaintenanceChangesNoRow) {
  session_.reset();
  warehouse_.reset();
  LakeOptions options;
  options.directory = (dir_ / "lake").string();
  options.clock = &clock_;
  options.commits_between_maintenance = 10;
  warehouse_ = std::move(*GetParam().open(options));
  session_ = std::move(*warehouse_->open_session());
  ASSERT_TRUE(session_->declare("staged_orders", orders_definition().columns).ok());
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(load(batch_of(i * 20, i % 2 == 0 ? 20 : 3)).ok());
  const std::string before =
      value("SELECT count(*) || ' ' || sum(order_id) FROM BRONZE.bronze_orders");
  const Status done = warehouse_->maintain();
  ASSERT_TRUE(done.ok()) << done.error().to_text();
  ASSERT_TRUE(warehouse_->maintain().ok());
  EXPECT_EQ(value("SELECT count(*) || ' ' || sum(order_id) FROM BRONZE.bronze_orders"), before);
  EXPECT_EQ(value("SELECT count(*) FROM BRONZE.bronze_orders"), "138");
}

INSTANTIATE_TEST_SUITE_P(All, WarehouseContract,
                         ::testing::Values(lake_kind(), file_kind(), fakesnow_kind()),
                         [](const auto& kind) { return kind.param.name; });

}  // namespace
}  // namespace falaj::warehouse
