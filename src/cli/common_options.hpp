// What every command takes, before or behind its name.
// Threads:  a value.
#pragma once

#include <string>
#include <vector>

#include "operate/option.hpp"

namespace falaj::cli {

struct CommonOptions {
  std::string home;
  std::string log_level;
  int verbose = 0;
  bool json = false;
  bool quiet = false;  // only of commands that show progress
};

// Their declarations: help, completion and reference have them from here.
const std::vector<operate::Option>& common_options();
const operate::Option& quiet_option();

}  // namespace falaj::cli
