#include "duck/connection.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "duck/appender.hpp"
#include "duck/database.hpp"
#include "duck/row_source.hpp"
#include "duck/scalar_function.hpp"
#include "support/temp_dir.hpp"

namespace falaj::duck {
namespace {

Database open_memory(int threads = 2) {
  auto database = Database::open({.threads = threads});
  EXPECT_TRUE(database.ok());
  return std::move(database).value();
}

Connection connect(Database& database) {
  return std::move(database.connect()).value();
}

std::string only_text(Connection& connection, const std::string& sql) {
  auto text = connection.query_text(sql);
  EXPECT_TRUE(text.ok()) << text.error().to_text();
  return text.ok() && text->has_value() ? **text : "<none>";
}

TEST(Connection, ReadsTypedCells) {
  auto database = open_memory();
  auto connection = connect(database);
  auto result = connection.query(
      "SELECT 7::BIGINT a, 1.5::DOUBLE b, -12.3400::DECIMAL(18,4) c, 'نص' d, true e, NULL::BIGINT "
      "f,"
      " TIMESTAMP '1970-01-01 00:00:01.5' g, DATE '1970-01-03' h, 200::UTINYINT i, ''::VARCHAR j");
  ASSERT_TRUE(result.ok()) << result.error().to_text();
  EXPECT_EQ(result->columns()[2].type_name, "DECIMAL(18,4)");
  EXPECT_EQ(result->columns()[2].scale, 4);
  auto chunk = result->next_chunk();
  ASSERT_TRUE(chunk.ok());
  const Chunk& row = **chunk;
  EXPECT_EQ(row.int64(0, 0), 7);
  EXPECT_DOUBLE_EQ(row.float64(1, 0), 1.5);
  EXPECT_EQ(row.int64(2, 0), -123400);
  EXPECT_DOUBLE_EQ(row.float64(2, 0), -12.34);
  EXPECT_EQ(row.text(3, 0), "نص");
  EXPECT_TRUE(row.boolean(4, 0));
  EXPECT_TRUE(row.is_null(5, 0));
  EXPECT_EQ(row.int64(6, 0), 1'500'000);
  EXPECT_EQ(row.int64(7, 0), 2);
  EXPECT_EQ(row.int64(8, 0), 200);
  EXPECT_EQ(row.text(9, 0), "");
  auto end = result->next_chunk();
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(*end, nullptr);
}

TEST(Connection, RendersEveryType) {
  auto database = open_memory();
  auto connection = connect(database);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"TIMESTAMP '2026-11-23 09:08:07.000120'", "2026-11-23 09:08:07.000120"},
      {"TIMESTAMP '1969-12-31 23:59:59.5'", "1969-12-31 23:59:59.500000"},
      {"TIMESTAMPTZ '2026-01-01 00:00:00+00'", "2026-01-01 00:00:00.000000+00"},
      {"DATE '2026-02-03'", "2026-02-03"},
      {"-0.05::DECIMAL(18,4)", "-0.0500"},
      {"99999999999999.9999::DECIMAL(18,4)", "99999999999999.9999"},
      {"-1.25::DECIMAL(4,2)", "-1.25"},
      {"'-12345678901234567890.12'::DECIMAL(38,2)", "-12345678901234567890.12"},
      {"170141183460469231731687303715884105727::HUGEINT",
       "170141183460469231731687303715884105727"},
      {"-5::HUGEINT", "-5"},
      {"(-9223372036854775808)::BIGINT", "-9223372036854775808"},
      {"18446744073709551615::UBIGINT", "18446744073709551615"},
      {"'\\x00ab\\xFF'::BLOB", "\\x00ab\\xFF"},
      {"0.1::DOUBLE", "0.1"},
      {"true", "true"},
      {"[1, NULL, 3]", "[1, NULL, 3]"},
      {"{'a': 1, 'b': 'x'}", "{'a': 1, 'b': x}"},
      {"MAP {'k': 2}", "{k=2}"},
      {"'550e8400-e29b-41d4-a716-446655440000'::UUID", "550e8400-e29b-41d4-a716-446655440000"},
      {"INTERVAL 3 DAY", "3 days"},
      {"TIME '01:02:03'", "01:02:03.000000"},
      {"'b'::ENUM('a', 'b')", "b"},
  };
  for (const auto& [sql, expected] : cases) {
    EXPECT_EQ(only_text(connection, "SELECT " + sql), expected) << sql;
  }
  EXPECT_FALSE(connection.query_text("SELECT NULL")->has_value());
}

