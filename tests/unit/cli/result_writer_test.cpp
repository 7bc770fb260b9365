#include "cli/result_writer.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace falaj::cli {
namespace {

std::string table_of(int rows) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  ResultWriter writer(file.get(), ResultFormat::kTable);
  operate::ResultTable header;
  header.columns.push_back({.name = "n"});
  writer.header(header);
  for (int i = 0; i < rows; ++i) EXPECT_TRUE(writer.row({std::to_string(i)}));
  writer.finish();
  std::string text(static_cast<size_t>(std::ftell(file.get())), '\0');
  std::rewind(file.get());
  EXPECT_EQ(std::fread(text.data(), 1, text.size(), file.get()), text.size());
  return text;
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

}  // namespace
}  // namespace falaj::cli
