// Each fault of the wire at every statement of a load, in turn: nothing is lost, nothing doubled,
// and the next run ends complete.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <thread>

#include "fault/snowflake/load_on_stub.hpp"
#include "support/fault_table.hpp"
#include "support/long_tests.hpp"

namespace falaj::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kTable = "Snowflake's answers";

struct Lane {
  StubFault fault = StubFault::kNone;
  bool is_ridden_out = false;  // the load meets it and ends well
  // How long a request is tried. The driver waits 1-3 s before it tries again: at 1 s it gives up
  // at the first failure.
  std::chrono::seconds request_timeout = 60s;
};

// The rows of docs/faults.md.
std::vector<Lane> lanes() {
  std::vector<Lane> all;
  for (const auto& row : fault_rows(kTable)) {
    Lane lane;
    for (int i = 0; i <= static_cast<int>(StubFault::kCutChunk); ++i) {
      if (to_string(static_cast<StubFault>(i)) == row.id) lane.fault = static_cast<StubFault>(i);
    }
    EXPECT_NE(lane.fault, StubFault::kNone) << row.id;
    lane.is_ridden_out = row["the load"] == "ridden out";
    if (lane.fault == StubFault::kNeverAvailable || lane.fault == StubFault::kLostForEver) {
      lane.request_timeout = 1s;
    }
    all.push_back(lane);
  }
  return all;
}

// Without LONG=1 each lane takes every ninth statement, and each from another one on; what only
// COPY can meet every second one.
int64_t step_of(StubFault fault) {
  constexpr int64_t kStep = 9;
  if (is_long()) return 1;
  return fault == StubFault::kRejectedFile ? 2 : kStep;
}

struct Tally {
  int64_t loads = 0;
  int64_t failed = 0;
  int64_t statements = 0;  // of a load, rounded up to the step
};

// The fault at statement `n` of a load, then the next run. False when the load had fewer.
bool load_with_fault(LoadOnStub& account, const Lane& lane, int64_t n, Tally& tally) {
  SCOPED_TRACE(fmt::format("{} at statement {}", to_string(lane.fault), n));
  account.empty_tables();
  account.stub.forget_statements();
  account.stub.script({.fault = lane.fault, .statement = n});
  account.open(lane.request_timeout);
  const auto first = account.load();
  const auto statements = account.stub.statements();
  const bool was_met = static_cast<int64_t>(statements.size()) >= n;
  account.stub.forget_scripts();
  ++tally.loads;
  if (!first.ok()) ++tally.failed;
  if (!first.ok() && lane.is_ridden_out) ADD_FAILURE() << first.error().to_text();
  if (!was_met) {
    EXPECT_TRUE(first.ok()) << first.error().to_text();
  }
  account.open(60s);
  const auto next = account.load();
  EXPECT_TRUE(next.ok()) << next.error().to_text();
  account.expect_complete();
  expect_good_statements(account.stub);
  return was_met;
}

// Several at once, since much of the time is the driver's waiting.
TEST(LoadFaults, AtEveryStatementNothingIsLostOrDoubled) {
  FALAJ_REQUIRE_DRIVER();
  constexpr int kThreads = 5;
  const auto lanes_of_table = lanes();
  std::vector<Tally> tallies(lanes_of_table.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < lanes_of_table.size(); i = next++) {
      LoadOnStub account;
      account.open(60s);
      const Status created = account.create_tables();
      ASSERT_TRUE(created.ok()) << created.error().to_text();
      const int64_t step = step_of(lanes_of_table[i].fault);
      int64_t n = 1 + static_cast<int64_t>(i) % step;
      while (load_with_fault(account, lanes_of_table[i], n, tallies[i])) n += step;
      tallies[i].statements = n;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
  for (size_t i = 0; i < lanes_of_table.size(); ++i) {
    std::printf("%-16s %lld loads of up to %lld statements, %lld of them failed at first\n",
                std::string(to_string(lanes_of_table[i].fault)).c_str(),
                static_cast<long long>(tallies[i].loads),
                static_cast<long long>(tallies[i].statements),
                static_cast<long long>(tallies[i].failed));
    EXPECT_GT(tallies[i].loads, 2);
    const bool fails_some = tallies[i].failed > 0;
    EXPECT_EQ(fails_some, !lanes_of_table[i].is_ridden_out) << to_string(lanes_of_table[i].fault);
  }
}

}  // namespace
}  // namespace falaj::test