TEST(Connection, StreamsManyRowsInOrder) {
  auto database = open_memory();
  auto connection = connect(database);
  auto result = connection.query("SELECT range AS n FROM range(100000) ORDER BY n");
  ASSERT_TRUE(result.ok());
  int64_t expected = 0;
  for (;;) {
    auto chunk = result->next_chunk();
    ASSERT_TRUE(chunk.ok());
    if (*chunk == nullptr) break;
    for (size_t i = 0; i < (*chunk)->row_count(); ++i) ASSERT_EQ((*chunk)->int64(0, i), expected++);
  }
  EXPECT_EQ(expected, 100000);
}

TEST(Connection, RunsSeveralStatementsAndCountsTheLast) {
  auto database = open_memory();
  auto connection = connect(database);
  auto changed =
      connection.execute("CREATE TABLE t (a BIGINT); INSERT INTO t SELECT * FROM range(5)");
  ASSERT_TRUE(changed.ok()) << changed.error().to_text();
  EXPECT_EQ(*changed, 5);
  EXPECT_EQ(*connection.execute("UPDATE t SET a = a + 1 WHERE a < 2"), 2);
  EXPECT_EQ(**connection.query_int64("SELECT 1; SELECT count(*) FROM t"), 5);
}

TEST(Connection, ClassifiesErrorsAndQuotesTheSql) {
  auto database = open_memory();
  auto connection = connect(database);
  ASSERT_TRUE(connection.execute("CREATE TABLE t (a BIGINT NOT NULL)").ok());
  const auto kind = [&](const std::string& sql) {
    auto result = connection.execute(sql);
    EXPECT_FALSE(result.ok()) << sql;
    if (result.ok()) return ErrorKind::kNothingToDo;
    EXPECT_NE(result.error().message().find("SQL: "), std::string::npos);
    return result.error().kind();
  };
  EXPECT_EQ(kind("SELEC 1"), ErrorKind::kUsage);
  EXPECT_EQ(kind("SELECT nope FROM t"), ErrorKind::kUsage);
  EXPECT_EQ(kind("SELECT * FROM nowhere"), ErrorKind::kUsage);
  EXPECT_EQ(kind("INSERT INTO t VALUES (NULL)"), ErrorKind::kRowsRejected);
  EXPECT_EQ(kind("SELECT 'x'::BIGINT"), ErrorKind::kRowsRejected);
  EXPECT_EQ(kind("SELECT * FROM read_csv('/no/such/file')"), ErrorKind::kStorageFailed);
  auto empty = connection.execute("  ");
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().kind(), ErrorKind::kUsage);
}

TEST(Connection, AnErrorInTheMiddleOfAStreamIsSeen) {
  auto database = open_memory(1);
  auto connection = connect(database);
  auto result = connection.query(
      "SELECT CASE WHEN range = 50000 THEN 'x' ELSE '1' END::BIGINT FROM range(100000)");
  Status last;
  while (result.ok()) {
    auto chunk = result->next_chunk();
    if (!chunk.ok()) {
      last = chunk.error();
      break;
    }
    if (*chunk == nullptr) break;
  }
  const bool seen = !result.ok() || !last.ok();
  EXPECT_TRUE(seen);
}

TEST(Connection, PreparedStatementsBind) {
  auto database = open_memory();
  auto connection = connect(database);
  ASSERT_TRUE(connection.execute("CREATE TABLE t (a BIGINT, b VARCHAR, c TIMESTAMP)").ok());
  auto statement = connection.prepare("INSERT INTO t VALUES ($1, $2, $3)");
  ASSERT_TRUE(statement.ok());
  ASSERT_TRUE(statement->bind_int64(1, 7).ok());
  ASSERT_TRUE(statement->bind_text(2, "it's").ok());
  ASSERT_TRUE(statement->bind_timestamp(3, 1'000'000).ok());
  EXPECT_EQ(*statement->execute(), 1);
  ASSERT_TRUE(statement->bind_null(2).ok());
  EXPECT_EQ(*statement->execute(), 1);
  EXPECT_FALSE(statement->bind_int64(9, 1).ok());
  EXPECT_EQ(**connection.query_int64("SELECT count(*) FROM t WHERE b = 'it''s'"), 1);
  EXPECT_FALSE(connection.prepare("SELECT FROM FROM").ok());
}

TEST(Connection, InterruptEndsALongQuery) {
  auto database = open_memory();
  auto connection = connect(database);
  std::thread other;
  std::atomic<bool> done{false};
  other = std::thread([&] {
    // Interrupts again and again: one that comes before the query starts has no effect.
    while (!done) {
      connection.interrupt();
      std::this_thread::yield();
    }
  });
  auto result =
      connection.execute("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b");
  done = true;
  other.join();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind(), ErrorKind::kCancelled) << result.error().to_text();
}

