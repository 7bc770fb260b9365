// The gate against headers that a test writes, alone and with others on the same record.
#include "http/quota_gate.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>

namespace falaj::http {
namespace {

using namespace std::chrono_literals;

constexpr UtcTime kStart{Micros(1'795'000'020'000'000)};  // 20 s into a minute
constexpr auto kMinuteEnd = kStart + 40s;

Headers limits(int64_t limit, int64_t remaining, UtcTime reset) {
  Headers headers;
  headers.add("X-RateLimit-Limit", std::to_string(limit));
  headers.add("X-RateLimit-Remaining", std::to_string(remaining));
  headers.add("X-RateLimit-Reset", std::to_string(reset.time_since_epoch() / 1s));
  return headers;
}

// An answer to a request that went just now.
void tell(QuotaGate& gate, const Clock& clock, const Headers& headers,
          Bucket bucket = Bucket::kStore) {
  gate.observe({bucket, &headers, clock.shared_now()});
}

// One record for several gates of a test.
template <typename Record>
class CommonBook final : public SharedBook<Record> {
 public:
  CommonBook(std::shared_ptr<Record> record, size_t member, std::shared_ptr<size_t> dead)
      : record_(std::move(record)), member_(member), dead_(std::move(dead)) {}
  void with(const std::function<void(Record&)>& work) override { work(*record_); }
  size_t member() const override { return member_; }
  bool is_alive(size_t member) const override { return member != *dead_; }

 private:
  std::shared_ptr<Record> record_;
  size_t member_;
  std::shared_ptr<size_t> dead_;
};

struct Common {
  std::shared_ptr<QuotaRecord> record = std::make_shared<QuotaRecord>();
  std::shared_ptr<size_t> dead = std::make_shared<size_t>(999);
  QuotaOptions options(size_t member) const {
    QuotaOptions options;
    options.book = std::make_shared<CommonBook<QuotaRecord>>(record, member, dead);
    return options;
  }
};

TEST(QuotaGate, OneRequestFindsOutThenTheMinuteIsUsedUpAndWaitedFor) {
  ManualClock clock(kStart);
  QuotaGate gate(clock, {});
  EXPECT_EQ(gate.acquire(Bucket::kStore), 0us);
  EXPECT_GT(gate.acquire(Bucket::kStore), 0us) << "nothing is known yet";
  const auto headers = limits(120, 2, kMinuteEnd);
  tell(gate, clock, headers);
  EXPECT_EQ(gate.view().limit_per_minute, 120);
  EXPECT_EQ(gate.acquire(Bucket::kStore), 0us);
  EXPECT_EQ(gate.acquire(Bucket::kStore), 0us);
  EXPECT_GT(gate.acquire(Bucket::kStore), 0us) << "both are under way";
  const auto empty = limits(120, 0, kMinuteEnd);
  tell(gate, clock, empty);
  tell(gate, clock, empty);
  EXPECT_EQ(gate.acquire(Bucket::kStore), 40s);
  clock.advance(40s);
  EXPECT_EQ(gate.acquire(Bucket::kStore), 0us) << "a new minute";
  EXPECT_GT(gate.acquire(Bucket::kStore), 0us) << "one proves that it has begun";
  const auto fresh = limits(120, 119, kMinuteEnd + 60s);
  tell(gate, clock, fresh);
  for (int i = 0; i < 119; ++i) ASSERT_EQ(gate.acquire(Bucket::kStore), 0us) << i;
  EXPECT_GT(gate.acquire(Bucket::kStore), 0us);
}

TEST(QuotaGate, AProbeThatCameTooEarlyWaitsForTheRealEnd) {
  ManualClock clock(kStart);
  QuotaGate gate(clock, {});
  ASSERT_EQ(gate.acquire(Bucket::kStore), 0us);
  const auto empty = limits(120, 0, kMinuteEnd);
  tell(gate, clock, empty);
  clock.advance(40s);
  ASSERT_EQ(gate.acquire(Bucket::kStore), 0us);
  // The server's minute is not over: its clock says so.
  auto old = limits(120, 0, kMinuteEnd + 3s);
  tell(gate, clock, old);
  EXPECT_EQ(gate.acquire(Bucket::kStore), 3s);
}

TEST(QuotaGate, AnswersOfTheMinuteBeforeDoNotTakeFromTheNewOne) {
  ManualClock clock(kStart);
  QuotaGate gate(clock, {});
  ASSERT_EQ(gate.acquire(Bucket::kStore), 0us);
  const auto first = limits(60, 10, kMinuteEnd);
  tell(gate, clock, first);
  ASSERT_EQ(gate.acquire(Bucket::kStore), 0us);
  ASSERT_EQ(gate.acquire(Bucket::kStore), 0us);
  const auto fresh = limits(60, 59, kMinuteEnd + 60s);
  tell(gate, clock, fresh);
  const auto late = limits(60, 0, kMinuteEnd);
  tell(gate, clock, late);
  EXPECT_EQ(gate.view().remaining, 59);
  EXPECT_EQ(gate.acquire(Bucket::kStore), 0us);
}

TEST(QuotaGate, APauseHoldsEverybodyAndCustomersHaveFiveHundredInTenMinutes) {
  ManualClock clock(kStart);
  QuotaGate gate(clock, {});
  const Headers none;
  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(gate.acquire(Bucket::kCustomers), 0us) << i;
    tell(gate, clock, none);
    clock.advance(1s);
  }
  EXPECT_EQ(gate.acquire(Bucket::kCustomers), 101s) << "the first is 500 s old";
  EXPECT_EQ(gate.acquire(Bucket::kStore), 0us) << "no limit was announced";
  tell(gate, clock, none);
  EXPECT_EQ(gate.refuse({Bucket::kStore, &none}, 3s, 60s), 3s);
  EXPECT_EQ(gate.acquire(Bucket::kStore), 3s);
  clock.advance(101s);
  EXPECT_EQ(gate.acquire(Bucket::kCustomers), 0us);
  EXPECT_EQ(gate.acquire(Bucket::kCustomers), 1s) << "one left the ten minutes, one came";
}

TEST(QuotaGate, AServerClockThatIsOffByHoursNeitherStopsNorUnleashes) {
  ManualClock clock(kStart);
  QuotaGate gate(clock, {});
  ASSERT_EQ(gate.acquire(Bucket::kStore), 0us);
  const auto late = limits(60, 0, kStart + 5h);
  tell(gate, clock, late);
  EXPECT_LE(gate.acquire(Bucket::kStore), 2min);
  EXPECT_GT(gate.acquire(Bucket::kStore), 0us);
}

TEST(QuotaGate, WithoutHeadersOneASecondAndTheLimitIsForgottenInTime) {
  ManualClock clock(kStart);
  QuotaOptions options;
  options.per_second_without_headers = 1;
  QuotaGate gate(clock, options);
  const Headers none;
  ASSERT_EQ(gate.acquire(Bucket::kStore), 0us);
  tell(gate, clock, none);
  EXPECT_EQ(gate.acquire(Bucket::kStore), 1s);
  clock.advance(1s);
  EXPECT_EQ(gate.acquire(Bucket::kStore), 0us);
  const auto announced = limits(120, 100, kMinuteEnd);
  tell(gate, clock, announced);
  EXPECT_EQ(gate.acquire(Bucket::kStore), 0us) << "the headers are trusted";
  tell(gate, clock, none);
  EXPECT_EQ(gate.view().limit_per_minute, 120) << "one answer without them is nothing";
  for (int i = 0; i < 30 && gate.view().limit_per_minute; ++i) {
    ASSERT_EQ(gate.acquire(Bucket::kStore), 0us);
    tell(gate, clock, none);
  }
  EXPECT_EQ(gate.view().limit_per_minute, std::nullopt);
}

TEST(QuotaGate, AMemberThatDiedLeavesNothingInFlight) {
  ManualClock clock(kStart);
  const Common common;
  QuotaGate one(clock, common.options(0));
  QuotaGate other(clock, common.options(1));
  ASSERT_EQ(one.acquire(Bucket::kStore), 0us);
  const auto headers = limits(120, 3, kMinuteEnd);
  tell(one, clock, headers);
  ASSERT_EQ(other.acquire(Bucket::kStore), 0us);
  ASSERT_EQ(other.acquire(Bucket::kStore), 0us);
  ASSERT_EQ(one.acquire(Bucket::kStore), 0us);
  EXPECT_LT(one.acquire(Bucket::kStore), 1s) << "three are under way";
  *common.dead = 1;
  EXPECT_LT(one.acquire(Bucket::kStore), 1s) << "its two count as used";
  EXPECT_EQ(one.view().remaining, 1);
  const auto empty = limits(120, 0, kMinuteEnd);
  tell(one, clock, empty);
  EXPECT_EQ(one.acquire(Bucket::kStore), 40s);
}

TEST(QuotaGate, AfterTheLimitOneASecondWhereThatIsWantedUntilItIsRefused) {
  ManualClock clock(kStart);
  QuotaOptions options;
  options.uses_slow_tail = true;
  QuotaGate gate(clock, options);
  ASSERT_EQ(gate.acquire(Bucket::kStore), 0us);
  const auto empty = limits(60, 0, kMinuteEnd);
  tell(gate, clock, empty);
  const auto wait = gate.acquire(Bucket::kStore);
  EXPECT_GE(wait, 1s);
  EXPECT_LT(wait, 1100ms);
  clock.advance(wait);
  ASSERT_EQ(gate.acquire(Bucket::kStore), 0us);
  EXPECT_LT(gate.acquire(Bucket::kStore), 1s) << "one at a time";
  tell(gate, clock, empty);
  gate.refuse({Bucket::kStore, &empty}, 5s, 60s);
  clock.advance(5s);
  EXPECT_GT(gate.acquire(Bucket::kStore), 30s) << "a store that refuses it is not asked so again";
}

// A server with a fixed minute, and three clients that always want more.
struct Race {
  ManualClock clock{kStart};
  Common common;
  int64_t limit = 120;
  int64_t used = 0;
  int64_t window = 0;
  int64_t refused = 0;
  std::array<int64_t, kShares> granted{};

  Headers serve() {
    const auto now = clock.now().time_since_epoch() / 60s;
    if (now != window) {
      window = now;
      used = 0;
    }
    if (used >= limit) ++refused;
    ++used;
    return limits(limit, std::max<int64_t>(0, limit - used), UtcTime((now + 1) * 60s));
  }
};

TEST(QuotaGate, SharesAreWeightedAndNothingIsWastedOrRefused) {
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  SCOPED_TRACE(seed);
  Race race;
  std::vector<std::unique_ptr<QuotaGate>> gates;
  for (size_t i = 0; i < kShares; ++i)
    gates.push_back(std::make_unique<QuotaGate>(race.clock, race.common.options(i)));
  // Each client has one request under way, answered a tenth of a second later.
  std::array<std::optional<Headers>, kShares> flying;
  constexpr int kMinutes = 10;
  const auto end = race.clock.now() + 40s + kMinutes * 60s;
  std::array<int64_t, kShares> counted{};
  while (race.clock.now() < end) {
    for (size_t i = 0; i < kShares; ++i) {
      if (flying[i]) tell(*gates[i], race.clock, *flying[i]);
      flying[i].reset();
    }
    std::array<size_t, kShares> order = {0, 1, 2};
    std::shuffle(order.begin(), order.end(), random);
    for (const size_t i : order) {
      if (gates[i]->acquire(Bucket::kStore, static_cast<Share>(i)) > 0us) continue;
      flying[i] = race.serve();
      if (race.clock.now() >= kMinuteEnd) ++counted[i];
    }
    race.clock.advance(100ms);
  }
  const auto all = counted[0] + counted[1] + counted[2];
  EXPECT_EQ(race.refused, 0);
  EXPECT_GE(all, kMinutes * race.limit * 97 / 100);
  EXPECT_NEAR(static_cast<double>(counted[0]) / static_cast<double>(all), 0.6, 0.05);
  EXPECT_NEAR(static_cast<double>(counted[1]) / static_cast<double>(all), 0.3, 0.05);
}

TEST(QuotaGate, WhoWaitsAloneGetsEverything) {
  Race race;
  QuotaGate gate(race.clock, race.common.options(2));
  int64_t granted = 0;
  while (race.clock.now() < kMinuteEnd) {
    if (gate.acquire(Bucket::kStore, Share::kBackfill) == 0us) {
      const auto headers = race.serve();
      tell(gate, race.clock, headers);
      ++granted;
    }
    race.clock.advance(10ms);
  }
  EXPECT_EQ(granted, race.limit);
  EXPECT_EQ(race.refused, 0);
}

}  // namespace
}  // namespace falaj::http
