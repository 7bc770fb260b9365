#include "operate/registry.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "home/home.hpp"

namespace falaj::operate {
namespace {

struct GroupName {
  Group group;
  const char* name;
  const char* title;
};

constexpr GroupName kGroupNames[] = {
    {Group::kRun, "run", "Read stores into the warehouse"},
    {Group::kInspect, "inspect", "See how things are"},
    {Group::kQuery, "query", "Ask the warehouse"},
    {Group::kMaintain, "maintain", "Prepare and check"},
    {Group::kStores, "stores", "The stores of a home and their tokens"},
    {Group::kWebhooks, "webhooks", "Events that Salla sends"},
    {Group::kProgram, "program", "The program itself"},
};

const GroupName& entry_of(Group group) {
  const auto* found = std::find_if(std::begin(kGroupNames), std::end(kGroupNames),
                                   [&](const auto& each) { return each.group == group; });
  FALAJ_CHECK(found != std::end(kGroupNames), "a group of operations has no name");
  return *found;
}

bool has_option(const Operation& operation, const std::string& name) {
  return std::any_of(operation.options.begin(), operation.options.end(),
                     [&](const auto& option) { return option.name == name; });
}

void check_options(const Operation& operation) {
  bool was_optional = false;
  for (size_t i = 0; i < operation.options.size(); ++i) {
    const auto& option = operation.options[i];
    FALAJ_CHECK(!option.name.empty() && !option.help.empty(), "{}: an option has no name or help",
                operation.name);
    for (size_t j = 0; j < i; ++j) {
      FALAJ_CHECK(operation.options[j].name != option.name, "{}: {} is declared twice",
                  operation.name, option.name);
    }
    for (const auto& other : option.needs)
      FALAJ_CHECK(has_option(operation, other), "{}: {} is not declared", operation.name, other);
    for (const auto& other : option.excludes)
      FALAJ_CHECK(has_option(operation, other), "{}: {} is not declared", operation.name, other);
    if (!option.is_positional) continue;
    FALAJ_CHECK(!(was_optional && option.is_required), "{}: {} follows one that may be left out",
                operation.name, option.name);
    was_optional = was_optional || !option.is_required;
  }
}

void check_operation(const Operation& operation) {
  FALAJ_CHECK(!operation.name.empty() && !operation.help.empty() && !operation.examples.empty(),
              "the operation \"{}\" lacks a name, a help or an example", operation.name);
  FALAJ_CHECK((operation.run != nullptr) != (operation.open_console != nullptr),
              "{} must either run or open a console", operation.name);
  FALAJ_CHECK((operation.run != nullptr) == (operation.report.record != nullptr),
              "{} must declare its report", operation.name);
  check_options(operation);
}

}  // namespace

std::string name_of(Group group) {
  return entry_of(group).name;
}

std::string title_of(Group group) {
  return entry_of(group).title;
}

const home::Home& Context::home() const {
  FALAJ_CHECK(opened != nullptr, "an operation that declares no home asks for it");
  return *opened;
}

Result<std::optional<home::Home>> open_home(const Operation& operation, const std::string& root) {
  if (operation.home_use == HomeUse::kNone) return std::optional<home::Home>();
  if (operation.home_use == HomeUse::kDespiteFaults)
    return std::optional(home::Home::open_despite_settings(root));
  FALAJ_ASSIGN(auto home, home::Home::open(root));
  return std::optional(std::move(home));
}

Result<Report> perform(const Operation& operation, const Context& context, const Request& request) {
  FALAJ_CHECK(operation.run != nullptr, "{} answers row by row", operation.name);
  auto report = operation.run(context, request);
  if (report.ok()) {
    FALAJ_CHECK(report->shape().record == operation.report.record &&
                    report->shape().name() == operation.report.name(),
                "{} declares the report {} and gave {}", operation.name, operation.report.name(),
                report->shape().name());
  }
  return report;
}

Registry::Registry(std::vector<Operation> operations) : operations_(std::move(operations)) {
  for (const auto& operation : operations_) {
    check_operation(operation);
    FALAJ_CHECK(find(operation.name) == &operation, "{} is declared twice", operation.name);
    FALAJ_CHECK(below(operation.name).empty(), "{} is an operation and the first word of others",
                operation.name);
  }
}

const Operation* Registry::find(std::string_view name) const {
  const auto found = std::find_if(operations_.begin(), operations_.end(),
                                  [&](const auto& each) { return each.name == name; });
  return found == operations_.end() ? nullptr : &*found;
}

std::vector<const Operation*> Registry::in_group(Group group) const {
  std::vector<const Operation*> found;
  for (const auto& each : operations_) {
    if (each.group == group) found.push_back(&each);
  }
  return found;
}

std::vector<const Operation*> Registry::below(std::string_view word) const {
  std::vector<const Operation*> found;
  const auto start = std::string(word) + " ";
  for (const auto& each : operations_) {
    if (each.name.starts_with(start)) found.push_back(&each);
  }
  return found;
}

std::string Registry::words_below(std::string_view word) const {
  std::string words;
  for (const auto* each : below(word))
    words += (words.empty() ? "" : ", ") + each->name.substr(word.size() + 1);
  return words;
}

}  // namespace falaj::operate
