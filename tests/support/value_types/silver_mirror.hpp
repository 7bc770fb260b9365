// Which column of BRONZE each column of SILVER shows, and how it cleans it: written down from docs/models.md,
// not from the models.
// Threads:  functions.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace falaj::test {

struct SilverTable {
  std::string bronze;
  std::string silver;
  std::string id;
  // Of columns that do not just show the one of the same name: an expression over BRONZE's ("b.");
  // empty: made of several, compared nowhere here.
  std::map<std::string, std::string> cleaned;
};

// Tables of one entity a row: what is in BRONZE is in SILVER, or in quarantine of the model.
const std::vector<SilverTable>& silver_tables();

}  // namespace falaj::test