struct Columns {
  std::vector<int64_t> ids;
  std::vector<std::string> storage;
  std::vector<std::string_view> texts;
  std::vector<uint8_t> valid;
  std::vector<ColumnData> data;

  explicit Columns(size_t rows) {
    for (size_t i = 0; i < rows; ++i) {
      ids.push_back(static_cast<int64_t>(i));
      storage.push_back(
          i % 2 == 0 ? "short" : "a text that is longer than twelve bytes " + std::to_string(i));
      valid.push_back(i % 3 == 0 ? 0 : 1);
    }
    texts.assign(storage.begin(), storage.end());
    data = {
        {.name = "id", .type = ColumnType::kBigInt, .numbers = ids.data()},
        {.name = "body", .type = ColumnType::kText, .texts = texts.data(), .valid = valid.data()},
        {.name = "money", .type = ColumnType::kDecimal18, .scale = 4, .numbers = ids.data()},
        {.name = "seen", .type = ColumnType::kTimestamp, .numbers = ids.data()},
        {.name = "day", .type = ColumnType::kDate, .numbers = ids.data()},
        {.name = "flag", .type = ColumnType::kBool, .numbers = ids.data()}};
  }
};

constexpr const char* kCheckSum =
    "SELECT count(*) || ' ' || count(body) || ' ' || sum(id) || ' ' || sum(length(body)) || ' ' ||"
    " sum(money) || ' ' || max(seen) || ' ' || max(day) || ' ' || count(*) FILTER (flag) FROM ";

TEST(Appender, AppendsEveryType) {
  auto database = open_memory();
  auto connection = connect(database);
  ASSERT_TRUE(connection
                  .execute("CREATE TEMP TABLE t (id BIGINT NOT NULL, body VARCHAR, money "
                           "DECIMAL(18,4), seen TIMESTAMP, day DATE, flag BOOLEAN)")
                  .ok());
  const Columns columns(5000);
  auto appender = Appender::open(connection, "temp", "main", "t");
  ASSERT_TRUE(appender.ok()) << appender.error().to_text();
  ASSERT_TRUE(appender->append(columns.data, 5000).ok());
  ASSERT_TRUE(appender->close().ok());
  // 3,333 texts; ids 0..4999; money is id/10000; flags: every id but 0.
  EXPECT_EQ(only_text(connection,
                      "SELECT count(*) || ' ' || count(body) || ' ' || sum(id) || ' ' || "
                      "sum(money) || ' ' || count(*) FILTER (flag) || ' ' || max(day) FROM t"),
            "5000 3333 12497500 1249.7500 4999 1983-09-09");
}

TEST(Appender, ReportsNotNullFailures) {
  auto database = open_memory();
  auto connection = connect(database);
  ASSERT_TRUE(connection.execute("CREATE TABLE t (a BIGINT NOT NULL)").ok());
  auto appender = Appender::open(connection, "", "", "t");
  ASSERT_TRUE(appender.ok());
  const std::vector<int64_t> numbers = {1, 2};
  const std::vector<uint8_t> valid = {1, 0};
  const std::vector<ColumnData> data = {
      {.name = "a", .numbers = numbers.data(), .valid = valid.data()}};
  Status status = appender->append(data, 2);
  if (status.ok()) status = appender->close();
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind(), ErrorKind::kRowsRejected) << status.error().to_text();
  EXPECT_FALSE(Appender::open(connection, "", "", "nowhere").ok());
}

