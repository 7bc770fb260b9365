// What shells complete: bash is asked, by the words of a command line up to the cursor.
#include "cli/completion.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "cli/program.hpp"
#include "operate/operations/table.hpp"
#include "support/temp_dir.hpp"

namespace falaj::cli {
namespace {

operate::Registry everything() {
  return registry_of(operate::operations::all({}));
}

bool is_installed(const std::string& program) {
  return std::system(("command -v " + program + " > /dev/null 2>&1").c_str()) == 0;
}

// The lines that a shell prints for a script.
std::set<std::string> lines_of(const std::string& shell, const std::string& script) {
  const test::TempDir dir;
  const auto file_name = (dir / "script").string();
  const auto out = (dir / "out").string();
  const auto err = (dir / "err").string();
  std::ofstream(file_name) << script;
  const auto line = shell + " " + file_name + " > " + out + " 2> " + err;
  EXPECT_EQ(std::system(line.c_str()), 0) << test::read_text_file(err);
  EXPECT_EQ(test::read_text_file(err), "");
  std::ifstream file(out);
  std::set<std::string> lines;
  for (std::string each; std::getline(file, each);) lines.insert(each);
  return lines;
}

// The words as bash takes the line apart; the last one is at the cursor.
std::set<std::string> completed(const std::vector<std::string>& words) {
  auto script = bash_completion(everything()) + "\nCOMP_WORDS=(falaj";
  for (const auto& word : words) script += " '" + word + "'";
  script += ")\nCOMP_CWORD=" + std::to_string(words.size()) +
            "\n_falaj\n((${#COMPREPLY[@]})) && printf '%s\\n' \"${COMPREPLY[@]}\"\nexit 0\n";
  return lines_of("bash", script);
}

using Words = std::set<std::string>;

TEST(Completion, BashCompletesCommandsOptionsAndTheirWords) {
  EXPECT_EQ(completed({"sta"}), Words{"status"});
  EXPECT_EQ(completed({"re"}), (Words{"reconcile", "reference"}));
  EXPECT_EQ(completed({"store", "re"}), (Words{"refresh", "rekey", "remove"}));
  EXPECT_EQ(completed({"--home", "/h", "webhooks", "l"}), Words{"list"});
  EXPECT_EQ(completed({"run", "--dep"}), Words{"--depth"});
  EXPECT_EQ(completed({"run", "--depth", ""}), (Words{"full", "summary"}));
  EXPECT_EQ(completed({"run", "--depth", "=", "s"}), Words{"summary"}) << "--depth=s";
  EXPECT_EQ(completed({"run", "--depth", "="}), (Words{"full", "summary"})) << "--depth=";
  EXPECT_EQ(completed({"-v", "demo", "--plan", "p"}), (Words{"plus", "pro"}));
  EXPECT_EQ(completed({"completion", ""}), (Words{"bash", "fish", "zsh"}));
  EXPECT_EQ(completed({"help", "stor"}), Words{"store"});
  EXPECT_EQ(completed({"run", "--for", ""}), Words{}) << "a value that nobody knows";
  EXPECT_EQ(completed({"run", "--store", "store", ""}), Words{}) << "a value is no command";
}

TEST(Completion, BashCompletesPathsWhereAFileIsMeant) {
  const test::TempDir dir;
  std::ofstream(dir / "stores.txt") << "x";
  EXPECT_EQ(completed({"store", "add", "--from", dir / "sto"}), Words{dir / "stores.txt"});
  EXPECT_EQ(completed({"catalog", "check", dir / "sto"}), Words{dir / "stores.txt"});
  EXPECT_EQ(completed({"sql", "-f", dir / "sto"}), Words{dir / "stores.txt"});
}

TEST(Completion, BashOffersEveryOptionOfEveryCommand) {
  const auto registry = everything();
  for (const auto& operation : registry.operations()) {
    std::vector<std::string> words;
    const auto blank = operation.name.find(' ');
    words.push_back(operation.name.substr(0, blank));
    if (blank != std::string::npos) words.push_back(operation.name.substr(blank + 1));
    words.emplace_back("--");
    const auto offered = completed(words);
    for (const auto& option : operation.options) {
      if (option.is_positional) continue;
      EXPECT_TRUE(offered.contains("--" + option.name)) << operation.name << " " << option.name;
    }
    EXPECT_TRUE(offered.contains("--home") && offered.contains("--json")) << operation.name;
  }
}

// The functions of zsh's own completion, as far as the script calls them, print what they are given.
constexpr const char* kZshStandIns = R"zsh(
function compdef { }
function compset { }
function compadd { shift; print -l -- $@ }
function _describe { print -l -- ${(P)2} }
function _files { print files }
)zsh";

TEST(Completion, ZshCompletesCommandsOptionsAndTheirWords) {
  if (!is_installed("zsh")) GTEST_SKIP() << "zsh is not installed";
  const auto ask = [](const std::vector<std::string>& words) {
    auto script = kZshStandIns + zsh_completion(everything()) + "\nwords=(falaj";
    for (const auto& word : words) script += " '" + word + "'";
    script += ")\nCURRENT=" + std::to_string(words.size() + 1) + "\n_falaj\nexit 0\n";
    return lines_of("zsh -f", script);
  };
  EXPECT_EQ(ask({"run", "--depth", ""}), (Words{"full", "summary"}));
  EXPECT_EQ(ask({"run", "--depth=s"}), (Words{"full", "summary"}));
  EXPECT_EQ(ask({"--home", "/h", "completion", ""}), (Words{"bash", "fish", "zsh"}));
  EXPECT_EQ(ask({"sql", "-f", ""}), Words{"files"});
  EXPECT_TRUE(ask({"store", ""}).contains("refresh:make sure that tokens are fresh"));
  EXPECT_TRUE(ask({"run", "--"}).contains("--quiet:no progress line"));
  EXPECT_TRUE(
      ask({""}).contains("store:add, authorize, list, show, refresh, remove, purge, rekey"));
  EXPECT_EQ(ask({"run", "--for", ""}), Words{}) << "a value that nobody knows";
}

TEST(Completion, FishCompletesCommandsAndWords) {
  if (!is_installed("fish")) GTEST_SKIP() << "fish is not installed";
  const auto ask = [](const std::string& line) {
    return lines_of("fish --no-config",
                    fish_completion(everything()) + "\ncomplete -C '" + line + "' | cut -f 1\n");
  };
  EXPECT_EQ(ask("falaj sta"), Words{"status"});
  EXPECT_EQ(ask("falaj store re"), (Words{"refresh", "rekey", "remove"}));
  EXPECT_EQ(ask("falaj run --depth "), (Words{"full", "summary"}));
}

}  // namespace
}  // namespace falaj::cli
