// Decides which decoded rows are new: a payload equal to the newest one of the same store, entity
// and shape is counted, not stored again. The lines of a parent are compared as a whole, by their
// set, whatever the shape.
// Shape:    newest = by (extracted_at, package_id, package_row), so that a package that is loaded
//           late becomes history and not the present. Rows of one batch are compared one after
//           the other in that order too: A, B, A is stored three times, A, A once.
// Owns:     nothing; works inside the caller's transaction.
// Threads:  confined to one.
// Errors:   the session's.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "load/decoded_package.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::load {

// Which rows of one table of one part of one package are stored.
struct KeptRows {
  size_t package = 0;
  size_t part = 0;
  size_t table = 0;  // in the package's plans
  std::vector<uint8_t> keep;
  int64_t kept = 0;
};

class UnchangedFilter {
 public:
  explicit UnchangedFilter(warehouse::Session& session) : session_(session) {}

  // Every table of every part of every package, once.
  Result<std::vector<KeptRows>> run(const std::vector<DecodedPackage>& packages);

  // Tables that were seen to hold rows: they need not be asked again.
  std::set<std::string>& tables_with_rows() { return tables_with_rows_; }

 private:
  struct Rows;
  struct Newest;
  Status filter_table(const std::vector<DecodedPackage>& packages, std::vector<KeptRows*>& parts);
  Result<bool> has_rows(const std::string& table);
  Status read_newest(const Rows& rows, Newest& newest);

  warehouse::Session& session_;
  std::set<std::string> tables_with_rows_;
};

}  // namespace falaj::load
