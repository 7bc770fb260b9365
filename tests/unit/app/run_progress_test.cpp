#include "app/run_progress.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace falaj::app {
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

}  // namespace
}  // namespace falaj::app
