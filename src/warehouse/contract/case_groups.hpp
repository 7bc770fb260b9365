// The cases by group.
#pragma once

#include <vector>

#include "warehouse/contract/contract_suite.hpp"

namespace falaj::warehouse::contract {

std::vector<ContractCase> load_cases();
std::vector<ContractCase> write_cases();  // merge, SCD2, replace
std::vector<ContractCase> transaction_cases();
std::vector<ContractCase> type_cases();
std::vector<ContractCase> schema_cases();  // identifiers, evolution, introspection
std::vector<ContractCase> query_cases();   // results, SQL, errors, cancel
std::vector<ContractCase> history_cases();
std::vector<ContractCase> reader_cases();

}  // namespace falaj::warehouse::contract
