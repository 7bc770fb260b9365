// An option of an operation, as data: the command line, REST and documents are made from it.
// Shape:    `name` without dashes; of a positional one in capitals, as help shows it ("NAME").
// Threads:  values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace falaj::operate {

enum class OptionType {
  kText,
  kInteger,
  kDuration,  // "30m", "1h30m": base/duration_text.hpp
  kDay,       // YYYY-MM-DD
  kPath,      // of a file or folder
  kFlag,      // takes no value
};

struct Option {
  std::string name;
  OptionType type = OptionType::kText;
  std::string help;
  std::string value_name;          // "DIR"; empty: by type
  char short_name = 0;             // 0: none
  std::string unit;                // of an integer: "orders"
  std::string default_value;       // empty: none, or as the help says
  std::vector<std::string> words;  // the only ones accepted; empty: any
  std::optional<int64_t> least;    // of an integer; of a duration in seconds
  std::optional<int64_t> most;
  bool is_required = false;
  bool is_repeatable = false;
  bool is_positional = false;
  bool must_exist = false;            // of a path: it is a file that is there
  std::vector<std::string> needs;     // options that must be given with it
  std::vector<std::string> excludes;  // options that must not
};

// "--name"; of a positional one its name.
std::string shown_name(const Option& option);

// "DIR", "N", "full|summary": what stands for its value in help; empty of a flag.
std::string shown_value(const Option& option);

}  // namespace falaj::operate
