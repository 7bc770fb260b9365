#include "operate/accept_report.hpp"

#include <fmt/format.h>

#include <algorithm>

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

Json contract_json(const warehouse::contract::ContractReport& report) {
  Json json;
  json.set("cases", static_cast<int64_t>(report.cases.size()));
  json.set("passed", report.passed());
  json.set("differing", report.differing());
  json.set("failed", report.failed());
  json.set("checks", report.checks());
  json.set("holds", report.holds());
  Json::Array cases;
  for (const auto& one : report.cases) {
    Json row;
    row.set("group", one.group);
    row.set("name", one.name);
    row.set("checks", one.checks);
    row.set("duration_ms", one.duration_ms);
    row.set("differences", Json::Array(one.differences.begin(), one.differences.end()));
    row.set("failures", Json::Array(one.failures.begin(), one.failures.end()));
    cases.push_back(std::move(row));
  }
  json.set("list", std::move(cases));
  return json;
}

Json models_json(const ModelAcceptance& models) {
  Json json;
  json.set("source", models.source);
  json.set("reference", models.reference);
  json.set("rows", models.rows());
  json.set("differing", models.differing());
  Json::Array rounds;
  for (const auto& round : models.rounds) {
    Json row;
    row.set("packages", round.packages);
    row.set("rows_loaded", round.rows_loaded);
    row.set("rows_quarantined", round.rows_quarantined);
    row.set("load_ms", round.load_ms);
    row.set("models", round.models);
    row.set("models_ms", round.models_ms);
    row.set("statements", round.usage.statements);
    row.set("bytes", round.usage.bytes);
    rounds.push_back(std::move(row));
  }
  json.set("rounds", std::move(rounds));
  Json::Array tables;
  for (const auto& table : models.tables) {
    Json row;
    row.set("table", table.table);
    row.set("rows", table.rows_actual);
    row.set("expected", table.rows_expected);
    row.set("missing", table.rows_missing);
    row.set("unexpected", table.rows_unexpected);
    row.set("examples", Json::Array(table.examples.begin(), table.examples.end()));
    tables.push_back(std::move(row));
  }
  json.set("tables", std::move(tables));
  return json;
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

Json AcceptReport::to_json() const {
  Json json;
  json.set("warehouse", warehouse);
  json.set("database", database);
  json.set("accepted", holds());
  json.set("verdict", verdict());
  json.set("cleanup", cleanup);
  json.set("report", file);
  json.set("duration_ms", duration_ms);
  if (contract) json.set("contract", contract_json(*contract));
  if (models) json.set("models", models_json(*models));
  Json::Array rows;
  for (const auto& one : measures) {
    Json row;
    row.set("what", one.what);
    row.set("value", one.value);
    row.set("unit", one.unit);
    rows.push_back(std::move(row));
  }
  json.set("measures", std::move(rows));
  json.set("problems", Json::Array(problems.begin(), problems.end()));
  return json;
}

}  // namespace falaj::operate
