#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/unique_fd.hpp"
#include "cli/printing.hpp"
#include "cli/program.hpp"
#include "cli/progress_line.hpp"
#include "cli/result_writer.hpp"
#include "cli/text_table.hpp"
#include "operate/operations/table.hpp"
#include "support/temp_dir.hpp"

namespace falaj::cli {
namespace {

int run(std::vector<const char*> words, const operate::Services& services) {
  words.insert(words.begin(), "falaj");
  return run_program(static_cast<int>(words.size()), words.data(),
                     operate::operations::all(services));
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
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  Output out(file.get());
  ResultWriter writer(out, format);
  operate::ResultTable table;
  table.columns = {{"id", "BIGINT", true, false, false},
                   {"total", "DECIMAL(18,4)", true, true, false},
                   {"name", "VARCHAR", false, false, false}};
  writer.header(table);
  writer.row({{"9007199254740993"}, {"10.5000"}, {"a \"b\", c"}});
  writer.row({{"2"}, std::nullopt, {"ش"}});
  writer.finish();
  EXPECT_TRUE(out.finish().ok());
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
  operate::Services services;
  services.run = [](const home::Home&, const operate::RunRequest&,
                    const operate::ProgressSink&) -> Result<operate::RunReport> {
    return operate::RunReport();
  };
  EXPECT_EQ(run({"run", "--for", "soon"}, services), 64);
}

TEST(Program, TheErrorsKindDecidesTheExitStatus) {
  operate::Services services;
  services.run = [](const home::Home&, const operate::RunRequest&,
                    const operate::ProgressSink&) -> Result<operate::RunReport> {
    return Error(ErrorKind::kAuthFailed, "the token was refused");
  };
  EXPECT_EQ(run({"run"}, services), 77);
}

TEST(Program, ARunThatDoesNotReconcileIs65) {
  operate::Services services;
  std::string home;
  operate::RunRequest seen;
  services.run = [&](const home::Home& given, const operate::RunRequest& request,
                     const operate::ProgressSink&) -> Result<operate::RunReport> {
    home = given.paths().root;
    seen = request;
    operate::RunReport report;
    report.mismatches.push_back("orders: 5 in bronze, 4 in silver");
    return report;
  };
  EXPECT_EQ(run({"run", "--home", "h", "--for", "30m", "--depth", "summary"}, services), 65);
  EXPECT_EQ(home, home::home_paths("h").root);
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

operate::PlanReport a_plan() {
  operate::PlanReport plan;
  plan.store_name = "shop";
  plan.store_plan = "pro";
  plan.task = "run";
  plan.limit_per_minute = 360;
  plan.items = {
      {"customers", "", CountRange::exactly(1200), CountRange::exactly(72'000), "whole", true},
      {"orders", "list", {40, 52}, CountRange::at_least(60), "by change", false},
      {"orders", "details", CountRange::at_least(720), std::nullopt, "one an order", false}};
  plan.customers_used = 20;
  return plan;
}

TEST(Printing, APlanSaysWhatIsExactAndWhatIsNot) {
  auto plan = a_plan();
  const auto text = to_text(plan);
  for (const char* part :
       {"customers                1,200           3.3       72,000  whole",
        "orders (list)         40 to 52    0.1 to 0.1  at least 60  by change",
        "A run takes at least 1,960 requests, at least 5.4 minutes of quota.",
        "Of them to /customers: 1,200",
        "20 of these are used: at least 20 minutes, beside the rest", "  ?  one an order"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  plan.limit_per_minute.reset();
  EXPECT_NE(to_text(plan).find("A run takes at least 1,960 requests.\n"), std::string::npos);
  const auto json = operate::to_json(plan);
  EXPECT_EQ(json["requests"].as_int(), 1960);
  EXPECT_TRUE(json["requests_most"].is_null());
  EXPECT_TRUE(json["streams"].as_array()[2]["rows"].is_null());
  EXPECT_EQ(json["streams"].as_array()[1]["requests_most"].as_int(), 52);
}

TEST(Printing, TheProgressLineSaysWhatMattersFirst) {
  operate::Progress progress;
  progress.stage = "extract";
  progress.stream = "orders";
  progress.orders_done = 500;
  progress.orders_all = 2000;
  progress.requests = 1040;
  progress.requests_per_second = 5.94;
  progress.quota_used_percent = 63.2;
  progress.eta_seconds = 500;
  EXPECT_EQ(progress_line(progress),
            "extract orders: 500 of 2,000 orders at full depth (25 %), 8 min 20 s left, 1,040 "
            "requests, 5.9/s, 63 % of quota");
  progress.orders_all = 0;
  progress.eta_seconds = -1;
  progress.pages = 1;
  EXPECT_EQ(progress_line(progress).find("extract orders: 1 page, 0 rows, 1,040 requests"), 0U);
  progress.stage = "load";
  EXPECT_EQ(progress_line(progress), "loading what has landed");
  progress.steps_done = 120;
  progress.steps_all = 1265;
  EXPECT_EQ(progress_line(progress), "loading what has landed: 120 of 1,265 packages");
  progress.stage = "transform";
  progress.steps_done = 7;
  progress.steps_all = 21;
  progress.stream = "gold_fact_orders";
  EXPECT_EQ(progress_line(progress),
            "building silver and gold: 7 of 21 models, now gold_fact_orders");
  EXPECT_EQ(progress_line(operate::progress_of(operate::to_json(progress))),
            progress_line(progress));
}

operate::WaitView wait_for(const std::string& what, const std::string& subject, double left) {
  operate::WaitView wait;
  wait.what = what;
  wait.subject = subject;
  wait.left_seconds = left;
  return wait;
}

TEST(Printing, AWaitThatNothingGoesOnBesideComesFirst) {
  operate::Progress progress;
  progress.stage = "extract";
  progress.stream = "orders";
  progress.pages = 7;
  progress.stores_reading = 2;
  progress.waits = {wait_for("quota", "riyadh", 42)};
  EXPECT_EQ(progress_line(progress),
            "extract orders: 7 pages, 0 rows, 1 of 2 stores wait, 0 requests");
  progress.waits.push_back(wait_for("retry", "jeddah", 11.2));
  progress.waits.back().cause = "HTTP 503";
  EXPECT_EQ(progress_line(progress),
            "2 stores wait, the next one 12 s to ask jeddah again (HTTP 503), extract orders: 7 "
            "pages, 0 rows, 0 requests");
  progress.stores_reading = 1;
  progress.waits = {wait_for("quota", "riyadh", 42), wait_for("lock", "/h/lake/catalog.lock", 600)};
  progress.waits.back().is_limit = true;
  EXPECT_EQ(progress_line(progress),
            "waiting 42 s for the quota of riyadh, extract orders: 7 pages, 0 rows, loading waits "
            "10 min 0 s at the most for the lock catalog.lock, 0 requests");
  progress.stage = "load";
  progress.waits.erase(progress.waits.begin());
  EXPECT_EQ(progress_line(progress),
            "waiting 10 min 0 s at the most for the lock catalog.lock, loading what has landed");
  EXPECT_EQ(progress_line(operate::Progress{.waits = {wait_for("quota", "riyadh", 3)}}),
            "waiting 3 s for the quota of riyadh")
      << "of a command that is no run";
}

TEST(Printing, ALineFitsItsColumnsAndLosesWhatMattersLeast) {
  operate::Progress progress;
  progress.stage = "extract";
  progress.stream = "orders";
  progress.orders_done = 1'234'500;
  progress.orders_all = 2'000'000;
  progress.requests = 3'000'000;
  progress.eta_seconds = 500;
  progress.stores_reading = 1;
  EXPECT_EQ(progress_line(progress, 84),
            "extract orders: 1,234,500 of 2,000,000 orders at full depth (61 %), 8 min 20 s left");
  progress.waits = {wait_for("quota", "متجر الأثاث والديكور الحديث في الرياض", 42)};
  for (size_t columns = 1; columns < 160; ++columns) {
    EXPECT_LE(display_width(progress_line(progress, columns)), columns) << columns;
    EXPECT_EQ(progress_line(progress, columns).find("waiting 42 s for the quota"),
              columns < 27 ? std::string::npos : 0U)
        << columns;
  }
  EXPECT_EQ(fitted("waiting 42 s", 9), "waiting …");
  EXPECT_EQ(fitted("متجر", 3), "مت…");
}

TEST(Printing, StatusTellsAKilledRunFromOneThatIsGoingOn) {
  operate::StatusReport status;
  status.home = "/h";
  status.is_home_there = false;
  EXPECT_EQ(to_text(status).find("Home /h, not there yet\nNo run yet."), 0U);
  status.is_home_there = true;
  status.runs = {{"R1", "backfill of 2025-01-01 to 2025-12-31", "running", "T", "", 0, ""}};
  status.current.emplace();
  status.current->holder = "process 7, since T";
  status.current->task = "backfill of 2025-01-01 to 2025-12-31";
  status.current->progress.stage = "transform";
  EXPECT_NE(to_text(status).find("Going on: backfill of 2025-01-01 to 2025-12-31 (process 7, since "
                                 "T)\n  building silver and gold"),
            std::string::npos)
      << to_text(status);
  status.current->progress.waits = {wait_for("quota", "riyadh", 42)};
  status.current->seconds_ago = 2;
  EXPECT_NE(to_text(status).find("  waiting 40 s for the quota of riyadh\n  building silver and "
                                 "gold (2.0 s ago)\n"),
            std::string::npos)
      << to_text(status);
  status.current.reset();
  status.runs.front().status = "interrupted";
  EXPECT_NE(to_text(status).find("The newest run was killed. `falaj run` goes on"),
            std::string::npos);
}

TEST(Printing, CoverageSaysWhatIsLeftAndHowToGoOn) {
  const std::vector<run::Coverage> coverage = {
      {5, "orders", "items", 1200, "2026-01-01", "2026-11-01", "T"},
      {5, "orders", "summary", 800, "2025-01-01", "2025-12-31", "T"}};
  const auto text = to_text(coverage);
  EXPECT_NE(text.find("60 %"), std::string::npos) << text;
  EXPECT_NE(text.find("800 of 2,000 orders of store 5 are not at full depth yet: `falaj plan`"),
            std::string::npos)
      << text;
  EXPECT_EQ(to_text(std::vector<run::Coverage>{coverage[0]}).find("falaj plan"),
            std::string::npos);
}

}  // namespace
}  // namespace falaj::cli
