#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "decode/date_text.hpp"
#include "decode/decimal_text.hpp"
#include "decode/json_text.hpp"

namespace falaj::decode {
namespace {

struct DecimalCase {
  const char* text;
  NumberParse outcome;
  int64_t value;
};

TEST(DecimalText, ParsesExactlyToFourDigits) {
  using enum NumberParse;
  const DecimalCase cases[] = {
      {"0", kOk, 0},
      {"13.04", kOk, 130'400},
      {"-302.5", kOk, -3'025'000},
      {"1000.00", kOk, 10'000'000},
      {" 7 ", kOk, 70'000},
      {"+7", kOk, 70'000},
      {".5", kOk, 5'000},
      {"5.", kOk, 50'000},
      {"0.1", kOk, 1'000},
      {"1e2", kOk, 1'000'000},
      {"1.5E-3", kOk, 15},
      {"1e+2", kOk, 1'000'000},
      {"0.00005", kOk, 1},  // half away from zero
      {"-0.00005", kOk, -1},
      {"0.000049999", kOk, 0},
      {"2.675149", kOk, 26'751},
      {"2.67515", kOk, 26'752},
      {"0.99995", kOk, 10'000},
      {"99999999999999.9999", kOk, 999'999'999'999'999'999},
      {"-99999999999999.9999", kOk, -999'999'999'999'999'999},
      {"99999999999999.99995", kOutOfRange, 0},
      {"100000000000000", kOutOfRange, 0},
      {"1e14", kOutOfRange, 0},
      {"1e400", kOutOfRange, 0},
      {"1e99999999999999999999", kOutOfRange, 0},
      {"0e99999999999999999999", kOk, 0},
      {"1e-99999999999999999999", kOk, 0},
      {"1e-400", kOk, 0},
      {"123456789012345678901234567890123456789012345678901234567890", kOutOfRange, 0},
      {"0.00000000000000000000000000000000000000000000000000000000005", kOk, 0},
      {"1.23456789012345678901234567890123456789012345678901234567890", kOk, 12'346},
      {"0000000000000000000000000000000000000000000000000000000012", kOk, 120'000},
      {"", kNotANumber, 0},
      {" ", kNotANumber, 0},
      {".", kNotANumber, 0},
      {"-", kNotANumber, 0},
      {"1,000", kNotANumber, 0},
      {"12abc", kNotANumber, 0},
      {"1.2.3", kNotANumber, 0},
      {"1e", kNotANumber, 0},
      {"1e+-2", kNotANumber, 0},
      {"٢٥", kNotANumber, 0},
      {"NaN", kNotANumber, 0},
      {"0x10", kNotANumber, 0},
  };
  for (const auto& [text, outcome, value] : cases) {
    int64_t got = 0;
    EXPECT_EQ(parse_decimal(text, 4, got), outcome) << text;
    if (outcome == kOk) {
      EXPECT_EQ(got, value) << text;
    }
  }
  int64_t rate = 0;
  EXPECT_EQ(parse_decimal("0.266592", 8, rate), kOk);
  EXPECT_EQ(rate, 26'659'200);
}

TEST(DecimalText, ParsesIntegersOfAnyForm) {
  using enum NumberParse;
  const DecimalCase cases[] = {
      {"0", kOk, 0},
      {"19940416533", kOk, 19940416533},
      {"-5", kOk, -5},
      {"+5", kOk, 5},
      {"50.0", kOk, 50},
      {"1e3", kOk, 1000},
      {"9223372036854775807", kOk, INT64_MAX},
      {"-9223372036854775808", kOk, INT64_MIN},
      {"9223372036854775808", kOutOfRange, 0},
      {"1e30", kOutOfRange, 0},
      {"1.5", kNotANumber, 0},
      {"", kNotANumber, 0},
      {"SAIF2485", kNotANumber, 0},
  };
  for (const auto& [text, outcome, value] : cases) {
    int64_t got = 0;
    EXPECT_EQ(parse_integer(text, got), outcome) << text;
    if (outcome == kOk) {
      EXPECT_EQ(got, value) << text;
    }
  }
}

std::string iso(std::string_view text, std::string_view zone) {
  DateText date;
  switch (parse_date(text, date)) {
    case DateParse::kNoDate: return "none";
    case DateParse::kNotADate: return "bad";
    case DateParse::kOk: break;
  }
  return to_iso8601(UtcTime(Micros(utc_micros(date, zone))), true);
}

TEST(DateText, ReadsWhatSallaSends) {
  const std::string riyadh = "Asia/Riyadh";
  EXPECT_EQ(iso("2024-02-15 08:23:05.000000", riyadh), "2024-02-15T05:23:05.000000Z");
  EXPECT_EQ(iso("2024-02-15 08:23:05.120000", "UTC"), "2024-02-15T08:23:05.120000Z");
  EXPECT_EQ(iso("2022-02-06 11:45:30", ""), "2022-02-06T08:45:30.000000Z");
  EXPECT_EQ(iso("2025-06-23", riyadh), "2025-06-22T21:00:00.000000Z");
  EXPECT_EQ(iso("2024-02-16T00:00:00", riyadh), "2024-02-15T21:00:00.000000Z");
  EXPECT_EQ(iso("2024-02-16T:23:59:59", riyadh), "2024-02-16T20:59:59.000000Z");
  EXPECT_EQ(iso("2022-03-07T11:57:13.000000Z", riyadh), "2022-03-07T11:57:13.000000Z");
  EXPECT_EQ(iso("2022-03-07T11:57:13+03:00", "UTC"), "2022-03-07T08:57:13.000000Z");
  EXPECT_EQ(iso("2024-02-29 00:00", riyadh), "2024-02-28T21:00:00.000000Z");
  EXPECT_EQ(iso("1970-01-01 00:00:00.000000", riyadh), "1969-12-31T21:00:00.000000Z");
  EXPECT_EQ(iso("2024-02-15 08:23:05", "Asia/Dubai"), "2024-02-15T04:23:05.000000Z");
  EXPECT_EQ(iso("2024-02-15 08:23:05", "+05:30"), "2024-02-15T02:53:05.000000Z");
  EXPECT_EQ(iso("2024-02-15 08:23:05", "Mars/Base"), "2024-02-15T05:23:05.000000Z");
  EXPECT_EQ(iso("2024-02-15 08:23:05.1234567", "UTC"), "2024-02-15T08:23:05.123456Z");
  EXPECT_EQ(iso("Sun Jun 26 2022 12:21:48 GMT+0300", "UTC"), "2022-06-26T09:21:48.000000Z");
  EXPECT_EQ(iso("Mon Feb 29 2024 00:00:00 GMT+0300 (AST)", ""), "2024-02-28T21:00:00.000000Z");
  EXPECT_EQ(iso("Sun Jun 26 2022 12:21:48 UTC", riyadh), "2022-06-26T12:21:48.000000Z");
  EXPECT_EQ(iso("2026-07-01 12:00:00.000000", "Africa/Cairo"), "2026-07-01T09:00:00.000000Z");
  EXPECT_EQ(iso("2026-01-01 12:00:00.000000", "Africa/Cairo"), "2026-01-01T10:00:00.000000Z");
  EXPECT_EQ(iso("2026-07-01 12:00:00 Africa/Cairo", riyadh), "2026-07-01T09:00:00.000000Z");
  EXPECT_EQ(iso("2026-07-01 12:00:00 EET", riyadh), "2026-07-01T10:00:00.000000Z");
  EXPECT_EQ(iso("2026-07-01 12:00:00+05:30", "Africa/Cairo"), "2026-07-01T06:30:00.000000Z");
  EXPECT_EQ(iso("{}", riyadh), "none");
  EXPECT_EQ(iso("null", riyadh), "none");
  EXPECT_EQ(iso("0000-00-00 00:00:00", riyadh), "none");
  EXPECT_EQ(iso("-0001-11-30 00:00:00.000000", riyadh), "none");
  for (const char* bad :
       {"", "2024", "2024-13-01", "2023-02-29", "2024-02-15 25:00:00", "yesterday",
        "2024-02-15 08:23:05 tea", "2024-02-15x", "15/02/2024", "2024-02-15 8:23",
        "2024-02-15 08:23:05.", "2024-02-15 08:23:05+99:00", "Sun Jux 26 2022 12:21:48 GMT+0300",
        "Sun Feb 30 2022 12:21:48 GMT+0300", "Sun Jun 26 2022 12:21:48 CET", "Sun"}) {
    EXPECT_EQ(iso(bad, riyadh), "bad") << bad;
  }
}

TEST(JsonText, AcceptsWhatIsJson) {
  const std::vector<std::string> texts = {
      "{}",           "[]",          "0",           "-1.5e+3",
      "true",         "null",        "\"a\\\"b\"",  " {\"a\" : [ 1 , {} , [] ] } \n",
      "[[[[[[]]]]]]", "{\"\":\"\"}", "\"\\u00e9\"", "[1,2,\"x\",{\"y\":null}]"};
  JsonText json;
  for (const std::string& text : texts) {
    const auto problem = json.index(text);
    EXPECT_FALSE(problem) << text << ": " << (problem ? problem->to_text(text) : "");
  }
  std::string deep(1'000'000, '[');
  deep += std::string(1'000'000, ']');
  EXPECT_FALSE(json.index(deep));
}

TEST(JsonText, SaysWhatIsWrongAndWhere) {
  struct Case {
    std::string text;
    std::string reason;
  };
  const std::vector<Case> cases = {
      {"", "an empty text"},
      {"   ", "an empty text"},
      {"{", "ends too early"},
      {"{\"a\"", "ends too early"},
      {"{\"a\":", "ends too early"},
      {"{\"a\":1", "ends too early"},
      {"[1,", "ends too early"},
      {"[1,]", "found ']', expected a value"},
      {"{\"a\":1,}", "found '}', expected a member name"},
      {"{\"a\" 1}", "found '1', expected ':'"},
      {"{1:2}", "expected a member name"},
      {"[1 2]", "found '2', expected ',' or ']'"},
      {"{\"a\":1]", "found ']', expected ',' or '}'"},
      {"[1}", "expected ',' or ']'"},
      {"{}{}", "expected the end of the text"},
      {"tru", "not a JSON value: tru"},
      {"nulll", "not a JSON value: nulll"},
      {"[tru\"e\"]", "not a JSON value"},
      {"[01]", "not a JSON value: 01"},
      {"[1.]", "not a JSON value: 1."},
      {"[-]", "not a JSON value: -"},
      {"[1e]", "not a JSON value: 1e"},
      {"[+1]", "expected a value"},
      {"[NaN]", "expected a value"},
      {"\"abc", "the text ends inside a string"},
      {"\"a\nb\"", "control character"},
      {"[\"\xC3\x28\"]", "invalid UTF-8 at byte 2"},
      {"<html>", "expected a value"},
  };
  JsonText json;
  for (const Case& one : cases) {
    const auto problem = json.index(one.text);
    ASSERT_TRUE(problem) << one.text;
    EXPECT_NE(problem->to_text(one.text).find(one.reason), std::string::npos)
        << one.text << " gave: " << problem->to_text(one.text);
  }
}

TEST(JsonText, ResolvesEscapes) {
  const auto plain = [](std::string_view raw) {
    std::string out;
    append_unescaped(out, raw);
    return out;
  };
  EXPECT_EQ(plain(R"(a\/b\n\t\r\b\f\"\\)"), "a/b\n\t\r\b\f\"\\");
  EXPECT_EQ(plain(R"(\u0645\u062a\u062C\u0631)"), "متجر");
  EXPECT_EQ(plain(R"(\ud83d\ude00!)"), "😀!");
  EXPECT_EQ(plain(R"(\ud83d!)"), "\uFFFD!");
  EXPECT_EQ(plain(R"(\ud83dA)"), "\uFFFDA");
  EXPECT_EQ(plain(R"(\ude00)"), "\uFFFD");
  EXPECT_EQ(plain(R"(\u0000)"), "\uFFFD");
  EXPECT_EQ(plain(R"(\u12)"), "\uFFFD12");
  EXPECT_EQ(plain("\\"), "");
}

}  // namespace
}  // namespace falaj::decode
