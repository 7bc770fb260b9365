// The words of a command line that are wrong: which one, and what may have been meant.
// Shape:    words without the program's name.
// Threads:  functions.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace falaj::cli {

// "help store add" becomes "store add --help", "help" alone "--help"; all else stays.
std::vector<std::string> help_as_option(std::vector<std::string> words);

// The command or option that does not exist, in a sentence; empty when there is none.
std::string wrong_word(const CLI::App& app, const std::vector<std::string>& words);

// What is wrong, in a sentence, and where to read on. `said` is what the parser says.
std::string explain_usage(const CLI::App& app, const std::vector<std::string>& words,
                          const std::string& said);

// Takes these words only, and says which of them may have been meant.
CLI::Validator one_of(const std::vector<std::string>& words);

}  // namespace falaj::cli
