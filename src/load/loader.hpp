// Loads landed packages into BRONZE, each exactly once.
// Shape:    packages are taken in order of age, a few at a time (batch_bytes); each batch is one
//           warehouse transaction: rows, quarantine, books (OPS.load_packages) and the commit's
//           number (OPS.commits). A package whose id is in the books is skipped.
// Units:    counts are rows.
// Owns:     a session. Packages stay in the landing: the caller removes what is loaded.
// Threads:  confined to one.
// Errors:   the warehouse's and the landing's; batches committed before an error stay.
//           kRowsRejected when the books of a package do not balance: nothing of its batch is
//           stored. A damaged package is set aside and reported in LoadReport::damaged.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "decode/table_spec.hpp"
#include "landing/landing.hpp"
#include "landing/package_writer.hpp"
#include "load/bronze_schema.hpp"
#include "load/decoded_package.hpp"
#include "load/unchanged_filter.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::load {

struct LoaderOptions {
  std::vector<decode::TableSpec> specs;  // one a stream
  std::string run_id;                    // written into the books
  int64_t batch_bytes = 32 << 20;        // raw text a transaction
  int64_t batch_packages = 64;
  int decode_threads = 2;
  int attempts = 20;  // of a transaction that conflicts
  // Called after each transaction, with the number of packages that are in the warehouse by it or
  // were there before.
  std::function<void(int64_t packages)> on_loaded;
};

struct TableCounts {
  std::string stream;
  std::string table;
  int64_t pages = 0;    // at the stream's own table
  int64_t fetched = 0;  // = loaded + unchanged + quarantined
  int64_t loaded = 0;
  int64_t unchanged = 0;
  int64_t quarantined = 0;
  bool is_set_table = false;  // counts sets of lines (bronze_order_item_sets): no rows of a stream
};

// Values that a column could not take, of stored rows: NULL there, raw_data has them.
struct LostColumn {
  std::string stream;
  std::string table;
  std::string column;
  std::string rule;     // as in quarantine: "wrong_type", "out_of_range", "bad_date", "bad_phone",
                        // "no_value"; "unknown_zone": not NULL, but a guess
  std::string message;  // of one of them
  int64_t values = 0;
  int64_t example_id = 0;  // of the entity that the message is about
};

struct LoadReport {
  std::vector<TableCounts> tables;  // by stream and table
  std::vector<LostColumn> lost;     // by table, column and rule
  std::vector<PackageId> packages;  // in the warehouse now: loaded or there before
  std::vector<Error> damaged;       // packages that were set aside
  int64_t packages_loaded = 0;
  int64_t packages_skipped = 0;  // their ids were in the books
  int64_t raw_bytes = 0;
  int64_t last_seq = 0;              // of the last commit; 0: nothing was committed
  bool has_open_quarantine = false;  // the warehouse has records that are not resolved
  int64_t duration_ms = 0;

  void add(const LoadReport& other);
  // One line for each of `lost`.
  std::vector<std::string> lost_notes() const;
  int64_t rows_loaded() const;
};

class Loader {
 public:
  // Everything must outlive the loader. The tables of load_schema() exist.
  static Result<std::unique_ptr<Loader>> create(warehouse::Warehouse& warehouse,
                                                const landing::Landing& landing, Clock& clock,
                                                LoaderOptions options);

  // Pages handed over in memory are not read again from the landing.
  Result<LoadReport> load(std::vector<landing::SealedPackage> packages);
  Result<LoadReport> load(const std::vector<landing::Manifest>& packages);
  // One transaction of what a PackageDecoder of the same specs made, oldest first.
  Result<LoadReport> load(const std::vector<DecodedPackage>& packages);

  // Stops what runs; safe from another thread.
  void cancel() { session_->cancel(); }

 private:
  Loader(std::unique_ptr<warehouse::Session> session, const landing::Landing& landing, Clock& clock,
         LoaderOptions options);

  Result<std::set<std::string>> ids_in_books(const std::vector<PackageId>& ids);
  Result<std::vector<DecodedPackage>> decode_batch(std::vector<landing::SealedPackage>& batch,
                                                   LoadReport& report);
  Result<std::vector<landing::PageRecord>> read_pages(const landing::Manifest& manifest) const;
  Status set_aside(const PackageId& id, Error reason, LoadReport& report) const;
  Status commit_batch(const std::vector<DecodedPackage>& packages, LoadReport& report);
  Status declare_tables(const std::vector<DecodedPackage>& packages);
  Status run_transaction(const std::vector<DecodedPackage>& packages, LoadReport& report);
  template <typename Package>
  void tag_statements(const std::vector<Package>& packages);
  Status settle(const std::vector<DecodedPackage>& packages, LoadReport& report);
  Status write_batch(const std::vector<DecodedPackage>& packages, LoadReport& report);
  // Those that are not in the books yet.
  Result<std::vector<DecodedPackage>> only_new(const std::vector<DecodedPackage>& packages,
                                               bool others_committed, LoadReport& report);
  Status insert_rows(const std::vector<DecodedPackage>& packages, const std::vector<KeptRows>& kept,
                     int64_t seq, UtcTime loaded_at);
  Status insert_quarantine(const std::vector<DecodedPackage>& packages, UtcTime loaded_at);
  // Open quarantine of entities and lines that this batch has in good order is closed.
  Status resolve_quarantine(const std::vector<DecodedPackage>& packages, UtcTime loaded_at);

  std::unique_ptr<warehouse::Session> session_;
  const landing::Landing& landing_;
  Clock& clock_;
  LoaderOptions options_;
  PackageDecoder decoder_;
  std::map<std::string, rows::Schema> schemas_;  // by table
  // What this loader knows about the warehouse as long as nobody else commits.
  int64_t last_seq_ = -1;         // of the warehouse after our last commit; -1: not known
  std::set<std::string> loaded_;  // packages that this loader committed
  int64_t open_quarantine_ = -1;  // records; -1: not known
  NewestPayloads newest_;
};

}  // namespace falaj::load
