#include "base/printable_text.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace falaj {
namespace {

TEST(PrintableText, KeepsWhatPeopleWrite) {
  for (const std::string text : {"متجر فلج ١", "می‌خواهم", "👩‍💻 shop", "a\tb\nc",
                                 "Ünï", "‎left‏", "", "~ \\x1b written out"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(PrintableText, EscapesWhatATerminalActsOn) {
  EXPECT_EQ(printable("\x1b[31mred\x1b[0m"), "\\u001b[31mred\\u001b[0m");
  EXPECT_EQ(printable("a\rb\bc\x7f"), "a\\u000db\\u0008c\\u007f");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\u009b31m");
  EXPECT_EQ(printable("\xE2\x80\xAEtxt.exe\xE2\x80\xAC"), "\\u202etxt.exe\\u202c");
  EXPECT_EQ(printable("\xE2\x81\xA6x\xE2\x81\xA9"), "\\u2066x\\u2069");
  EXPECT_EQ(printable("a\xE2\x80\xA8z\xE2\x80\xA9"), "a\\u2028z\\u2029");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\u0000b");
  EXPECT_EQ(printable("one\ntwo", Lines::kEscaped), "one\\u000atwo");
}

TEST(PrintableText, EscapesBytesThatAreNoText) {
  EXPECT_EQ(printable("\x9b"
                      "31m"),
            "\\x9b31m");
  EXPECT_EQ(printable("\xC0\x9B\xE2\x80"), "\\xc0\\x9b\\xe2\\x80");
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(printable("\xF5z"), "\\xf5z");
}

TEST(PrintableText, LeavesAJsonDocumentWhatItIs) {
  Json document;
  document.set("name", "a\x1b[31m \x7f \xE2\x80\xAE \xC2\x85 \"q\" \\ end");
  const auto text = printable(document.dump(2));
  EXPECT_EQ(text.find('\x7f'), std::string::npos);
  const auto back = Json::parse(text);
  ASSERT_TRUE(back.ok()) << back.error().to_text();
  EXPECT_EQ((*back)["name"].as_string(), document["name"].as_string());
}

}  // namespace
}  // namespace falaj
