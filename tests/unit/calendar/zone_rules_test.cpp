// Zones by the tz database's rules: summer time then and now, gaps, overlaps, and what is no zone.
#include "calendar/zone_rules.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

namespace falaj::calendar {
namespace {

using namespace std::chrono;

int64_t micros(year_month_day date, int hour, int minute = 0, int second = 0) {
  return (sys_days(date).time_since_epoch().count() * 86'400LL + hour * 3600 + minute * 60 +
          second) *
         1'000'000;
}

// Seconds east of UTC at a local time; -1 for no zone.
int32_t offset(std::string_view zone, year_month_day date, int hour = 12, int minute = 0) {
  const auto* rules = rules_of(zone);
  return rules == nullptr ? -1 : rules->offset_at_local(micros(date, hour, minute));
}

TEST(ZoneRules, FollowTheDatabase) {
  EXPECT_EQ(offset("Asia/Riyadh", 2026y / 7 / 1), 10'800);
  EXPECT_EQ(offset("Asia/Riyadh", 1960y / 7 / 1), 10'800);
  EXPECT_EQ(offset("Asia/Kolkata", 2026y / 7 / 1), 19'800);
  EXPECT_EQ(offset("Asia/Calcutta", 2026y / 7 / 1), 19'800) << "an old name of the same";
  EXPECT_EQ(offset("Asia/Kathmandu", 2026y / 1 / 1), 20'700);
  EXPECT_EQ(offset("Europe/London", 2026y / 1 / 15), 0);
  EXPECT_EQ(offset("Europe/London", 2026y / 7 / 15), 3'600);
  EXPECT_EQ(offset("America/New_York", 2026y / 7 / 15), -14'400);
  EXPECT_EQ(offset("UTC", 2026y / 7 / 15), 0);
  EXPECT_EQ(offset("Etc/GMT-3", 2026y / 7 / 15), 10'800);
}

TEST(ZoneRules, KnowTheYearsInWhichSummerTimeWasAbolished) {
  EXPECT_EQ(offset("Africa/Cairo", 2014y / 8 / 15), 10'800);
  EXPECT_EQ(offset("Africa/Cairo", 2015y / 8 / 15), 7'200);
  EXPECT_EQ(offset("Africa/Cairo", 2022y / 8 / 15), 7'200);
  EXPECT_EQ(offset("Africa/Cairo", 2023y / 8 / 15), 10'800);
  EXPECT_EQ(offset("Africa/Cairo", 2026y / 1 / 15), 7'200);
  EXPECT_EQ(offset("Asia/Amman", 2021y / 1 / 15), 7'200);
  EXPECT_EQ(offset("Asia/Amman", 2024y / 1 / 15), 10'800) << "permanent since October 2022";
}

TEST(ZoneRules, ASkippedTimeIsLaterAndADoubledOneIsItsFirst) {
  // 2026-03-29 01:00 becomes 02:00, 2026-10-25 02:00 becomes 01:00.
  EXPECT_EQ(offset("Europe/London", 2026y / 3 / 29, 0, 59), 0);
  EXPECT_EQ(offset("Europe/London", 2026y / 3 / 29, 1, 30), 0);
  EXPECT_EQ(rules_of("Europe/London")->utc_micros(micros(2026y / 3 / 29, 1, 30)),
            micros(2026y / 3 / 29, 1, 30))
      << "which is 02:30 by the new time";
  EXPECT_EQ(offset("Europe/London", 2026y / 3 / 29, 2), 3'600);
  EXPECT_EQ(offset("Europe/London", 2026y / 10 / 25, 1, 30), 3'600);
  EXPECT_EQ(offset("Europe/London", 2026y / 10 / 25, 2), 0);
}

TEST(ZoneRules, OffsetsAndAbbreviations) {
  EXPECT_EQ(offset("+03:00", 2026y / 1 / 1), 10'800);
  EXPECT_EQ(offset("+0300", 2026y / 1 / 1), 10'800);
  EXPECT_EQ(offset("+03", 2026y / 1 / 1), 10'800);
  EXPECT_EQ(offset("-05:30", 2026y / 1 / 1), -19'800);
  EXPECT_EQ(offset("GMT+3", 2026y / 1 / 1), 10'800);
  EXPECT_EQ(offset("UTC+03:00", 2026y / 1 / 1), 10'800);
  EXPECT_EQ(offset("EET", 2026y / 7 / 1), 7'200) << "EEST is the summer's name";
  EXPECT_EQ(offset("EEST", 2026y / 7 / 1), 10'800);
  EXPECT_EQ(offset("AST", 2026y / 7 / 1), 10'800);
  EXPECT_EQ(offset("bst", 2026y / 7 / 1), 3'600);
  EXPECT_EQ(offset(" Asia/Riyadh ", 2026y / 7 / 1), 10'800);
}

TEST(ZoneRules, WhatIsNoZoneIsNone) {
  for (const char* name : {"", "Mars/Base", "+99:00", "+3:0", "+", "GMT+", "Asia/Riyadh\n", "null",
                           "Etc/Unknown", "'; --", "\xff\xfe"}) {
    EXPECT_EQ(rules_of(name), nullptr) << name;
  }
  EXPECT_EQ(rules_of(std::string(5000, 'A')), nullptr);
}

TEST(ZoneRules, AMemoryForgetsAndFindsAgain) {
  ZoneMemory memory;
  for (int round = 0; round < 3; ++round) {
    for (const char* name : {"Asia/Riyadh", "Africa/Cairo", "UTC", "Mars/Base", "Europe/London",
                             "Asia/Dubai", "Asia/Kolkata"}) {
      EXPECT_EQ(memory.find(name), rules_of(name)) << name;
    }
  }
}

TEST(ZoneRules, ManyThreadsAskAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (const char* name : {"America/Sao_Paulo", "Europe/Paris", "Asia/Tehran", "Asia/Beirut"}) {
        EXPECT_NE(rules_of(name), nullptr) << name;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(offset("Asia/Tehran", 2021y / 7 / 1), 16'200);
  EXPECT_EQ(offset("Asia/Tehran", 2023y / 7 / 1), 12'600);
}

}  // namespace
}  // namespace falaj::calendar
