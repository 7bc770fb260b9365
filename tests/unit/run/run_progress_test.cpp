#include "run/run_progress.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace falaj::run {
namespace {

TEST(RunProgress, ShowsTheStepsOfItsStageAndOfNoOther) {
  ManualClock clock{UtcTime(Micros(1'800'000'000'000'000))};
  std::vector<std::string> shown;
  RunProgress progress(clock, [&](const operate::Progress& line) {
    shown.push_back(line.stage + " " + line.stream + " " + std::to_string(line.steps_done) + "/" +
                    std::to_string(line.steps_all));
  });
  progress.begin(1);
  progress.show_steps("load", "", 1, 2);
  progress.show_steps("transform", "silver_orders", 0, 21);
  EXPECT_EQ(shown, std::vector<std::string>()) << "beside extraction, whose line it is";
  progress.show_stage("load");
  progress.show_steps("load", "", 2, 3);
  progress.show_steps("transform", "silver_orders", 0, 21);
  progress.show_stage("transform");
  progress.show_steps("transform", "silver_orders", 0, 21);
  EXPECT_EQ(shown, (std::vector<std::string>{"load  0/0", "load  2/3", "transform  0/0",
                                             "transform silver_orders 0/21"}));
}

TEST(RunProgress, ATickTellsWhatIsWaitedForAndOnceThatItIsOver) {
  ManualClock clock{UtcTime(Micros(1'800'000'000'000'000))};
  std::vector<operate::Progress> shown;
  RunProgress progress(clock, [&](const operate::Progress& line) { shown.push_back(line); });
  progress.begin(2);
  progress.begin_store(0);
  progress.begin_store(1);
  progress.tick();
  EXPECT_TRUE(shown.empty()) << "nothing is waited for";
  {
    const ShownWait wait(&clock, {WaitFor::kQuota, "riyadh", "", std::chrono::seconds(40), false});
    clock.advance(std::chrono::seconds(3));
    progress.tick();
  }
  progress.tick();
  progress.tick();
  ASSERT_EQ(shown.size(), 2U);
  ASSERT_EQ(shown[0].waits.size(), 1U);
  EXPECT_EQ(shown[0].stage, "extract");
  EXPECT_EQ(shown[0].stores_reading, 2);
  EXPECT_EQ(shown[0].waits[0].subject, "riyadh");
  EXPECT_EQ(shown[0].waits[0].left_seconds, 37);
  EXPECT_TRUE(shown[1].waits.empty());
}

}  // namespace
}  // namespace falaj::run