// What takes rows bounds what it holds between chunks only.
TEST(RowSource, GivesLongTextsInSmallChunks) {
  auto database = open_memory(1);
  auto connection = connect(database);
  auto source = RowSource::create(connection, "falaj_rows");
  ASSERT_TRUE(source.ok()) << source.error().to_text();
  const std::string large(700'000, 'x');
  const std::string giant(3'000'000, 'y');
  std::vector<std::string_view> texts(2100, "short");
  texts[2050] = large;
  texts[2051] = large;
  texts[2052] = giant;
  const std::vector<ColumnData> data = {
      {.name = "body", .type = ColumnType::kText, .texts = texts.data()}};
  source->add("s", {.columns = data, .rows = texts.size()});
  auto result = connection.query("SELECT body FROM falaj_rows('s')");
  ASSERT_TRUE(result.ok()) << result.error().to_text();
  std::vector<size_t> rows;
  for (;;) {
    auto chunk = result->next_chunk();
    ASSERT_TRUE(chunk.ok());
    if (*chunk == nullptr) break;
    rows.push_back((*chunk)->row_count());
  }
  EXPECT_EQ(rows, (std::vector<size_t>{2048, 3, 1, 1, 47}));
}

TEST(RowSource, GivesTheSameRowsAsTheAppender) {
  auto database = open_memory();
  auto connection = connect(database);
  auto source = RowSource::create(connection, "falaj_rows");
  ASSERT_TRUE(source.ok()) << source.error().to_text();
  const Columns first(5000);
  const Columns second(3000);
  source->add("s", {.columns = first.data, .rows = 5000});
  source->add("s", {.columns = second.data, .rows = 3000});
  ASSERT_TRUE(connection
                  .execute("CREATE TABLE t (id BIGINT, body VARCHAR, money DECIMAL(18,4), seen "
                           "TIMESTAMP, day DATE, flag BOOLEAN)")
                  .ok());
  auto appender = Appender::open(connection, "", "", "t");
  ASSERT_TRUE(appender->append(first.data, 5000).ok());
  ASSERT_TRUE(appender->append(second.data, 3000).ok());
  ASSERT_TRUE(appender->close().ok());
  EXPECT_EQ(only_text(connection, kCheckSum + std::string("falaj_rows('s')")),
            only_text(connection, kCheckSum + std::string("t")));
  EXPECT_EQ(**connection.query_int64("SELECT count(*) FROM falaj_rows('s')"), 8000);
  EXPECT_EQ(**connection.query_int64("SELECT count(*) FROM falaj_rows('s') WHERE day IS NOT NULL"),
            8000);
  EXPECT_EQ(
      **connection.query_int64("SELECT count(*) FROM t EXCEPT SELECT count(*) FROM "
                               "(SELECT t.id FROM t JOIN falaj_rows('s') s ON t.id = s.id AND "
                               "t.body IS NOT DISTINCT FROM s.body)"),
      8000);
  source->remove("s");
  EXPECT_FALSE(connection.query("SELECT * FROM falaj_rows('s')").ok());
}

TEST(ScalarFunction, SeesNullsAndFailsWithItsMessage) {
  auto database = open_memory();
  auto connection = connect(database);
  ASSERT_TRUE(
      register_bigint_function(connection, "count_nulls",
                               [](const Chunk& arguments, std::span<int64_t> results) -> Status {
                                 for (size_t row = 0; row < arguments.row_count(); ++row) {
                                   results[row] = 0;
                                   for (size_t i = 0; i < arguments.column_count(); ++i) {
                                     if (arguments.is_null(i, row))
                                       ++results[row];
                                     else if (arguments.kind(i) == TypeKind::kDouble)
                                       return Error(ErrorKind::kUsage, "no doubles here");
                                   }
                                 }
                                 return {};
                               })
          .ok());
  EXPECT_EQ(**connection.query_int64("SELECT count_nulls('a', NULL, 3, NULL::TIMESTAMP)"), 2);
  EXPECT_EQ(**connection.query_int64("SELECT sum(count_nulls(range, CASE WHEN range % 2 = 0 THEN "
                                     "NULL ELSE 'x' END))::BIGINT FROM range(10000)"),
            5000);
  auto failed = connection.query_int64("SELECT count_nulls(1.5::DOUBLE)");
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().message().find("no doubles here"), std::string::npos);
}

TEST(Database, NamesThePathThatItCannotOpen) {
  const test::TempDir dir;
  auto missing = Database::open({.path = (dir / "none").string() + "/x.db"});
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message().find("none/x.db"), std::string::npos);
  auto extension = Database::open({.extensions = {"/no/such.duckdb_extension"}});
  ASSERT_FALSE(extension.ok());
  EXPECT_EQ(extension.error().kind(), ErrorKind::kInvalidConfig);
  EXPECT_FALSE(
      Database::open(
          {.temp_directory = "/proc/x", .keeps_insertion_order = true, .extensions = {"relative"}})
          .ok());
}

TEST(Database, KeepsRowsInAFile) {
  const test::TempDir dir;
  const std::string path = (dir / "a.duckdb").string();
  {
    auto database = Database::open({.path = path});
    ASSERT_TRUE(database.ok());
    auto connection = connect(*database);
    ASSERT_TRUE(connection.execute("CREATE TABLE t AS SELECT 42 AS a").ok());
  }
  auto database = Database::open({.path = path, .is_read_only = true});
  ASSERT_TRUE(database.ok());
  auto connection = connect(*database);
  EXPECT_EQ(**connection.query_int64("SELECT a FROM t"), 42);
  EXPECT_FALSE(connection.execute("INSERT INTO t VALUES (1)").ok());
}

TEST(Quoting, DoublesQuotes) {
  EXPECT_EQ(quote_text("it's"), "'it''s'");
  EXPECT_EQ(quote_name("a\"b"), "\"a\"\"b\"");
}

}  // namespace
}  // namespace falaj::duck
