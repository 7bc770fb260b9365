// What a run's watcher makes of progress: waits are told with it, and the home's note comes and goes.
#include "operate/run_watch.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/waits.hpp"
#include "support/temp_dir.hpp"

namespace falaj::operate {
namespace {

constexpr UtcTime kNow{Micros(1'800'000'000'000'000)};

class NoWarehouse final : public warehouse::Opener {
 public:
  Result<std::unique_ptr<warehouse::Warehouse>> open(bool,
                                                     const warehouse::StatementTag&) override {
    return Error(ErrorKind::kBug, "nobody opens it");
  }
  Result<std::unique_ptr<warehouse::Console>> open_console(const std::string&) override {
    return Error(ErrorKind::kBug, "nobody opens it");
  }
  bool exists() const override { return false; }
  bool has_embedded() const override { return false; }
  bool is_remote() const override { return false; }
  std::string place(const std::string& name) const override { return name; }
  std::vector<warehouse::Finding> examine() override { return {}; }
};

TEST(RunWatch, KeepsAReportWhoseDifferencesSayThatItDoesNotReconcile) {
  const home::Home home = home::Home::open_despite_settings(".");
  NoWarehouse warehouse;
  const ProgressSink sink;
  const RunWatch watch(home, warehouse, sink);
  run::RunReport report;
  EXPECT_TRUE(watch.to_json(report)["reconciles"].as_bool());
  report.differences = {"the order list announces 3 orders, gold has 2"};
  EXPECT_FALSE(watch.to_json(report)["reconciles"].as_bool());
}

TEST(RunWatch, TellsWhatIsWaitedForAndKeepsTheHomesNote) {
  const test::TempDir dir;
  std::filesystem::create_directories(dir / "state");
  ManualClock clock(kNow);
  const home::Home home({dir.path().string()}, {}, clock);
  NoWarehouse warehouse;
  std::vector<Progress> shown;
  const ProgressSink sink = [&](const Progress& progress) { shown.push_back(progress); };
  RunWatch watch(home, warehouse, sink);
  const auto note = dir / "state/progress.json";
  EXPECT_FALSE(std::filesystem::exists(note));
  watch.begin("run");
  EXPECT_TRUE(std::filesystem::exists(note));
  EXPECT_FALSE(watch.has_waits());
  run::Progress progress;
  progress.stage = "extract";
  {
    const ShownWait wait(&clock, {WaitFor::kQuota, "riyadh", "", std::chrono::seconds(40), false});
    clock.advance(std::chrono::seconds(3));
    EXPECT_TRUE(watch.has_waits());
    watch.show(progress);
  }
  watch.show(progress);
  ASSERT_EQ(shown.size(), 2U);
  ASSERT_EQ(shown[0].waits.size(), 1U);
  EXPECT_EQ(shown[0].stage, "extract");
  EXPECT_EQ(shown[0].waits[0].subject, "riyadh");
  EXPECT_EQ(shown[0].waits[0].left_seconds, 37);
  EXPECT_TRUE(shown[1].waits.empty());
  watch.end();
  EXPECT_FALSE(std::filesystem::exists(note)) << "no run, no note";
}

}  // namespace
}  // namespace falaj::operate
