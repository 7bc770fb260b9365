#include "warehouse/contract/quirks.hpp"

#include <utility>

namespace falaj::warehouse::contract {

std::string_view name_of(Quirk quirk) {
  switch (quirk) {
    case Quirk::kNoTimeTravel: return "no-time-travel";
    case Quirk::kOwnDeletesHideHistory: return "own-deletes-hide-history";
    case Quirk::kMergesDuplicatesSilently: return "merges-duplicates-silently";
    case Quirk::kNoMergeInTransaction: return "no-merge-in-transaction";
    case Quirk::kSingleProcess: return "single-process";
    case Quirk::kReadsServerFiles: return "reads-server-files";
    case Quirk::kNullTimestampsReadAs1970: return "null-timestamps-read-as-1970";
    case Quirk::kNullRefusedAsUnavailable: return "null-refused-as-unavailable";
    case Quirk::kSumsDecimalsAsDouble: return "sums-decimals-as-double";
    case Quirk::kIntegersOf64Bits: return "integers-of-64-bits";
    case Quirk::kNoExplain: return "no-explain";
  }
  return "?";
}

Quirks& Quirks::declare(Quirk quirk, std::string reason) {
  reasons_[quirk] = std::move(reason);
  return *this;
}

Quirks& Quirks::declare_sql(std::string expression, std::string reason) {
  sql_[std::move(expression)] = std::move(reason);
  return *this;
}

namespace {

constexpr const char* kDuckMerge =
    "DuckDB 1.5.5 takes the last of them; models de-duplicate what they merge";

}  // namespace

Quirks lake_quirks() {
  Quirks quirks;
  quirks
      .declare(Quirk::kOwnDeletesHideHistory,
               "DuckLake 1.5.5 leaves out rows that the running transaction has deleted; whoever "
               "restores reads first")
      .declare(Quirk::kMergesDuplicatesSilently, kDuckMerge);
  return quirks;
}

Quirks duckdb_file_quirks() {
  Quirks quirks;
  quirks.declare(Quirk::kNoTimeTravel, "a DuckDB file keeps no history")
      .declare(Quirk::kMergesDuplicatesSilently, kDuckMerge)
      .declare(
          Quirk::kSingleProcess,
          "DuckDB locks its file for one process; within that, a second opening sees no commits");
  return quirks;
}

Quirks fakesnow_quirks() {
  Quirks quirks;
  quirks.declare(Quirk::kNoTimeTravel, "fakesnow 0.12.1 keeps no history")
      .declare(Quirk::kMergesDuplicatesSilently,
               "fakesnow rewrites MERGE and does not look for rows that match twice")
      .declare(Quirk::kNoMergeInTransaction,
               "fakesnow's MERGE writes to a database of its own, which a transaction may not")
      .declare(Quirk::kReadsServerFiles, "fakesnow is a DuckDB with its files open")
      .declare(
          Quirk::kNullTimestampsReadAs1970,
          "the Arrow that fakesnow sends has no validity for timestamps; the models' NULLs are "
          "right in its tables")
      .declare(Quirk::kNullRefusedAsUnavailable, "fakesnow answers it with HTTP 500")
      .declare(Quirk::kSumsDecimalsAsDouble,
               "fakesnow casts sums of decimals to double: exact up to 15 digits")
      .declare(Quirk::kIntegersOf64Bits, "fakesnow takes DECIMAL(38,0) for BIGINT")
      .declare(Quirk::kNoExplain, "fakesnow has no EXPLAIN");
  return quirks;
}

Quirks snowflake_quirks() {
  return {};
}

}  // namespace falaj::warehouse::contract
