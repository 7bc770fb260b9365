// What `falaj accept` found out about a warehouse: the contract, the models, measures.
// Threads:  values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "operate/accept_measures.hpp"
#include "operate/model_replay.hpp"
#include "warehouse/contract/contract_suite.hpp"

namespace falaj::operate {

struct ModelAcceptance {
  std::string source;     // of the packages: the built-in fixtures, or a landing
  std::string reference;  // the warehouse compared with
  std::vector<RoundResult> rounds;
  std::vector<TableComparison> tables;
  int64_t rows() const;       // compared
  int64_t differing() const;  // tables
  bool holds() const;
};

struct AcceptReport {
  std::string warehouse;  // "DuckLake", "fakesnow", "Snowflake ORG-ACCOUNT"
  std::string database;   // the scratch database
  std::string version;    // of falaj
  std::string started_at;
  std::optional<warehouse::contract::ContractReport> contract;
  std::optional<ModelAcceptance> models;
  std::vector<Measure> measures;
  std::vector<std::string> problems;  // parts that could not be run, what could not be removed
  std::string cleanup;                // what became of the scratch database
  std::string file;                   // where the Markdown is
  int64_t duration_ms = 0;

  bool holds() const;
  std::string verdict() const;
  std::string to_markdown() const;
  Json to_json() const;
};

}  // namespace falaj::operate
