#include "run/run_progress.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace falaj::run {
namespace {

class Watcher final : public ProgressWatcher {
 public:
  void show(const Progress& progress) override { shown.push_back(progress); }
  bool has_waits() const override { return waits; }
  std::vector<std::string> steps() const {
    std::vector<std::string> steps;
    for (const auto& line : shown) {
      steps.push_back(line.stage + " " + line.stream + " " + std::to_string(line.steps_done) + "/" +
                      std::to_string(line.steps_all));
    }
    return steps;
  }

  std::vector<Progress> shown;
  bool waits = false;
};

TEST(RunProgress, ShowsTheStepsOfItsStageAndOfNoOther) {
  ManualClock clock{UtcTime(Micros(1'800'000'000'000'000))};
  Watcher watcher;
  RunProgress progress(clock, &watcher);
  progress.begin(1);
  progress.show_steps("load", "", 1, 2);
  progress.show_steps("transform", "silver_orders", 0, 21);
  EXPECT_EQ(watcher.steps(), std::vector<std::string>()) << "beside extraction, whose line it is";
  progress.show_stage("load");
  progress.show_steps("load", "", 2, 3);
  progress.show_steps("transform", "silver_orders", 0, 21);
  progress.show_stage("transform");
  progress.show_steps("transform", "silver_orders", 0, 21);
  EXPECT_EQ(watcher.steps(), (std::vector<std::string>{"load  0/0", "load  2/3", "transform  0/0",
                                                       "transform silver_orders 0/21"}));
}

TEST(RunProgress, ATickTellsWhatIsWaitedForAndOnceThatItIsOver) {
  ManualClock clock{UtcTime(Micros(1'800'000'000'000'000))};
  Watcher watcher;
  RunProgress progress(clock, &watcher);
  progress.begin(2);
  progress.begin_store(0);
  progress.begin_store(1);
  progress.tick();
  EXPECT_TRUE(watcher.shown.empty()) << "nothing is waited for";
  watcher.waits = true;
  progress.tick();
  watcher.waits = false;
  progress.tick();
  progress.tick();
  ASSERT_EQ(watcher.shown.size(), 2U) << "while it waits, and once more";
  EXPECT_EQ(watcher.shown[0].stage, "extract");
  EXPECT_EQ(watcher.shown[0].stores_reading, 2);
}

}  // namespace
}  // namespace falaj::run
