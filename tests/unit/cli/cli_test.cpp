#include <gtest/gtest.h>

#include <cstdio>

#include "cli/printing.hpp"
#include "cli/program.hpp"
#include "cli/result_writer.hpp"
#include "cli/text_table.hpp"
#include "support/temp_dir.hpp"

namespace falaj::cli {
namespace {

int run(std::vector<const char*> words, const Services& services) {
  words.insert(words.begin(), "falaj");
  return run_program(static_cast<int>(words.size()), words.data(), services);
}

TEST(TextTable, AlignsArabicByWhatIsSeen) {
  TextTable table({{"name"}, {"n", Align::kRight}});
  table.add_row({"أحمد", "5"});
  table.add_row({"Abcde", "12"});
  EXPECT_EQ(table.render(),
            "name    n\n"
            "-----  --\n"
            "أحمد    5\n"
            "Abcde  12\n");
}

TEST(TextTable, WritesThousands) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1234567), "1,234,567");
  EXPECT_EQ(with_thousands(-1234), "-1,234");
}

TEST(BarChart, LongestBarIsTheGreatestValue) {
  const auto text = bar_chart({{"a", 10, "10"}, {"bb", 5, "5"}, {"c", -1, "-1"}}, 4);
  EXPECT_EQ(text, "a   ████  10\nbb  ██    5\nc         -1\n");
}

std::string written(ResultFormat format) {
  test::TempDir dir;
  const auto path = dir / "out";
  std::FILE* out = std::fopen(path.c_str(), "w");
  ResultWriter writer(out, format);
  operate::ResultTable table;
  table.columns = {{"id", "BIGINT", true, false, false},
                   {"total", "DECIMAL(18,4)", true, true, false},
                   {"name", "VARCHAR", false, false, false}};
  writer.header(table);
  writer.row({{"9007199254740993"}, {"10.5000"}, {"a \"b\", c"}});
  writer.row({{"2"}, std::nullopt, {"ش"}});
  writer.finish();
  std::fclose(out);
  return test::read_text_file(path);
}

TEST(ResultWriter, JsonIsOneArrayWithDecimalsAsText) {
  const auto text = written(ResultFormat::kJson);
  auto json = Json::parse(text);
  ASSERT_TRUE(json.ok()) << text;
  ASSERT_EQ(json->as_array().size(), 2U);
  EXPECT_EQ(json->as_array()[0]["id"].as_int(), 9007199254740993);
  EXPECT_EQ(json->as_array()[0]["total"].as_string(), "10.5000");
  EXPECT_TRUE(json->as_array()[1]["total"].is_null());
}

TEST(ResultWriter, CsvQuotesWhatNeedsIt) {
  EXPECT_EQ(written(ResultFormat::kCsv),
            "id,total,name\r\n9007199254740993,10.5000,\"a \"\"b\"\", c\"\r\n2,,ش\r\n");
}

TEST(Program, UsageErrorsAre64) {
  EXPECT_EQ(run({"nonsense"}, {}), 64);
  EXPECT_EQ(run({}, {}), 64);
  EXPECT_EQ(run({"run", "--depth", "deep"}, {}), 64);
  Services services;
  services.run = [](const std::string&, const RunRequest&,
                    const operate::ProgressSink&) -> Result<operate::RunReport> {
    return operate::RunReport();
  };
  EXPECT_EQ(run({"run", "--for", "soon"}, services), 64);
}

TEST(Program, TheErrorsKindDecidesTheExitStatus) {
  Services services;
  services.run = [](const std::string&, const RunRequest&,
                    const operate::ProgressSink&) -> Result<operate::RunReport> {
    return Error(ErrorKind::kAuthFailed, "the token was refused");
  };
  EXPECT_EQ(run({"run"}, services), 77);
}

TEST(Program, ARunThatDoesNotReconcileIs65) {
  Services services;
  std::string home;
  RunRequest seen;
  services.run = [&](const std::string& given, const RunRequest& request,
                     const operate::ProgressSink&) -> Result<operate::RunReport> {
    home = given;
    seen = request;
    operate::RunReport report;
    report.mismatches.push_back("orders: 5 in bronze, 4 in silver");
    return report;
  };
  EXPECT_EQ(run({"run", "--home", "h", "--for", "30m", "--depth", "summary"}, services), 65);
  EXPECT_EQ(home, "h");
  EXPECT_EQ(seen.budget_seconds, 1800);
  EXPECT_EQ(seen.depth, "summary");
}

TEST(RunReport, SaysWhatDoesNotReconcile) {
  operate::RunReport report;
  report.streams.push_back({"orders", 3, 3, 10, 7, 2, 1});
  EXPECT_NE(report.verdict().find("10 rows fetched = 7 loaded + 2 unchanged + 1 quarantined"),
            std::string::npos);
  report.mismatches = {"a", "b"};
  EXPECT_EQ(report.verdict(), "Does not reconcile: a; b.");
}

TEST(Printing, DurationsReadWell) {
  EXPECT_EQ(duration_text(850), "850 ms");
  EXPECT_EQ(duration_text(4200), "4.2 s");
  EXPECT_EQ(duration_text(200'000), "3 min 20 s");
  EXPECT_EQ(duration_text(7'260'000), "2 h 1 min");
}

}  // namespace
}  // namespace falaj::cli
