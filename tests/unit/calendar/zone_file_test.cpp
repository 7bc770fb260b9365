// Zones of the system's tz database: what the file lists, what its last line says of later years, and
// bytes that are none.
#include "calendar/zone_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace falaj::calendar {
namespace {

std::string number(uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i)
    text += static_cast<char>(value >> (8U * static_cast<unsigned>(i)));
  return text;
}

std::string header(size_t times, size_t types) {
  return "TZif2" + std::string(15, '\0') + number(0, 4) + number(0, 4) + number(0, 4) +
         number(times, 4) + number(types, 4) + number(4, 4);
}

// Two hours east; three from 2000 on.
std::string zone(const std::string& footer) {
  std::string text = header(0, 1) + std::string(6, '\0') + std::string("EET\0", 4);
  text += header(1, 2) + number(946'684'800, 8) + '\1';
  text += number(7'200, 4) + std::string(2, '\0') + number(10'800, 4) + std::string(2, '\0');
  return text + std::string("EET\0", 4) + "\n" + footer + "\n";
}

TEST(ZoneFile, HasItsChangesAndThoseOfItsLastLine) {
  const auto plain = parse_zone_file(zone("<+03>-3"));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->first_offset_secs, 7'200);
  ASSERT_EQ(plain->changes.size(), 1U);
  EXPECT_EQ(plain->changes[0].at_secs, 946'684'800);
  EXPECT_EQ(plain->changes[0].offset_secs, 10'800);
  const auto yearly = parse_zone_file(zone("EET-2EEST,M4.5.5/0,M10.5.4/24"));
  ASSERT_TRUE(yearly);
  // 2000-04-28 00:00 EET and 2000-10-26 24:00 EEST.
  EXPECT_EQ(yearly->changes[1].at_secs, 956'872'800);
  EXPECT_EQ(yearly->changes[1].offset_secs, 10'800);
  EXPECT_EQ(yearly->changes[2].at_secs, 972'594'000);
  EXPECT_EQ(yearly->changes[2].offset_secs, 7'200);
  EXPECT_EQ(yearly->changes.size(), 1U + 2U * 201U);
}

TEST(ZoneFile, OfTheSouthBeginsTheYearInSummer) {
  const auto zone_of = parse_zone_file(zone("<-04>4<-03>,M9.1.6/24,M4.1.6/24"));
  ASSERT_TRUE(zone_of);
  EXPECT_EQ(zone_of->changes[1].offset_secs, -14'400) << "April comes first";
  EXPECT_EQ(zone_of->changes[2].offset_secs, -10'800);
  EXPECT_LT(zone_of->changes[1].at_secs, zone_of->changes[2].at_secs);
}

TEST(ZoneFile, BytesThatAreNoneAreNothing) {
  const auto whole = zone("EET-2EEST,M4.5.5/0,M10.5.4/24");
  for (size_t size = 0; size + 31 < whole.size(); ++size) {
    EXPECT_FALSE(parse_zone_file(whole.substr(0, size))) << size;
  }
  for (const char* footer : {"EET", "EET-2EEST", "EET-2EEST,M4", "EET-2EEST,M13.5.5,M10.5.4",
                             "EET-2EEST,J60,J300", "<EET-2", "-2"}) {
    EXPECT_FALSE(parse_zone_file(zone(footer))) << footer;
  }
  auto wrong = whole;
  wrong[wrong.find("TZif", 4) + 44 + 8] = '\7';
  EXPECT_FALSE(parse_zone_file(wrong)) << "a type that is not there";
  EXPECT_FALSE(read_zone_file("/nowhere", "Asia/Riyadh"));
}

}  // namespace
}  // namespace falaj::calendar
