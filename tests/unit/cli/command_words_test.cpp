// What the command line says about words that it does not know, and where its options may stand.
#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/program.hpp"
#include "operate/operations/table.hpp"

namespace falaj::cli {
namespace {

struct Said {
  int status = 0;
  std::string out;
  std::string err;
};

Said run(std::vector<const char*> words, const operate::Services& services = {}) {
  words.insert(words.begin(), "falaj");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Said said;
  said.status =
      run_program(static_cast<int>(words.size()), words.data(), operate::operations::all(services));
  std::fflush(stdout);
  said.out = testing::internal::GetCapturedStdout();
  said.err = testing::internal::GetCapturedStderr();
  return said;
}

TEST(CommandWords, WhatIsMistypedIsNamedWithWhatMayBeMeant) {
  const struct {
    std::vector<const char*> words;
    const char* said;
  } table[] = {
      {{"rnu"}, "there is no command \"falaj rnu\"; did you mean \"run\"?; see falaj --help"},
      {{"statsu", "--json"}, "did you mean \"status\"?"},
      {{"--home", "/h", "reconsile"}, "did you mean \"reconcile\"?"},
      {{"--home=/h", "-v", "demmo"}, "did you mean \"demo\"?"},
      {{"nonsense"}, "there is no command \"falaj nonsense\"; see falaj --help"},
      {{"store", "purgee", "x"},
       "there is no command \"falaj store purgee\"; did you mean \"purge\"?"},
      {{"webhooks", "lsit"}, "did you mean \"list\"?; see falaj webhooks --help"},
      {{"run", "--stroe", "x"}, "falaj run has no option --stroe; did you mean \"--store\"?"},
      {{"run", "--fro=30m"}, "falaj run has no option --fro; did you mean \"--for\"?"},
      {{"--hoem", "/h", "run"}, "falaj has no option --hoem; did you mean \"--home\"?"},
      {{"run", "-x"}, "falaj run has no option -x"},
      {{"run", "--depth", "fulll"}, "\"fulll\" is none of full, summary; did you mean \"full\"?"},
      {{"run", "--log-level", "wran"}, "did you mean \"warn\"?"},
      {{"demo", "--plan", "specal"}, "did you mean \"special\"?"},
      {{"help", "rnu"}, "did you mean \"run\"?"},
      {{"store", "purge"}, "NAME is required; see falaj store purge --help"},
  };
  for (const auto& [words, expected] : table) {
    const auto said = run(words);
    EXPECT_EQ(said.status, 64) << said.err;
    EXPECT_NE(said.err.find(expected), std::string::npos) << said.err << "lacks: " << expected;
    EXPECT_EQ(said.out, "");
  }
}

TEST(CommandWords, AValueIsNoCommandAndBytesAreNotRepeatedToTheTerminal) {
  EXPECT_EQ(run({"--home", "run"}).err.find("there is no command"), std::string::npos);
  const auto said = run({"\033[2Jx"});
  EXPECT_EQ(said.err.find('\033'), std::string::npos) << said.err;
}

TEST(CommandWords, HelpOfACommandIsItsOption) {
  EXPECT_EQ(run({"help", "run"}).out, run({"run", "--help"}).out);
  EXPECT_EQ(run({"help", "store", "add"}).out, run({"store", "add", "--help"}).out);
  EXPECT_EQ(run({"help"}).out, run({"--help"}).out);
  EXPECT_EQ(run({"help"}).status, 0);
  const auto text = run({"help"}).out;
  for (const char* part : {"--home", "-v", "--json", "purge"}) {
    const bool is_there = text.find(part) != std::string::npos ||
                          run({"help", "store"}).out.find(part) != std::string::npos;
    EXPECT_TRUE(is_there) << part;
  }
}

TEST(CommandWords, WhatEveryCommandTakesMayStandBeforeIt) {
  std::vector<std::string> homes;
  operate::Services services;
  services.status = [&](const home::Home& home, bool) -> Result<operate::StatusReport> {
    homes.push_back(home.paths().root);
    return operate::StatusReport();
  };
  services.store.list = [&](const home::Home& home) -> Result<std::vector<operate::StoreView>> {
    homes.push_back(home.paths().root);
    return std::vector<operate::StoreView>();
  };
  EXPECT_EQ(run({"--home", "/a", "status"}, services).status, 0);
  EXPECT_EQ(run({"status", "--home", "/b"}, services).status, 0);
  EXPECT_EQ(run({"-v", "--home=/c", "store", "list"}, services).status, 0);
  EXPECT_EQ(run({"store", "--home", "/d", "list"}, services).status, 0);
  EXPECT_EQ(run({"store", "list", "--home", "/e"}, services).status, 0);
  EXPECT_EQ(homes, (std::vector<std::string>{"/a", "/b", "/c", "/d", "/e"}));
  EXPECT_EQ(run({"--json", "status"}, services).out, run({"status", "--json"}, services).out);
}

TEST(CommandWords, TheDemoHasAHomeOfItsOwn) {
  std::vector<std::string> homes;
  operate::Services services;
  services.demo = [&](const home::Home& home, const operate::DemoRequest&,
                      const operate::ProgressSink&) -> Result<operate::DemoReport> {
    homes.push_back(home.paths().root);
    return Error(ErrorKind::kUnavailable, "not now");
  };
  services.status = [&](const home::Home& home, bool) -> Result<operate::StatusReport> {
    homes.push_back(home.paths().root);
    return operate::StatusReport();
  };
  ::unsetenv("FALAJ_HOME");
  run({"demo"}, services);
  run({"status"}, services);
  run({"--home", "/a", "demo"}, services);
  ::setenv("FALAJ_HOME", "/b", 1);
  run({"demo"}, services);
  ::unsetenv("FALAJ_HOME");
  EXPECT_EQ(homes, (std::vector<std::string>{home::home_paths("./falaj-demo").root,
                                             home::home_paths("./falaj-home").root, "/a", "/b"}));
}

TEST(CommandWords, APurgeIsAskedForTwice) {
  std::vector<bool> dry_runs;
  operate::Services services;
  services.store.purge = [&](const home::Home&,
                             const operate::PurgeRequest& request) -> Result<operate::PurgeReport> {
    dry_runs.push_back(request.is_dry_run);
    operate::PurgeReport report;
    report.store_id = 7;
    report.name = request.name;
    report.is_dry_run = request.is_dry_run;
    report.tables = {{"BRONZE.bronze_orders", 1200}, {"GOLD.gold_fact_orders", 1}};
    report.packages = 1;
    return report;
  };
  const auto unsure = run({"store", "purge", "riyadh"}, services);
  EXPECT_EQ(unsure.status, 64);
  EXPECT_NE(unsure.err.find("takes 1,201 rows of riyadh out of the warehouse: say --yes"),
            std::string::npos)
      << unsure.err;
  const auto counted = run({"store", "purge", "riyadh", "--dry-run"}, services);
  EXPECT_NE(counted.out.find("riyadh (7) has: 1,201 rows in 2 tables, 1 landed package"),
            std::string::npos)
      << counted.out;
  const auto sure = run({"store", "purge", "riyadh", "--yes"}, services);
  EXPECT_NE(sure.out.find("riyadh (7) is taken out: 1,201 rows"), std::string::npos) << sure.out;
  EXPECT_EQ(dry_runs, (std::vector<bool>{true, true, false}));
}

}  // namespace
}  // namespace falaj::cli
