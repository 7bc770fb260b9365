#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"
#include "base/shifted_clock.hpp"
#include "base/ulid.hpp"

namespace falaj {
namespace {

using namespace std::chrono_literals;

TEST(Sha256, MatchesThePublishedVector) {
  const auto digest = sha256("abc");
  EXPECT_EQ(to_hex(digest), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(first_63_bits(digest), 0x3a7816bf8f01cfeaLL);
}

TEST(Ulid, IncreasesAlsoWithinAMillisecond) {
  ManualClock clock(UtcTime(1'700'000'000s));
  UlidGenerator generator(clock, 7);
  std::string last = generator.next();
  EXPECT_TRUE(is_ulid(last));
  for (int i = 0; i < 1000; ++i) {
    if (i == 500) clock.advance(-5s);
    const auto next = generator.next();
    EXPECT_LT(last, next);
    last = next;
  }
}

TEST(Ulid, StaysAboveWhatWasMadeBeforeByAClockThatWasAhead) {
  ManualClock ahead(UtcTime(1'700'086'400s));
  UlidGenerator before(ahead, 7);
  const auto newest = before.next();
  ManualClock right(UtcTime(1'700'000'000s));
  UlidGenerator after(right, 8);
  after.stay_above(newest);
  const auto next = after.next();
  EXPECT_LT(newest, next);
  EXPECT_TRUE(is_ulid(next));
  after.stay_above("no id");
  after.stay_above(newest);
  EXPECT_LT(next, after.next()) << "an older id changes nothing";
  right.advance(std::chrono::hours(48));
  EXPECT_EQ(after.next().substr(0, 8), UlidGenerator(right, 9).next().substr(0, 8))
      << "the clock counts once it is later";
}

TEST(ShiftedClock, IsLaterByWhatItIsTold) {
  ManualClock clock(UtcTime(1'700'000'000s));
  ShiftedClock shifted(clock);
  EXPECT_EQ(shifted.now(), clock.now());
  shifted.shift(-60s);
  EXPECT_EQ(shifted.now(), clock.now() - 60s);
  EXPECT_TRUE(shifted.wait_for(5s, {}));
  EXPECT_EQ(shifted.now(), UtcTime(1'700'000'000s) - 55s);
  EXPECT_EQ(shifted.steady_now(), clock.steady_now());
}

TEST(Clock, WritesIso8601) {
  EXPECT_EQ(to_iso8601(UtcTime(1'700'000'000s)), "2023-11-14T22:13:20Z");
  EXPECT_EQ(to_iso8601(UtcTime(1'700'000'000s + 5us), true), "2023-11-14T22:13:20.000005Z");
}

TEST(Clock, ScaledTimeRunsFaster) {
  SystemClock fast(1000.0);
  const auto start = fast.steady_now();
  EXPECT_TRUE(fast.wait_for(5s, {}));
  EXPECT_GE(fast.steady_now() - start, 5s);
}

TEST(Json, KeepsOrderAndIntegers) {
  auto parsed = Json::parse(R"({"b":9007199254740993,"a":[1.5,null,"ش"]})");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ((*parsed)["b"].as_int(), 9007199254740993);
  EXPECT_EQ(parsed->dump(), R"({"b":9007199254740993,"a":[1.5,null,"ش"]})");
}

TEST(Json, WhatNoDoubleHoldsAndDeepNestingAreErrors) {
  for (const auto& text : {std::string(R"({"error":{"code":1e999}})"), std::string(100'000, '['),
                           std::string(100'000, '[') + std::string(100'000, ']')}) {
    const auto parsed = Json::parse(text);
    ASSERT_FALSE(parsed.ok());
    EXPECT_EQ(parsed.error().kind(), ErrorKind::kBadResponse);
  }
  EXPECT_TRUE(Json::parse(std::string(200, '[') + std::string(200, ']')).ok());
  EXPECT_TRUE(Json::parse("{\"a\":\"" + std::string(1000, '[') + "\\\"[\"}").ok())
      << "brackets in texts";
}

// Found by tests/fuzz: such bytes went into the quarantine, and databases refuse them.
TEST(Excerpt, EscapesWhatIsNoUtf8) {
  for (const auto* bytes : {"\xE0\x99\x9E", "\xED\xA0\x80", "\xF0\x82\x82\xAC", "\xF4\x90\x80\x80",
                            "\xC0\xAF", "\xFF"}) {
    for (const char c : excerpt(bytes)) EXPECT_LT(static_cast<unsigned char>(c), 0x80) << bytes;
  }
  EXPECT_EQ(excerpt("ش€\xF0\x9F\x98\x80"), "ش€\xF0\x9F\x98\x80");
}

TEST(Json, SaysWhereItIsBroken) {
  auto parsed = Json::parse("{\n \"a\": }");
  ASSERT_FALSE(parsed.ok());
  EXPECT_NE(parsed.error().message().find("line 2 column 7"), std::string::npos)
      << parsed.error().message();
}

}  // namespace
}  // namespace falaj
