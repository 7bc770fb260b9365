// An operation is declared once: every face of the command line is made from that.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "cli/completion.hpp"
#include "cli/help_text.hpp"
#include "cli/program.hpp"
#include "cli/reference.hpp"
#include "cli/report_text.hpp"
#include "operate/operations/table.hpp"
#include "operate/report_shapes.hpp"
#include "unit/cli/fixture_operation.hpp"

namespace falaj::cli {
namespace {

std::vector<operate::Operation> with_fixture() {
  auto operations = operate::operations::all({});
  operations.push_back(measure_wells());
  return operations;
}

struct Said {
  int status = 0;
  std::string out;
  std::string err;
};

Said run(std::vector<const char*> words) {
  words.insert(words.begin(), "falaj");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Said said;
  said.status = run_program(static_cast<int>(words.size()), words.data(), with_fixture());
  said.out = testing::internal::GetCapturedStdout();
  said.err = testing::internal::GetCapturedStderr();
  return said;
}

void expect_in(const std::string& text, const std::vector<std::string>& parts) {
  for (const auto& part : parts)
    EXPECT_NE(text.find(part), std::string::npos) << "lacks: " << part << "\n" << text;
}

TEST(Registry, AFixtureInOneFileIsInEveryFace) {
  expect_in(run({"--help"}).out, {"wells measure", "how deep the wells of an oasis are"});
  expect_in(run({"wells", "--help"}).out,
            {"falaj wells: measure", "Usage: falaj wells COMMAND", "wells measure"});
  expect_in(run({"help", "wells", "measure"}).out,
            {"Usage: falaj wells measure OASIS [OPTIONS]", "Lowers a line into each.",
             "--unit metres|cubits", "of length (default: metres)", "--home DIR",
             "falaj wells measure nizwa --unit cubits"});
  const auto registry = registry_of(with_fixture());
  for (const auto& script :
       {bash_completion(registry), zsh_completion(registry), fish_completion(registry)})
    expect_in(script, {"wells", "measure", "metres cubits"});
  expect_in(reference(registry),
            {"| `wells measure` | how deep the wells of an oasis are | reads the home |",
             "### `wells measure`", "| `--unit metres\\|cubits` | of length (default: metres) |",
             "| `wells[].depth` | integer | from the ground; in m |"});
  expect_in(run({"reference", "--json"}).out,
            {"\"wells measure\"", "\"place\": \"wells[].is_dry\""});
}

TEST(Registry, AFixtureRunsAndItsReportIsJsonAndText) {
  const auto text = run({"wells", "measure", "nizwa"});
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_EQ(text.out,
            "oasis: nizwa\n"
            "litres: 12,500 litres\n"
            "\n"
            "wells\n"
            "name   depth  is dry\n"
            "-----  -----  ------\n"
            "Daris     17  no\n");
  const auto json = Json::parse(run({"wells", "measure", "nizwa", "--unit=cubits", "--json"}).out);
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(
      json->dump(),
      R"({"oasis":"nizwa","litres":12500,"wells":[{"name":"Daris","depth":34,"is_dry":false}]})");
  const auto wrong = run({"wells", "measure", "nizwa", "--unit", "cubit"});
  EXPECT_EQ(wrong.status, 64);
  expect_in(wrong.err, {"--unit: \"cubit\" is none of metres, cubits; did you mean \"cubits\"?; "
                        "see falaj wells measure --help"});
  expect_in(run({"wells", "mesure"}).err, {"did you mean \"measure\"?"});
  expect_in(run({"wells", "measure"}).err, {"OASIS is required"});
}

TEST(Registry, EveryOperationExplainsItself) {
  const auto registry = registry_of(operate::operations::all({}));
  EXPECT_GE(registry.operations().size(), 29U);
  for (const auto& operation : registry.operations()) {
    const auto help = help_text(registry, operation.name);
    expect_in(help, {"Usage: falaj " + operation.name, "Example", "Exit status: 0 done"});
    for (const auto& option : operation.options) expect_in(help, {shown_name(option)});
    EXPECT_FALSE(operation.help.ends_with('.')) << operation.name;
    for (const auto& example : operation.examples)
      EXPECT_NE(example.find("falaj "), std::string::npos) << example;
    if (operation.report.record == nullptr) continue;
    for (const auto& [place, field] : places_of(*operation.report.record))
      EXPECT_FALSE(place.empty()) << operation.name;
  }
}

// A group of commands is a heading of `falaj --help`; no command is left out.
TEST(Registry, HelpListsEveryCommandOnceBelowItsGroup) {
  const auto registry = registry_of(operate::operations::all({}));
  const auto text = help_text(registry, "");
  for (const auto group : operate::kGroups)
    EXPECT_NE(text.find("\n" + title_of(group) + ":\n"), std::string::npos) << title_of(group);
  for (const auto& operation : registry.operations()) {
    const auto line = "\n  " + operation.name + " ";
    const auto at = text.find(line);
    ASSERT_NE(at, std::string::npos) << operation.name;
    EXPECT_EQ(text.find(line, at + 1), std::string::npos) << operation.name;
  }
}

TEST(ReportText, AReportWithoutAFormOfItsOwnIsATableOfItsFields) {
  const std::vector<operate::StoreView> stores = {{.id = 5, .name = "riyadh", .plan = "pro"}};
  const auto report = operate::Report::list(stores, operate::store_shape());
  expect_in(plain_text_of(report), {"store id", "riyadh", "pro", "no"});
  expect_in(text_of(report), {"token ends", "not known"});
  EXPECT_EQ(plain_text_of(
                operate::Report::list(std::vector<operate::StoreView>(), operate::store_shape())),
            "Nothing.\n");
}

}  // namespace
}  // namespace falaj::cli
