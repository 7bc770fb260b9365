#include "cli/result_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/unique_fd.hpp"
#include "support/temp_dir.hpp"

namespace falaj::cli {
namespace {

std::string table_of(int rows) {
  const test::TempDir dir;
  const auto path = dir / "out";
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  Output out(file.get());
  ResultWriter writer(out, ResultFormat::kTable);
  operate::ResultTable header;
  header.columns.push_back({.name = "n"});
  writer.header(header);
  for (int i = 0; i < rows; ++i) EXPECT_TRUE(writer.row({std::to_string(i)}));
  writer.finish();
  EXPECT_TRUE(out.finish().ok());
  return test::read_text_file(path);
}

TEST(ResultWriter, PrintsATableOfFewRowsInOnePiece) {
  EXPECT_EQ(table_of(2), "n\n-\n0\n1\n(2 rows)\n");
  EXPECT_EQ(table_of(0), "n\n-\n(0 rows)\n");
}

TEST(ResultWriter, PrintsALongTableInBlocks) {
  const std::string text = table_of(10'001);
  const auto second = text.find("\nn\n", 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_EQ(text.substr(second), "\nn\n-----\n10000\n(10001 rows)\n");
  EXPECT_EQ(table_of(10'000).find("\nn\n", 1), std::string::npos);
}

std::string written(ResultFormat format, const std::string& cell) {
  const test::TempDir dir;
  const auto path = dir / "out";
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  Output out(file.get());
  ResultWriter writer(out, format);
  operate::ResultTable header;
  header.columns.push_back({.name = "n"});
  writer.header(header);
  EXPECT_TRUE(writer.row({cell}));
  writer.finish();
  EXPECT_TRUE(out.finish().ok());
  return test::read_text_file(path);
}

TEST(ResultWriter, EscapesControlCharactersAndKeepsTheData) {
  const std::string cell = "a\x1b[31m\nb\x7f\xE2\x80\xAE";
  const auto table = written(ResultFormat::kTable, cell);
  EXPECT_NE(table.find("a\\u001b[31m\\u000ab\\u007f\\u202e\n"), std::string::npos) << table;
  const auto json = Json::parse(written(ResultFormat::kJson, cell));
  ASSERT_TRUE(json.ok()) << json.error().to_text();
  EXPECT_EQ(json->as_array().front()["n"].as_string(), cell);
  EXPECT_EQ(written(ResultFormat::kJson, cell).find('\x7f'), std::string::npos);
  EXPECT_EQ(written(ResultFormat::kCsv, cell), "n\r\n\"" + cell + "\"\r\n")
      << "a file is no terminal";
}

}  // namespace
}  // namespace falaj::cli
