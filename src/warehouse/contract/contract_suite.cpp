#include "warehouse/contract/contract_suite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "warehouse/contract/case_groups.hpp"

namespace falaj::warehouse::contract {
namespace {

CaseResult run_case(Subject& subject, const ContractCase& one, std::set<Quirk>& seen,
                    std::set<std::string>& seen_sql) {
  const auto since = subject.clock().steady_now();
  ContractRun run(subject);
  Status done = run.open();
  if (done.ok()) done = one.run(run);
  run.close();
  CaseResult result;
  result.group = one.group;
  result.name = one.name;
  result.checks = run.checks();
  result.failures = run.failures();
  if (!done.ok()) result.failures.push_back("could not go on: " + done.error().to_text());
  for (const auto quirk : run.seen()) {
    seen.insert(quirk);
    const auto found = subject.quirks().reasons().find(quirk);
    if (found == subject.quirks().reasons().end()) continue;
    result.differences.push_back(fmt::format("{}: {}", name_of(quirk), found->second));
  }
  for (const auto& expression : run.seen_sql()) {
    seen_sql.insert(expression);
    result.differences.push_back(
        fmt::format("{}: {}", expression, subject.quirks().sql().find(expression)->second));
  }
  result.duration_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(subject.clock().steady_now() - since)
          .count();
  return result;
}

const char* verdict_of(const CaseResult& result) {
  if (!result.failures.empty()) return "FAILED";
  return result.differences.empty() ? "ok" : "differs";
}

}  // namespace

const std::vector<ContractCase>& contract_cases() {
  static const std::vector<ContractCase> cases = [] {
    std::vector<ContractCase> all;
    for (const auto& group : {load_cases(), write_cases(), transaction_cases(), type_cases(),
                              schema_cases(), query_cases(), history_cases(), reader_cases()}) {
      all.insert(all.end(), group.begin(), group.end());
    }
    return all;
  }();
  return cases;
}

Result<ContractReport> run_contract(Subject& subject, std::stop_token stop,
                                    const std::function<void(const CaseResult&)>& on_case) {
  ContractReport report;
  report.subject = subject.name();
  std::set<Quirk> seen;
  std::set<std::string> seen_sql;
  for (const auto& one : contract_cases()) {
    report.was_stopped = stop.stop_requested();
    if (report.was_stopped) return report;
    FALAJ_TRY(subject.reset().while_doing(fmt::format("making room for \"{}\"", one.name)));
    report.cases.push_back(run_case(subject, one, seen, seen_sql));
    if (on_case) on_case(report.cases.back());
  }
  for (const auto& [quirk, reason] : subject.quirks().reasons()) {
    if (!seen.contains(quirk)) report.stale.emplace_back(name_of(quirk));
  }
  for (const auto& [expression, reason] : subject.quirks().sql()) {
    if (!seen_sql.contains(expression)) report.stale.push_back(expression);
  }
  return report;
}

int64_t ContractReport::passed() const {
  return std::ranges::count_if(
      cases, [](const auto& one) { return one.failures.empty() && one.differences.empty(); });
}

int64_t ContractReport::differing() const {
  return std::ranges::count_if(
      cases, [](const auto& one) { return one.failures.empty() && !one.differences.empty(); });
}

int64_t ContractReport::failed() const {
  return std::ranges::count_if(cases, [](const auto& one) { return !one.failures.empty(); });
}

int64_t ContractReport::checks() const {
  int64_t sum = 0;
  for (const auto& one : cases) sum += one.checks;
  return sum;
}

std::string ContractReport::summary() const {
  auto text = fmt::format(
      "{}: {} cases: {} as promised, {} with a declared difference, {} failed; {} checks", subject,
      cases.size(), passed(), differing(), failed(), checks());
  if (was_stopped) text += "; stopped before the end";
  for (const auto& one : stale)
    text += fmt::format("; {} is declared and no case looks for it", one);
  return text;
}

std::string ContractReport::to_text() const {
  auto text = summary() + "\n";
  for (const auto& one : cases) {
    text += fmt::format("  {:<8} {:<13} {} ({} ms)\n", verdict_of(one), one.group, one.name,
                        one.duration_ms);
    for (const auto& difference : one.differences)
      text += fmt::format("  {:<22} {}\n", "", difference);
    for (const auto& failure : one.failures) text += fmt::format("  {:<22} {}\n", "", failure);
  }
  return text;
}

}  // namespace falaj::warehouse::contract
