#include <fmt/format.h>

#include "warehouse/contract/case_groups.hpp"

namespace falaj::warehouse::contract {
namespace {

constexpr const char* kCount = "SELECT COUNT(raw_data) FROM BRONZE.bronze_orders";

struct Reader {
  std::unique_ptr<Warehouse> warehouse;
  std::unique_ptr<Session> session;
};

Result<Reader> open_reader(ContractRun& run) {
  Reader reader;
  OpenMode mode;
  mode.is_read_only = true;
  FALAJ_ASSIGN(reader.warehouse, run.subject().open(mode));
  FALAJ_ASSIGN(reader.session, reader.warehouse->open_session());
  return reader;
}

Status sees_commits(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 1000)));
  {
    auto beside = open_reader(run);
    bool sees = beside.ok() && run.value(*beside->session, kCount) == "1000";
    FALAJ_TRY(run.load(orders_batch(2000, 100)));
    sees = sees && run.value(*beside->session, kCount) == "1100";
    run.expect_unless(Quirk::kSingleProcess, sees, "a reader sees what a writer beside it commits");
  }
  if (run.has(Quirk::kSingleProcess)) run.close();
  FALAJ_ASSIGN(auto alone, open_reader(run));
  run.expect_equal(run.value(*alone.session, kCount), "1100", "rows that a new reader sees");
  return {};
}

Status touches_nothing(ContractRun& run) {
  FALAJ_TRY(run.load(orders_batch(1, 10)));
  if (run.has(Quirk::kSingleProcess)) run.close();
  FALAJ_ASSIGN(auto reader, open_reader(run));
  auto& session = *reader.session;
  run.expect(!session.begin().ok(), "a reader cannot begin a transaction");
  const auto folder = run.subject().server_folder();
  for (const auto& sql : {std::string("DELETE FROM BRONZE.bronze_orders"),
                          std::string("CREATE TABLE BRONZE.mine (a BIGINT)"),
                          std::string("DROP TABLE BRONZE.bronze_orders"),
                          std::string("COPY (SELECT 1) TO '/tmp/falaj_forbidden.csv'"),
                          fmt::format("COPY (SELECT 1) TO '{}/x.csv'", folder),
                          std::string("SET enable_external_access = true"),
                          std::string("ATTACH '/tmp/other.duckdb'")}) {
    run.expect(!session.execute(sql).ok(), "a reader cannot: " + sql);
  }
  run.expect(
      !session.query(fmt::format("EXPLAIN ANALYZE COPY (SELECT 1) TO '{}/y.csv'", folder)).ok(),
      "a reader cannot write by way of EXPLAIN");
  for (const char* file : {"read_csv('/etc/passwd')", "read_text('/etc/hostname')"}) {
    run.expect_unless(Quirk::kReadsServerFiles,
                      !session.query(fmt::format("SELECT * FROM {}", file)).ok(),
                      fmt::format("a reader cannot read {}", file));
  }
  run.expect_equal(run.value(session, kCount), "10", "rows afterwards");
  run.expect_unless(Quirk::kNoExplain, session.query("EXPLAIN SELECT 1").ok(), "EXPLAIN works");
  return {};
}

}  // namespace

std::vector<ContractCase> reader_cases() {
  return {
      {"readers", "a reader sees what was committed", sees_commits},
      {"readers", "a reader changes nothing and reads no files", touches_nothing},
  };
}

}  // namespace falaj::warehouse::contract
