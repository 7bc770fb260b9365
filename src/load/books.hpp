// The books of a batch: what each package brought to each table, checked and as SQL.
// Threads:  functions.
// Errors:   kRowsRejected when fetched is not loaded + unchanged + quarantined.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "load/loader.hpp"

namespace falaj::load {

// One entry a table that the package touched, its own table always.
struct PackageBooks {
  size_t package = 0;
  std::vector<TableCounts> tables;
  std::vector<LostColumn> lost;  // of the rows that are stored
};

void add_lost(std::vector<LostColumn>& all, const LostColumn& more);
// To those of its stream and table.
void add_counts(std::vector<TableCounts>& all, const TableCounts& counts);

Result<std::vector<PackageBooks>> keep_books(const std::vector<DecodedPackage>& packages,
                                             const std::vector<KeptRows>& kept);

// Rows of OPS.schema_drift of all of them. Not as SQL: what a store sent is in them.
std::shared_ptr<const rows::RowBatch> lost_rows(const std::vector<DecodedPackage>& packages,
                                                const std::vector<PackageBooks>& books,
                                                const std::string& run_id, UtcTime loaded_at,
                                                int64_t seq);

// INSERT INTO OPS.load_packages of all of them.
std::string insert_books_sql(const std::vector<DecodedPackage>& packages,
                             const std::vector<PackageBooks>& books, const std::string& run_id,
                             UtcTime loaded_at, int64_t load_ms, int64_t seq);

}  // namespace falaj::load
