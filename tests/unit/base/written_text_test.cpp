#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/duration_text.hpp"
#include "base/text_file.hpp"
#include "base/token_text.hpp"
#include "support/temp_dir.hpp"

namespace falaj {
namespace {

using namespace std::string_literals;

TEST(TextFile, ReadsWhatEachEditorWrites) {
  const test::TempDir dir;
  const auto path = (dir / "file").string();
  const std::string expected = "a = \"متجر\"\nb\n";
  const auto utf16 = [&](bool is_big_endian) {
    std::string bytes = is_big_endian ? "\xFE\xFF" : "\xFF\xFE";
    for (const char16_t unit : std::u16string(u"a = \"متجر\"\r\nb\r\n")) {
      const char low = static_cast<char>(unit & 0xFFU);
      const char high = static_cast<char>(unit >> 8U);
      bytes += is_big_endian ? std::string{high, low} : std::string{low, high};
    }
    return bytes;
  };
  for (const auto& bytes : {expected, "\xEF\xBB\xBF" + expected, "a = \"متجر\"\r\nb\r\n"s,
                            "a = \"متجر\"\rb\r"s, utf16(false), utf16(true)}) {
    std::ofstream(path, std::ios::binary) << bytes;
    const auto text = read_text_file(path);
    ASSERT_TRUE(text.ok()) << text.error().to_text();
    EXPECT_EQ(*text, expected);
  }
}

TEST(TextFile, ConvertsPairsOfUtf16AndHalfOnes) {
  EXPECT_EQ(plain_text("\xFF\xFE\x3D\xD8\x00\xDE"s), "\xF0\x9F\x98\x80");
  EXPECT_EQ(plain_text("\xFF\xFE\x3D\xD8\x61\x00"s),
            "\xEF\xBF\xBD"
            "a");
}

TEST(TextFile, SaysWhyItCannotBeRead) {
  const test::TempDir dir;
  EXPECT_EQ(read_text_file((dir / "none").string()).error().kind(), ErrorKind::kNotFound);
  const auto folder = read_text_file(dir.path().string());
  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().kind(), ErrorKind::kStorageFailed);
  EXPECT_NE(folder.error().to_text().find(dir.path().string()), std::string::npos);
}

TEST(TextFile, ACommentNeedsABlankBeforeIt) {
  EXPECT_EQ(without_comment("a#b # c"), "a#b");
  EXPECT_EQ(without_comment("a\t#c"), "a");
  EXPECT_EQ(without_comment("# c"), "");
  EXPECT_EQ(without_comment("  a#b "), "a#b");
  EXPECT_EQ(trimmed("\xEF\xBB\xBF\xC2\xA0 a b \r\n"), "a b");
  EXPECT_EQ(unquoted("\"a\""), "a");
  EXPECT_EQ(unquoted("'a\""), "'a\"");
  EXPECT_EQ(unquoted("\""), "\"");
}

TEST(Duration, ReadsWhatPeopleWrite) {
  const std::pair<const char*, double> cases[] = {
      {"90", 90},          {"90s", 90},       {"45 s", 45},    {"90m", 5400},
      {"1h30m", 5400},     {"1h 30m", 5400},  {"1H30M", 5400}, {"2d", 172'800},
      {"1d12h", 129'600},  {"1.5h", 5400},    {"1w", 604'800}, {"2 hours", 7200},
      {" 30 min ", 1800},  {"1h0m30s", 3630}, {"0", 0},        {"0.5s", 0.5},
      {"1 day 2 h", 93600}};
  for (const auto& [text, seconds] : cases) {
    const auto read = parse_duration(text);
    ASSERT_TRUE(read.ok()) << text << ": " << read.error().to_text();
    EXPECT_DOUBLE_EQ(*read, seconds) << text;
  }
}

TEST(Duration, RefusesWhatIsNone) {
  for (const char* text : {"", " ", "soon", "h", "1x", "-5m", "30m1h", "1h1h", "1h30", "1.2.3h",
                           ".h", "1h,30m", "99999999999d", "1e3s", "0x10"}) {
    const auto read = parse_duration(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().kind(), ErrorKind::kUsage);
    EXPECT_NE(read.error().to_text().find("1h30m"), std::string::npos) << "an example";
  }
}

TEST(Token, TakesOffWhatIsAroundIt) {
  for (const std::string text :
       {"ory_at_x.Y-z", " ory_at_x.Y-z\n", "Bearer ory_at_x.Y-z", "bearer\tory_at_x.Y-z\r\n",
        "\"ory_at_x.Y-z\"", "'Bearer ory_at_x.Y-z'", "Bearer \"ory_at_x.Y-z\"",
        "Authorization: Bearer ory_at_x.Y-z", "ory_at_x.Y-z # of the shop in Riyadh",
        "\"ory_at_x.Y-z\" # of the shop", "\xEF\xBB\xBFory_at_x.Y-z", "ory_at_x.Y-z\xC2\xA0"}) {
    const auto token = clean_token(text, "it");
    ASSERT_TRUE(token.ok()) << text << ": " << token.error().to_text();
    EXPECT_EQ(token->expose(), "ory_at_x.Y-z") << text;
  }
  EXPECT_EQ(clean_token("Bearerx", "it")->expose(), "Bearerx") << "a token of that name";
}

TEST(Token, IsRefusedWithWhatNoHeaderCanCarryAndNeverShown) {
  for (const auto& text : {"secret\nX-Other: 1"s, "sec ret"s, "sec\tret"s, "secret\0x"s, "sécret"s,
                           "secret\r\nmore"s, "sec\"ret' x"s}) {
    const auto token = clean_token(text, "the file t");
    ASSERT_FALSE(token.ok()) << text;
    EXPECT_EQ(token.error().kind(), ErrorKind::kInvalidConfig);
    EXPECT_EQ(token.error().to_text().find("cret"), std::string::npos) << token.error().to_text();
    EXPECT_NE(token.error().to_text().find("the file t"), std::string::npos);
  }
  for (const char* text : {"", "  \n", "Bearer ", "\"\"", "# comment"})
    EXPECT_FALSE(clean_token(text, "it").ok()) << text;
}

TEST(Token, AFileMayHaveCommentsAndEmptyLines) {
  const auto token = clean_token_file("# of Riyadh\n\nBearer abc # until May\n\n", "the file t");
  ASSERT_TRUE(token.ok()) << token.error().to_text();
  EXPECT_EQ(token->expose(), "abc");
  EXPECT_FALSE(clean_token_file("abc\ndef\n", "the file t").ok());
  EXPECT_FALSE(clean_token_file("# nothing\n", "the file t").ok());
}

}  // namespace
}  // namespace falaj
