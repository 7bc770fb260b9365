#include "operate/accept_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "operate/report_shapes.hpp"

namespace falaj::operate {
namespace {

std::string number(double value) {
  return value < 100 ? fmt::format("{:.1f}", value) : fmt::format("{:.0f}", value);
}

std::string contract_section(const warehouse::contract::ContractReport& report) {
  auto text =
      fmt::format("## Contract\n\n{}.\n\n| case | group | outcome | ms |\n|---|---|---|---|\n",
                  report.summary());
  std::string failures;
  std::vector<std::string> differences;
  for (const auto& one : report.cases) {
    const char* outcome = !one.failures.empty()      ? "**failed**"
                          : !one.differences.empty() ? "declared difference"
                                                     : "as promised";
    text += fmt::format("| {} | {} | {} | {} |\n", one.name, one.group, outcome, one.duration_ms);
    for (const auto& failure : one.failures)
      failures += fmt::format("- {}: {}\n", one.name, failure);
    for (const auto& difference : one.differences) {
      if (std::ranges::find(differences, difference) == differences.end())
        differences.push_back(difference);
    }
  }
  if (!failures.empty()) text += "\nFailed:\n\n" + failures;
  if (!differences.empty()) text += "\nDeclared differences:\n\n";
  for (const auto& difference : differences) text += fmt::format("- {}\n", difference);
  return text;
}

std::string rounds_table(const std::vector<RoundResult>& rounds) {
  std::string text =
      "| run | packages | rows loaded | quarantined | load ms | models | models ms | statements | "
      "files | bytes |\n|---|---|---|---|---|---|---|---|---|---|\n";
  int number_of_run = 0;
  for (const auto& round : rounds) {
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", ++number_of_run,
                        round.packages, round.rows_loaded, round.rows_quarantined, round.load_ms,
                        round.models, round.models_ms, round.usage.statements, round.usage.files,
                        round.usage.bytes);
  }
  return text;
}

std::string models_section(const ModelAcceptance& models) {
  auto text = fmt::format(
      "## Models\n\n{} replayed here and in {}: {} tables with {} rows compared, every column, {} "
      "differ.\n\n",
      models.source, models.reference, models.tables.size(), models.rows(), models.differing());
  text += rounds_table(models.rounds);
  text += "\n| table | rows | expected | outcome |\n|---|---|---|---|\n";
  std::string examples;
  for (const auto& table : models.tables) {
    text +=
        fmt::format("| {} | {} | {} | {} |\n", table.table, table.rows_actual, table.rows_expected,
                    table.is_same() ? "same"
                                    : fmt::format("**{} missing, {} unexpected**",
                                                  table.rows_missing, table.rows_unexpected));
    for (const auto& example : table.examples)
      examples += fmt::format("- {}, {}\n", table.table, example);
  }
  if (!examples.empty()) text += "\nRows that differ, such as:\n\n" + examples;
  return text;
}

std::string cost_section(const AcceptReport& report) {
  if (!report.models || report.models->rounds.empty()) return "";
  if (report.models->rounds.front().usage.statements == 0) return "";
  std::string text =
      "\nCredits of a run = (seconds the warehouse works + 60 s until it suspends) / 3600 x "
      "credits "
      "an hour (XSMALL: 1), and no less than a minute each time it wakes. By the answers measured "
      "here:\n\n";
  int number_of_run = 0;
  for (const auto& round : report.models->rounds) {
    const double seconds = std::chrono::duration<double>(round.usage.waited).count();
    text += fmt::format("- run {}: {} statements, {:.1f} s: {:.4f} credits on an XSMALL\n",
                        ++number_of_run, round.usage.statements, seconds,
                        std::max(60.0, seconds + 60) / 3600);
  }
  return text;
}

using warehouse::contract::CaseResult;
using warehouse::contract::ContractReport;

const Described<CaseResult>& case_shape() {
  static const auto kShape =
      Described<CaseResult>("accept.case")
          .field("group", &CaseResult::group, "")
          .field("name", &CaseResult::name, "")
          .field("checks", &CaseResult::checks, "that were made")
          .field("duration_ms", &CaseResult::duration_ms, "", "ms")
          .field("differences", &CaseResult::differences, "declared, with the reason")
          .field("failures", &CaseResult::failures, "empty: it holds");
  return kShape;
}

const Described<ContractReport>& contract_shape() {
  static const auto kShape =
      Described<ContractReport>("accept.contract")
          .field(
              "cases", [](const ContractReport& report) { return std::ssize(report.cases); }, "",
              "cases")
          .field("passed", &ContractReport::passed, "as promised", "cases")
          .field("differing", &ContractReport::differing, "with a declared difference", "cases")
          .field("failed", &ContractReport::failed, "", "cases")
          .field("checks", &ContractReport::checks, "that were made")
          .field("holds", &ContractReport::holds, "whether none failed")
          .records("list", &ContractReport::cases, case_shape(), "each case");
  return kShape;
}

const Described<RoundResult>& round_shape() {
  static const auto kShape =
      Described<RoundResult>("accept.round")
          .field("packages", &RoundResult::packages, "loaded", "packages")
          .field("rows_loaded", &RoundResult::rows_loaded, "", "rows")
          .field("rows_quarantined", &RoundResult::rows_quarantined, "", "rows")
          .field("load_ms", &RoundResult::load_ms, "", "ms")
          .field("models", &RoundResult::models, "touched", "models")
          .field("models_ms", &RoundResult::models_ms, "", "ms")
          .field(
              "statements", [](const RoundResult& round) { return round.usage.statements; }, "sent",
              "statements")
          .field(
              "bytes", [](const RoundResult& round) { return round.usage.bytes; }, "that went up",
              "bytes");
  return kShape;
}

const Described<TableComparison>& comparison_shape() {
  static const auto kShape =
      Described<TableComparison>("accept.table")
          .field("table", &TableComparison::table, "schema and name")
          .field("rows", &TableComparison::rows_actual, "", "rows")
          .field("expected", &TableComparison::rows_expected, "of the reference", "rows")
          .field("missing", &TableComparison::rows_missing, "that only the reference has", "rows")
          .field("unexpected", &TableComparison::rows_unexpected, "that the reference has not",
                 "rows")
          .field("examples", &TableComparison::examples, "the first of them");
  return kShape;
}

const Described<ModelAcceptance>& models_shape() {
  static const auto kShape =
      Described<ModelAcceptance>("accept.models")
          .field("source", &ModelAcceptance::source, "of the packages")
          .field("reference", &ModelAcceptance::reference, "the warehouse compared with")
          .field("rows", &ModelAcceptance::rows, "compared", "rows")
          .field("differing", &ModelAcceptance::differing, "", "tables")
          .records("rounds", &ModelAcceptance::rounds, round_shape(), "one run after the other")
          .records("tables", &ModelAcceptance::tables, comparison_shape(), "each table");
  return kShape;
}

const Described<Measure>& measure_shape() {
  static const auto kShape = Described<Measure>("accept.measure")
                                 .field("what", &Measure::what, "")
                                 .field("value", &Measure::value, "")
                                 .field("unit", &Measure::unit, "of the value");
  return kShape;
}

}  // namespace

