#include "base/json_part.hpp"

#include <gtest/gtest.h>

#include <string>

namespace falaj {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
const std::string kJson = R"({"data":[{"id":1,"text":"a } and a { in \"it\""}]})";

TEST(JsonPart, LeavesOutMarksAndNotices) {
  const std::string notice =
      "<br />\n<b>Notice</b>:  Undefined index: a[0]{} in <b>/var/www/x.php</b> on line "
      "<b>12</b><br />\n";
  for (const std::string& before :
       {std::string(kMark), std::string("\r\n") + std::string(kMark), notice, notice + notice,
        std::string(kMark) + notice,
        std::string("PHP Deprecated:  {closure} in /x.php on line 3\n")}) {
    EXPECT_EQ(json_part(before + kJson), kJson) << before;
    EXPECT_EQ(json_part(before + kJson + "\n" + notice), kJson) << before;
  }
  EXPECT_EQ(json_part(kJson + notice), kJson);
  EXPECT_EQ(json_part(std::string(kMark) + "[1]"), "[1]");
}

TEST(JsonPart, LeavesEverythingElseAsItIs) {
  for (const std::string& body :
       {std::string(), std::string("{}"), kJson, " " + kJson + "\n", std::string("[1]"),
        std::string("<!DOCTYPE html><html>Notice {\"a\":1}</html>"),
        std::string("<html><b>Warning</b><script>{\"a\":1}</script></html>"),
        std::string("Just a moment... {\"a\":1}"), std::string("<b>Notice</b>: no JSON at all"),
        std::string("<b>Notice</b>: {\"a\":1"), kJson.substr(0, 20), std::string("{")}) {
    const auto part = json_part(body);
    EXPECT_TRUE(part == body || body.find_first_not_of(" \n") > 0) << body << " -> " << part;
    if (body.starts_with("<") || body.starts_with("J")) {
      EXPECT_EQ(part, body);
    }
  }
}

}  // namespace
}  // namespace falaj
