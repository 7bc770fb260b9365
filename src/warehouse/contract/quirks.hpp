// Where a warehouse may differ from the contract, and why.
// Shape:    one Quirks a warehouse. A difference that is declared and no longer seen fails the
//           suite, so the lists below cannot go stale.
// Threads:  values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace falaj::warehouse::contract {

enum class Quirk {
  kNoTimeTravel,              // AT (TIMESTAMP => ..) is refused
  kOwnDeletesHideHistory,     // AT does not show what the running transaction has deleted
  kMergesDuplicatesSilently,  // a MERGE that meets a row twice takes one and says nothing
  kNoMergeInTransaction,      // MERGE works outside of transactions only
  kSingleProcess,             // only one may have it open: no reader beside a writer
  kReadsServerFiles,          // a reader's SQL may name files of the server's machine
  kNullTimestampsReadAs1970,  // a NULL timestamp of a result arrives as 1970-01-01
  kNullRefusedAsUnavailable,  // NULL in a required column looks like a failure of the service
  kSumsDecimalsAsDouble,      // the sum of a decimal column is a double
  kIntegersOf64Bits,          // DECIMAL(38,0) holds no more than a BIGINT
  kNoExplain,                 // EXPLAIN is not there
};

// "no-time-travel"
std::string_view name_of(Quirk quirk);

class Quirks {
 public:
  Quirks& declare(Quirk quirk, std::string reason);
  // An expression of the common subset that yields something else there.
  Quirks& declare_sql(std::string expression, std::string reason);

  bool has(Quirk quirk) const { return reasons_.contains(quirk); }
  const std::map<Quirk, std::string>& reasons() const { return reasons_; }
  const std::map<std::string, std::string, std::less<>>& sql() const { return sql_; }

 private:
  std::map<Quirk, std::string> reasons_;
  std::map<std::string, std::string, std::less<>> sql_;
};

Quirks lake_quirks();
Quirks duckdb_file_quirks();
Quirks fakesnow_quirks();
// A real account. Nothing is known to differ: what its first run finds is declared here.
Quirks snowflake_quirks();

}  // namespace falaj::warehouse::contract
