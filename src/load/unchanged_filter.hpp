// Decides which decoded rows are new: a payload equal to the newest one of the same store, entity
// and shape is counted, not stored again. The lines of a parent are compared as a whole, by their
// set, whatever the shape.
// Shape:    newest = by (load_seq, package_id, extracted_at, package_row), as the models have it: no
//           clock keeps a later answer out. Rows of one batch are compared one after the other in
//           that order too: A, B, A is stored three times, A, A once.
//           So is a part of an order when a whole one, or parts, came since, as a webhook's body
//           does: what the store answered last is the newest. An entity that was recorded as gone
//           since its newest payload has come back: its payload is stored again, though it is the
//           same.
// Owns:     nothing; works inside the caller's transaction.
// Threads:  confined to one.
// Errors:   the session's.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
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

// The newest payloads of tables that were empty when this process began to fill them, so that a
// first load need not ask the warehouse what it has just written. Valid while nobody else commits:
// its owner clears it otherwise, and after a transaction that failed.
class NewestPayloads {
 public:
  NewestPayloads();
  ~NewestPayloads();
  NewestPayloads(NewestPayloads&&) noexcept;
  NewestPayloads& operator=(NewestPayloads&&) noexcept;

  void clear();

 private:
  friend class UnchangedFilter;
  struct Table;
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

class UnchangedFilter {
 public:
  // `has_deletions`: the warehouse has a table of what is gone. `load_seq`: of the transaction.
  UnchangedFilter(warehouse::Session& session, NewestPayloads& known, bool has_deletions,
                  int64_t load_seq)
      : session_(session), known_(known), has_deletions_(has_deletions), load_seq_(load_seq) {}

  // Before the transaction: what run() will stage.
  static Status declare_tables(warehouse::Session& session);
  // Every table of every part of every package, once.
  Result<std::vector<KeptRows>> run(const std::vector<DecodedPackage>& packages);

 private:
  struct Rows;
  Status filter(const std::vector<DecodedPackage>& packages,
                const std::map<std::string, std::vector<KeptRows*>>& parts);
  Status leave_out_empty(std::vector<Rows*>& tables);
  Status read_newest(std::vector<Rows*> tables);
  Status compare(Rows& rows);
  // When entities of a stream were recorded as gone, by store and id; null when none was.
  struct Gone;
  Result<const Gone*> read_gone(const std::string& stream);

  warehouse::Session& session_;
  NewestPayloads& known_;
  bool has_deletions_;
  int64_t load_seq_;
  bool is_gone_read_ = false;
  std::map<std::string, std::shared_ptr<Gone>> gone_;  // by stream
};

}  // namespace falaj::load
