#include "config/toml_document.hpp"

#include <gtest/gtest.h>

namespace falaj::config {
namespace {

TEST(TomlDocument, IsATreeWhosePartsHavePlaces) {
  const auto document = parse_toml(
      "# streams of mine\n"
      "[streams.tags]\n"
      "path = \"/tags\"\n"
      "columns = [\n"
      "  [\"name\", \"text\", \"name\"],\n"
      "  [\"n\", \"int\", \"n\"],\n"
      "]\n"
      "enabled = true\n"
      "share = 0.5\n"
      "since = 2026-01-31\n",
      "catalogue.toml");
  ASSERT_TRUE(document.ok()) << document.error().to_text();
  const auto& tags = document->root["streams"]["tags"];
  EXPECT_EQ(tags["path"].as_string(), "/tags");
  EXPECT_EQ(tags["columns"].as_array()[1].as_array()[1].as_string(), "int");
  EXPECT_TRUE(tags["enabled"].as_bool());
  EXPECT_EQ(tags["share"].as_double(), 0.5);
  EXPECT_EQ(tags["since"].as_string(), "2026-01-31");
  EXPECT_EQ(document->place_of("streams.tags.path"), "catalogue.toml, line 3, column 1");
  EXPECT_EQ(document->place_of("streams.tags.columns[1]"), "catalogue.toml, line 6, column 3");
  EXPECT_EQ(document->place_of("streams.tags.scope"), "catalogue.toml, line 2, column 10")
      << "the nearest part that is there";
  EXPECT_EQ(document->place_of("nothing"), "catalogue.toml");
}

TEST(TomlDocument, SaysWhereItIsBroken) {
  const auto document = parse_toml("[streams.tags]\npath = /tags\n", "mine.toml");
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.error().kind(), ErrorKind::kInvalidConfig);
  EXPECT_NE(document.error().to_text().find("mine.toml, line 2, column 8"), std::string::npos)
      << document.error().to_text();
}

}  // namespace
}  // namespace falaj::config
