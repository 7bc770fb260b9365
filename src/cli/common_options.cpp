#include "cli/common_options.hpp"

namespace falaj::cli {

using operate::Option;
using operate::OptionType;

const std::vector<Option>& common_options() {
  static const std::vector<Option> kOptions = {
      {.name = "home",
       .type = OptionType::kPath,
       .help = "folder with falaj.toml, landing, state and lake (default: FALAJ_HOME, else "
               "./falaj-home)",
       .value_name = "DIR"},
      {.name = "log-level",
       .help = "debug, info, warn, error or off",
       .words = {"debug", "info", "warn", "error", "off"}},
      {.name = "verbose",
       .type = OptionType::kFlag,
       .help = "--log-level info; twice: debug",
       .short_name = 'v',
       .is_repeatable = true},
      {.name = "json", .type = OptionType::kFlag, .help = "print JSON instead of text"},
      {.name = "help",
       .type = OptionType::kFlag,
       .help = "options, an example and the exit statuses",
       .short_name = 'h'}};
  return kOptions;
}

const Option& quiet_option() {
  static const Option kQuiet = {
      .name = "quiet", .type = OptionType::kFlag, .help = "no progress line"};
  return kQuiet;
}

}  // namespace falaj::cli
