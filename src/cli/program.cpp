#include "cli/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sstream>

#include "base/log.hpp"
#include "base/printable_text.hpp"
#include "cli/command_tree.hpp"
#include "cli/command_words.hpp"
#include "cli/completion.hpp"
#include "cli/help_text.hpp"
#include "cli/output.hpp"
#include "cli/reference.hpp"
#include "cli/report_text.hpp"
#include "cli/sql_command.hpp"
#include "cli/terminal_caller.hpp"
#include "home/home.hpp"

namespace falaj::cli {
namespace {

using operate::Operation;
using operate::Registry;
using operate::Shows;

std::string home_of(const CommonOptions& common, const Operation& operation) {
  if (!common.home.empty()) return common.home;
  const char* home = std::getenv("FALAJ_HOME");
  return home != nullptr && *home != '\0' ? home : operation.usual_home;
}

// What the operation shows while it works.
std::optional<StatusLine::Mode> shown(const Operation& operation, const CommonOptions& common) {
  if (operation.shows == Shows::kNothing) return std::nullopt;
  if (common.quiet) return StatusLine::Mode::kQuiet;
  const bool is_progress = operation.shows == Shows::kProgress && !common.json;
  return is_progress ? StatusLine::Mode::kProgress : StatusLine::Mode::kWaits;
}

void apply_log_level(const CommonOptions& common) {
  const auto& name = common.log_level;
  if (name.empty() && common.verbose > 0)
    force_log_level(common.verbose > 1 ? LogLevel::kDebug : LogLevel::kInfo);
  if (name == "debug") force_log_level(LogLevel::kDebug);
  if (name == "info") force_log_level(LogLevel::kInfo);
  if (name == "warn") force_log_level(LogLevel::kWarn);
  if (name == "error") force_log_level(LogLevel::kError);
  if (name == "off") force_log_level(LogLevel::kOff);
}

int fail_usage(const std::string& words) {
  std::fprintf(stderr, "falaj: %s\n", printable(words).c_str());
  return exit_code(ErrorKind::kUsage);
}

int fail_with_advice(const Operation& operation, const Error& error) {
  const int status = fail(error);
  const auto next = operation.next_step ? operation.next_step(error.kind()) : "";
  if (!next.empty()) std::fprintf(stderr, "%s\n", next.c_str());
  return status;
}

int answer(const Operation& operation, const Registry& registry, const CommonOptions& common,
           const operate::Request& request) {
  TerminalCaller caller(shown(operation, common), common.json);
  const auto root = home_of(common, operation);
  // To the end of the command: a console uses it too.
  const auto home = open_home(operation, root);
  if (!home.ok()) return fail_with_advice(operation, home.error());
  const operate::Context context{.opened = *home ? &**home : nullptr,
                                 .home_as_given = root,
                                 .version = FALAJ_VERSION,
                                 .caller = caller,
                                 .registry = registry};
  if (operation.open_console != nullptr) return run_sql(operation, context, request, common.json);
  const auto report = perform(operation, context, request);
  caller.finish();
  if (!report.ok()) return fail_with_advice(operation, report.error());
  put(common.json ? report->to_json().dump(2) + "\n" : text_of(*report));
  return report->exit_status();
}

// Help or the version was asked for; beside words that make no sense it is not given.
int answer_help(CommandTree& tree, const std::vector<std::string>& words,
                const CLI::Success& asked) {
  if (const auto wrong = wrong_word(tree.app(), words); !wrong.empty()) return fail_usage(wrong);
  std::ostringstream text;
  const int status = tree.app().exit(asked, text, text);
  put(text.str());
  return status;
}

int run_command_line(int argc, const char* const* argv, const Registry& registry) {
  CommonOptions common;
  CommandTree tree(registry, common, FALAJ_VERSION,
                   [&](const std::string& path) { return help_text(registry, path); });
  const auto words = help_as_option({argv + std::min(argc, 1), argv + argc});
  try {
    tree.parse(words);
  } catch (const CLI::Success& asked) {
    return answer_help(tree, words, asked);
  } catch (const CLI::ParseError& error) {
    return fail_usage(explain_usage(tree.app(), words, error.what()));
  }
  apply_log_level(common);
  const auto* operation = tree.chosen();
  if (operation == nullptr) {
    put(help_text(registry, ""));
    return 0;
  }
  const auto request = operate::Request::make(operation->options, tree.given());
  if (!request.ok()) return fail_usage(explain_usage(tree.app(), words, request.error().to_text()));
  return answer(*operation, registry, common, *request);
}

}  // namespace

Registry registry_of(std::vector<Operation> operations) {
  operations.push_back(completion_operation());
  operations.push_back(reference_operation());
  return Registry(std::move(operations));
}

int run_program(int argc, const char* const* argv, std::vector<Operation> operations) {
  const auto registry = registry_of(std::move(operations));
  return finish_output(run_command_line(argc, argv, registry));
}

}  // namespace falaj::cli
