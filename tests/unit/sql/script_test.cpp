#include "sql/script.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sql/rewritten.hpp"

namespace falaj::sql {
namespace {

std::vector<std::string> parts(std::string_view sql) {
  std::vector<std::string> texts;
  for (const auto& statement : split_script(sql).statements) {
    EXPECT_EQ(sql.substr(statement.at, statement.text.size()), statement.text);
    texts.emplace_back(statement.text);
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Script, IsTakenApartAtSemicolonsOutsideOfTexts) {
  EXPECT_EQ(parts("SELECT 1; SELECT 2"), (Texts{"SELECT 1", "SELECT 2"}));
  EXPECT_EQ(parts("SELECT ';' ; SELECT \";\";-- a;b\n SELECT $$;$$ /* ; */ x ;;"),
            (Texts{"SELECT ';'", "SELECT \";\"", "SELECT $$;$$ /* ; */ x"}));
  EXPECT_EQ(parts("-- first\nSELECT 1 -- last\n;"), (Texts{"SELECT 1"}));
  EXPECT_EQ(parts(" ; -- nothing\n ;"), Texts{});
  EXPECT_EQ(parts("USE DATABASE SALLA_DWH;\n\n-- Check\nSELECT 1;\n"),
            (Texts{"USE DATABASE SALLA_DWH", "SELECT 1"}));
}

TEST(Script, AShellWaitsForItsEnd) {
  for (const char* sql : {"SELECT 1;", "SELECT 1; -- done", "SELECT 1;\n\n", "", "-- only this"})
    EXPECT_TRUE(split_script(sql).is_complete) << sql;
  for (const char* sql : {"SELECT 1", "SELECT 1; SELECT 2", "SELECT ';", "SELECT 1; /* ", "a\n"})
    EXPECT_FALSE(split_script(sql).is_complete) << sql;
}

TEST(Script, PlacesAreLinesAndBytes) {
  const std::string text = "a\n متجر x\r\nlast";
  const auto place = place_of(text, text.find('x'));
  EXPECT_EQ(place.line, 2U);
  EXPECT_EQ(place.text, " متجر x");
  EXPECT_EQ(place.offset, 10U);
  EXPECT_EQ(place_of(text, text.size()).text, "last");
  EXPECT_EQ(place_of(text, 1000).offset, 4U);
  EXPECT_EQ(offset_of(text, 2, 6), text.find('x'));
  EXPECT_EQ(offset_of(text, 3, 99), text.size());
  EXPECT_EQ(offset_of(text, 9, 0), text.size());
}

TEST(Rewritten, KnowsWhereEachByteCameFrom) {
  // b moves before a, "long" becomes "x", and "!" comes at the end.
  const std::string old = "a long b tail";
  const Rewritten made(old, {{0, 0, "b ", 7}, {2, 4, "x", 2}, {7, 1, "", 7}, {13, 0, "!", 0}});
  EXPECT_EQ(made.text(), "b a x  tail!");
  EXPECT_EQ(made.origin(0), 7U);                         // b
  EXPECT_EQ(made.origin(2), 0U);                         // a
  EXPECT_EQ(made.origin(4), 2U);                         // x
  EXPECT_EQ(made.origin(made.text().find("ail")), 10U);  // as it is
  EXPECT_EQ(made.origin(made.text().size()), old.size());
  EXPECT_EQ(Rewritten("same", {}).origin(3), 3U);
  EXPECT_EQ(Rewritten::replaced("SELECT 1", 4).origin(6), 4U);
}

}  // namespace
}  // namespace falaj::sql
