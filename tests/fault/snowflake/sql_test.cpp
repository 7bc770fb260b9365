// `falaj sql` on Snowflake: large results in constant memory, Ctrl-C, a driver that is missing or
// has panicked.
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <filesystem>

#include "fault/snowflake/falaj_on_stub.hpp"
#include "support/long_tests.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

// The exit status of a command that was asked to stop.
constexpr int kStopped = 75;

#define FALAJ_REQUIRE_DRIVER() \
  if (snowflake_driver().empty()) GTEST_SKIP() << "the Snowflake driver is not there: make deps"

int64_t megabytes(const std::string& kilobytes) {
  return std::atoll(kilobytes.c_str()) / 1024;
}

// Read slowly, row by row: what is not asked for yet must not pile up in falaj.
TEST(LargeResult, IsStreamedInConstantMemory) {
  FALAJ_REQUIRE_DRIVER();
  TempDir dir;
  SnowflakeStub::Options options;
  // 8 MB a chunk.
  options.large = {"large_result",
                   is_long() ? 200 : 50,
                   {.first = 0, .batches = 8, .rows = 256, .text_bytes = 4096}};
  SnowflakeStub stub(options);
  const Falaj falaj = falaj_on(stub, dir / "home");
  auto child = falaj.start({"sql", "--csv", "SELECT * FROM large_result"});
  ASSERT_TRUE(child.ok()) << child.error().to_text();
  auto line = child->read_line(60s);
  ASSERT_TRUE(line.ok()) << line.error().to_text() << read_text_file(falaj.stderr_path());
  EXPECT_EQ(*line, "N,TEXT\r");
  int64_t peak = 0;
  const int64_t rows = options.large.rows();
  for (int64_t i = 0; i < rows; ++i) {
    line = child->read_line(60s);
    ASSERT_TRUE(line.ok()) << i << " of " << rows << read_text_file(falaj.stderr_path());
    ASSERT_TRUE(line->starts_with(std::to_string(i) + ",x")) << line->substr(0, 40);
    ASSERT_EQ(line->size(), std::to_string(i).size() + 1 + 4096 + 1);
    if (i % 2048 == 2047) {
      const std::string now = proc_line(child->pid(), "status", "VmHWM:");
      if (!now.empty()) peak = megabytes(now);
    }
  }
  EXPECT_EQ(child->wait().status, 0) << read_text_file(falaj.stderr_path());
  std::printf("%lld MB of rows, %lld MB of memory at the most\n",
              static_cast<long long>(rows * 4104 / 1'000'000), static_cast<long long>(peak));
  EXPECT_GT(peak, 20);
  EXPECT_LT(peak, 200);
}

TEST(CtrlC, StopsTheStatementInTheAccount) {
  FALAJ_REQUIRE_DRIVER();
  TempDir dir;
  SnowflakeStub stub;
  stub.script({.fault = StubFault::kSlow, .part = "range(9)"});
  const Falaj falaj = falaj_on(stub, dir / "home");
  auto child = falaj.start({"sql", "SELECT * FROM range(9)"});
  ASSERT_TRUE(child.ok()) << child.error().to_text();
  stub.wait_for(1);
  child->send_signal(SIGINT);
  (void)child->read_rest();
  const auto exit = child->wait();
  EXPECT_FALSE(exit.signalled);
  EXPECT_EQ(exit.status, kStopped) << read_text_file(falaj.stderr_path());
  const auto statements = stub.statements();
  ASSERT_EQ(statements.size(), 1U);
  EXPECT_EQ(stub.aborted(), std::vector{statements[0].request_id});
  EXPECT_EQ(stub.counts().logouts, 1);
}

TEST(CtrlC, EndsTheReadingOfALargeResult) {
  FALAJ_REQUIRE_DRIVER();
  TempDir dir;
  SnowflakeStub::Options options;
  options.large = {"large_result", 1000, {.batches = 8, .rows = 256, .text_bytes = 4096}};
  SnowflakeStub stub(options);
  const Falaj falaj = falaj_on(stub, dir / "home");
  auto child = falaj.start({"sql", "--csv", "SELECT * FROM large_result"});
  ASSERT_TRUE(child.ok()) << child.error().to_text();
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(child->read_line(60s).ok());
  child->send_signal(SIGINT);
  const std::string rest = child->read_rest();
  EXPECT_EQ(child->wait().status, kStopped) << read_text_file(falaj.stderr_path());
  EXPECT_LT(rest.size(), 100'000'000U);
}

TEST(Driver, ThatIsMissingIsNamedAndTheLakeWorksOn) {
  TempDir dir;
  Falaj falaj(dir / "home", "http://127.0.0.1:1");
  falaj.set_environment("FALAJ_WAREHOUSE_TYPE", "snowflake");
  falaj.set_environment("SNOWFLAKE_ACCOUNT", "a");
  falaj.set_environment("SNOWFLAKE_USER", "u");
  falaj.set_environment("SNOWFLAKE_PASSWORD", "p");
  falaj.set_environment("FALAJ_SNOWFLAKE_DRIVER", (dir / "none.so").string());
  const auto finished = falaj.run({"sql", "SELECT 1"});
  EXPECT_EQ(finished.status, 78) << finished.err;
  EXPECT_NE(finished.err.find("adbc-driver-snowflake 1.11.0"), std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("The embedded warehouse works without it"), std::string::npos);

  SimStore store({"--orders", "5", "--customers", "3", "--products", "2", "--plan", "unlimited"});
  Falaj lake(dir / "lake-home", store.base_url());
  lake.set_environment("FALAJ_SNOWFLAKE_DRIVER", (dir / "none.so").string());
  lake.run_ok();
  EXPECT_EQ(lake.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders"), "5");
}

// A library with the driver's interface whose first query says what the real one says after a
// panic in its Go code.
TEST(Driver, ThatHasPanickedEndsTheProcess) {
  const auto panicking =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "panicking_driver.so";
  ASSERT_TRUE(std::filesystem::exists(panicking));
  TempDir dir;
  Falaj falaj(dir / "home", "http://127.0.0.1:1");
  falaj.set_environment("FALAJ_WAREHOUSE_TYPE", "snowflake");
  falaj.set_environment("SNOWFLAKE_ACCOUNT", "a");
  falaj.set_environment("SNOWFLAKE_USER", "u");
  falaj.set_environment("SNOWFLAKE_PASSWORD", "p");
  falaj.set_environment("FALAJ_SNOWFLAKE_DRIVER", panicking.string());
  const auto finished = falaj.run({"sql", "SELECT 1"});
  EXPECT_EQ(finished.status, 75) << finished.err;
  EXPECT_FALSE(finished.signalled);
  EXPECT_NE(finished.err.find("the Snowflake driver has failed for good"), std::string::npos)
      << finished.err;
}

}  // namespace
}  // namespace falaj::test
