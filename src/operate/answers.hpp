// Answers of operations that are more than one report, or less.
// Threads:  values.
#pragma once

#include <optional>
#include <string>

#include "operate/described.hpp"
#include "operate/reports.hpp"
#include "operate/services.hpp"

namespace falaj::operate {

// What was done, where there is nothing to add.
struct Done {
  std::string message;  // a sentence
};

// Of `init`: the home that was made, or the SQL that was asked for.
struct InitAnswer {
  std::optional<InitReport> home;
  std::optional<std::string> sql;
};

struct DemoAnswer {
  DemoReport report;
  std::string home;  // as given, for what to type next
};

const Described<Done>& done_shape();
const Described<InitAnswer>& init_answer_shape();
const Described<DemoAnswer>& demo_shape();

}  // namespace falaj::operate
