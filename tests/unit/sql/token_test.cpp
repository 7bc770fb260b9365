#include "sql/token.hpp"

#include <gtest/gtest.h>

#include <string>

namespace falaj::sql {
namespace {

// Kind letters, so that a case reads at a glance.
std::string kinds(std::string_view sql, const Lexis& lexis = {}) {
  std::string out;
  for (const auto& token : significant_tokens(sql, lexis)) {
    constexpr std::string_view kLetters = " cwqtn.";
    out += kLetters[static_cast<size_t>(token.kind)];
  }
  return out;
}

TEST(Tokens, PutTogetherTheyAreTheText) {
  for (const std::string sql :
       {"SELECT a, 'it''s', \"b \"\" c\" -- end\nFROM t /* x /* y */ z */ WHERE 1.5e-3 >= :x",
        "$$ a ; ' $$ $tag$ $$ $tag$ $1", "'open", "\"open", "/* open", "متجر = 'طلب'", "",
        "E'a\\'b' x", "1e 2.e5 .5"}) {
    std::string whole;
    for (const auto& token : tokenize(sql)) {
      EXPECT_EQ(token.at, whole.size());
      whole += token.text;
    }
    EXPECT_EQ(whole, sql);
  }
}

TEST(Tokens, KnowTextsNamesAndComments) {
  EXPECT_EQ(kinds("a 'b' \"c\" 1 ::"), "wtqn.");
  EXPECT_EQ(kinds("'it''s ; -- no' x"), "tw");
  EXPECT_EQ(kinds("$$it's; $$ x $t$ $$ $t$"), "twt");
  EXPECT_EQ(kinds("a -- 'b\n/* ' */ c"), "ww");
  EXPECT_EQ(kinds("/* a /* b */ c */ d"), "w");
  EXPECT_EQ(kinds("e'a\\'b' c"), "tw");
  EXPECT_EQ(kinds("OFFSET => -3600"), "w..n");
  EXPECT_EQ(kinds("متجر"), "w");
  EXPECT_EQ(kinds("a$b $1"), "w.n");
}

TEST(Tokens, EnginesDiffer) {
  EXPECT_EQ(kinds("'it\\'s' x"), "twt");
  EXPECT_EQ(kinds("'it\\'s' x", {.has_backslashes = true}), "tw");
  EXPECT_EQ(kinds("/* a /* b */ c", {.nests_comments = false}), "w");
}

TEST(Tokens, SayWhatIsLeftOpen) {
  for (const char* sql : {"'a", "\"a", "/* a", "$$ a", "$x$ a $$", "e'a\\'"}) {
    EXPECT_FALSE(tokenize(sql).back().is_closed) << sql;
  }
  for (const char* sql : {"'a'", "\"a\"", "/* a */", "$$ a $$", "-- a"}) {
    EXPECT_TRUE(tokenize(sql).back().is_closed) << sql;
  }
}

}  // namespace
}  // namespace falaj::sql