int64_t ModelAcceptance::rows() const {
  int64_t sum = 0;
  for (const auto& table : tables) sum += table.rows_actual;
  return sum;
}

int64_t ModelAcceptance::differing() const {
  return std::ranges::count_if(tables, [](const auto& table) { return !table.is_same(); });
}

// Equal emptiness would prove nothing.
bool ModelAcceptance::holds() const {
  return differing() == 0 && rows() > 0;
}

bool AcceptReport::holds() const {
  return (!contract || contract->holds()) && (!models || models->holds()) && problems.empty();
}

std::string AcceptReport::verdict() const {
  std::string text = holds() ? "Accepted: " : "NOT accepted: ";
  std::string parts;
  const auto add = [&](const std::string& part) { parts += (parts.empty() ? "" : "; ") + part; };
  if (contract) {
    add(fmt::format("{} of {} contract cases hold, {} of them with a declared difference",
                    contract->passed() + contract->differing(), contract->cases.size(),
                    contract->differing()));
  }
  if (models) {
    add(fmt::format("{} of {} tables have the same {} rows as {}",
                    static_cast<int64_t>(models->tables.size()) - models->differing(),
                    models->tables.size(), models->rows(), models->reference));
  }
  for (const auto& problem : problems) add(problem);
  return text + (parts.empty() ? "nothing was run" : parts) + ".";
}

std::string AcceptReport::to_markdown() const {
  auto text = fmt::format(
      "# Acceptance of {}\n\n{}\n\nfalaj {}, {}, {:.1f} s, scratch database {}: {}.\n\n", warehouse,
      verdict(), version, started_at, static_cast<double>(duration_ms) / 1000.0, database, cleanup);
  if (contract) text += contract_section(*contract) + "\n";
  if (models) text += models_section(*models) + "\n";
  if (!measures.empty()) {
    text += "## Measures\n\n| what | value |\n|---|---|\n";
    for (const auto& one : measures)
      text += fmt::format("| {} | {} {} |\n", one.what, number(one.value), one.unit);
  }
  text += cost_section(*this);
  return text;
}

const Described<AcceptReport>& accept_shape() {
  static const auto kShape =
      Described<AcceptReport>("accept")
          .field("warehouse", &AcceptReport::warehouse, "what was tried")
          .field("database", &AcceptReport::database, "the scratch database")
          .field("accepted", &AcceptReport::holds, "whether it keeps what falaj needs")
          .field("verdict", &AcceptReport::verdict, "the last sentence")
          .field("cleanup", &AcceptReport::cleanup, "what became of the scratch database")
          .field("report", &AcceptReport::file, "where the Markdown is")
          .field("duration_ms", &AcceptReport::duration_ms, "", "ms")
          .optional_records("contract", &AcceptReport::contract, contract_shape(),
                            "the contract of the port, case by case")
          .optional_records("models", &AcceptReport::models, models_shape(),
                            "tables compared with those of another warehouse")
          .records("measures", &AcceptReport::measures, measure_shape(), "how fast it is")
          .field("problems", &AcceptReport::problems,
                 "parts that could not be run, what could not be removed");
  return kShape;
}

Json AcceptReport::to_json() const {
  return accept_shape().to_json(*this);
}

}  // namespace falaj::operate
