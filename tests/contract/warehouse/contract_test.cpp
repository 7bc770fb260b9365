// The contract of the port for every warehouse: the DuckDB file, DuckLake, fakesnow through the
// real driver, and a Snowflake account when its variables are set. Each prints its list.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "base/ulid.hpp"
#include "support/fakesnow.hpp"
#include "support/temp_dir.hpp"
#include "warehouse/contract/contract_suite.hpp"
#include "warehouse/duckdb/embedded_subject.hpp"
#include "warehouse/snowflake/account_subject.hpp"

namespace falaj::warehouse::contract {
namespace {

void expect_contract(Subject& subject) {
  const auto report = run_contract(subject);
  ASSERT_TRUE(report.ok()) << report.error().to_text();
  std::cout << report->to_text();
  EXPECT_TRUE(report->holds()) << report->summary();
  EXPECT_EQ(report->cases.size(), contract_cases().size());
}

LakeOptions lake_options(Clock& clock) {
  LakeOptions options;
  options.threads = 2;
  options.clock = &clock;
  return options;
}

TEST(Contract, DuckLake) {
  const test::TempDir dir;
  SystemClock clock;
  EmbeddedSubject lake(EmbeddedSubject::Kind::kLake, (dir / "lake").string(), lake_options(clock));
  expect_contract(lake);
}

TEST(Contract, DuckDbFile) {
  const test::TempDir dir;
  SystemClock clock;
  EmbeddedSubject file(EmbeddedSubject::Kind::kDuckDbFile, (dir / "file").string(),
                       lake_options(clock));
  expect_contract(file);
}

SnowflakeOptions fakesnow_options(const test::TempDir& dir, Clock& clock) {
  SnowflakeOptions options;
  options.driver_path = test::snowflake_driver();
  options.account = "fakesnow";
  options.host = test::fakesnow_url();
  options.user = "falaj";
  options.password = Secret("fakesnow");
  options.staging_directory = (dir / "upload").string();
  options.clock = &clock;
  return options;
}

TEST(Contract, Fakesnow) {
  if (!test::has_fakesnow()) GTEST_SKIP() << "fakesnow is not there: tools/fetch-deps fakesnow";
  const test::TempDir dir;
  SystemClock clock;
  SnowflakeSubject subject(fakesnow_options(dir, clock), "FALAJ_CONTRACT");
  expect_contract(subject);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// A scratch database of the account, dropped at the end.
TEST(Contract, SnowflakeAccount) {
  SystemClock clock;
  SnowflakeOptions options;
  options.account = environment("SNOWFLAKE_ACCOUNT");
  options.user = environment("SNOWFLAKE_USER");
  if (options.account.empty() || options.user.empty()) {
    GTEST_SKIP() << "no account: SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER and a way to sign in";
  }
  const test::TempDir dir;
  options.driver_path = test::snowflake_driver();
  options.host = environment("SNOWFLAKE_HOST");
  options.role = environment("SNOWFLAKE_ROLE");
  options.warehouse = environment("SNOWFLAKE_WAREHOUSE");
  options.private_key_path = environment("SNOWFLAKE_PRIVATE_KEY_PATH");
  options.private_key = Secret(environment("SNOWFLAKE_PRIVATE_KEY"));
  options.private_key_passphrase = Secret(environment("SNOWFLAKE_PRIVATE_KEY_PASSPHRASE"));
  options.access_token = Secret(environment("SNOWFLAKE_ACCESS_TOKEN"));
  options.password = Secret(environment("SNOWFLAKE_PASSWORD"));
  options.staging_directory = (dir / "upload").string();
  options.clock = &clock;
  UlidGenerator ids(clock, UlidGenerator::random_seed());
  SnowflakeSubject subject(options, "FALAJ_CONTRACT_" + ids.next());
  expect_contract(subject);
  const Status dropped = subject.drop();
  EXPECT_TRUE(dropped.ok()) << dropped.error().to_text();
}

// A lake of which a difference is said that it has not: the suite must find out.
class Exaggerated final : public Subject {
 public:
  Exaggerated(Subject& lake, Quirks quirks) : lake_(lake), quirks_(std::move(quirks)) {}
  std::string name() const override { return "exaggerated"; }
  const Quirks& quirks() const override { return quirks_; }
  Clock& clock() override { return lake_.clock(); }
  Status reset() override { return lake_.reset(); }
  Result<std::unique_ptr<Warehouse>> open(const OpenMode& mode) override {
    return lake_.open(mode);
  }
  std::string server_folder() const override { return lake_.server_folder(); }
  std::string integer_type() const override { return lake_.integer_type(); }
  std::string slow_query() const override { return lake_.slow_query(); }

 private:
  Subject& lake_;
  Quirks quirks_;
};

ContractReport report_of(const Quirks& quirks) {
  const test::TempDir dir;
  SystemClock clock;
  EmbeddedSubject lake(EmbeddedSubject::Kind::kDuckDbFile, (dir / "file").string(),
                       lake_options(clock));
  Exaggerated subject(lake, quirks);
  auto report = run_contract(subject);
  EXPECT_TRUE(report.ok());
  return report.ok() ? std::move(*report) : ContractReport();
}

TEST(Contract, ADifferenceThatIsNoLongerThereFails) {
  auto quirks = duckdb_file_quirks();
  quirks.declare(Quirk::kSumsDecimalsAsDouble, "said, but not so")
      .declare_sql("nvl(NULL, 3)", "said, but not so")
      .declare_sql("never_asked(1)", "no case has it");
  const auto report = report_of(quirks);
  EXPECT_FALSE(report.holds());
  EXPECT_EQ(report.failed(), 2);
  EXPECT_EQ(report.stale, std::vector<std::string>{"never_asked(1)"});
  EXPECT_NE(report.to_text().find("the declared difference sums-decimals-as-double is no longer"),
            std::string::npos)
      << report.to_text();
}

TEST(Contract, ADifferenceThatIsNotDeclaredFails) {
  const auto report = report_of(Quirks());
  EXPECT_FALSE(report.holds());
  EXPECT_EQ(report.failed(), 4) << report.to_text();
  EXPECT_EQ(report.differing(), 0);
}

}  // namespace
}  // namespace falaj::warehouse::contract
