#include "operate/answers.hpp"

#include "operate/report_shapes.hpp"

namespace falaj::operate {
namespace {

template <typename Member>
auto of_home(Member InitReport::*member) {
  return [member](const InitAnswer& answer) -> std::optional<Member> {
    if (!answer.home) return std::nullopt;
    return (*answer.home).*member;
  };
}

}  // namespace

const Described<Done>& done_shape() {
  static const auto kShape =
      Described<Done>("done").field("message", &Done::message, "what was done, for people");
  return kShape;
}

const Described<InitAnswer>& init_answer_shape() {
  static const auto kShape =
      Described<InitAnswer>("init")
          .optional_field("home", of_home(&InitReport::home), "its folder")
          .optional_field("created", of_home(&InitReport::created), "paths that were made")
          .optional_field("kept", of_home(&InitReport::kept), "paths that were there")
          .optional_field("sql", &InitAnswer::sql, "with --print-sql, and then alone");
  return kShape;
}

const Described<DemoAnswer>& demo_shape() {
  static const auto kShape =
      Described<DemoAnswer>("demo")
          .records(
              "first", [](const DemoAnswer& demo) { return demo.report.first; }, run_shape(),
              "the report of the run that loads the store")
          .records(
              "second", [](const DemoAnswer& demo) { return demo.report.second; }, run_shape(),
              "of the run after it, which loads nothing");
  return kShape;
}

}  // namespace falaj::operate
