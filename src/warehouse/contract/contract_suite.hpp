// The contract of the port as a suite of cases, run for one warehouse after the other: by the
// tests, and by `falaj accept` on a user's own.
// Threads:  functions.
// Errors:   of the subject's reset(): then the suite cannot go on. What a case finds is data.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "warehouse/contract/contract_run.hpp"

namespace falaj::warehouse::contract {

struct ContractCase {
  const char* group;  // load, merge, transactions, types, ...
  const char* name;   // what is promised, in words
  Status (*run)(ContractRun& run);
};

const std::vector<ContractCase>& contract_cases();

struct CaseResult {
  std::string group;
  std::string name;
  std::vector<std::string> failures;     // empty: it holds
  std::vector<std::string> differences;  // "quirk: reason", declared and seen
  int checks = 0;
  int64_t duration_ms = 0;
};

struct ContractReport {
  std::string subject;
  std::vector<CaseResult> cases;
  std::vector<std::string> stale;  // declared differences that no case has looked for
  bool was_stopped = false;

  int64_t passed() const;     // as promised
  int64_t differing() const;  // passed, with a declared difference
  int64_t failed() const;
  int64_t checks() const;
  bool holds() const { return failed() == 0 && stale.empty() && !was_stopped; }
  // "DuckLake: 35 cases: 33 as promised, 2 with a declared difference, 0 failed; 310 checks".
  std::string summary() const;
  // The summary and a line a case.
  std::string to_text() const;
};

Result<ContractReport> run_contract(Subject& subject, std::stop_token stop = {},
                                    const std::function<void(const CaseResult&)>& on_case = {});

}  // namespace falaj::warehouse::contract
