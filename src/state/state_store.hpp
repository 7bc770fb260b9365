// Control state of a home: runs, stores and extraction cursors, in <home>/state/falaj.db.
// Never data: what must agree with the data lives in the warehouse, schema OPS.
// Threads:  confined to one.
// Errors:   kStorageFailed (disk, damaged file), kInvalidConfig (written by a newer falaj).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

namespace falaj::state {

struct RunRecord {
  std::string run_id;
  std::string status;  // running, done, mismatch, failed
  std::string started_at;
  std::string finished_at;  // empty while running or after a kill
  std::string summary;      // JSON of the run's report; empty until it is done
};

struct StoreRecord {
  int64_t store_id = 0;
  std::string name;
  std::string plan;
};

class StateStore {
 public:
  // Opens or creates <home>/state/falaj.db and brings its schema up to date.
  static Result<StateStore> open(const std::string& home);
  // Of a home that has one, to look at: needs no permission to write. What is changed is lost.
  static Result<StateStore> open_to_read(const std::string& home);
  StateStore(StateStore&&) noexcept;
  StateStore& operator=(StateStore&&) noexcept;
  ~StateStore();

  Status start_run(const RunId& run, UtcTime now);
  Status finish_run(const RunId& run, const std::string& status, UtcTime now,
                    const std::string& summary);
  // The newest run if it was killed or failed, and began after `since`: to be resumed.
  Result<std::optional<RunRecord>> unfinished_run(UtcTime since);
  Result<std::vector<RunRecord>> recent_runs(int count);

  // The run that the store's answers land under: `run`, or the one that began to read it before, did
  // not end and is not older than `resumable_for`.
  Result<RunId> begin_store(StoreId store, const RunId& run, UtcTime now, Micros resumable_for);
  // The store was read to the end, or what has landed is of no use.
  Status end_store(StoreId store);
  // Stores that were begun after `since` and not ended, with their runs.
  Result<std::map<int64_t, RunId>> unfinished_stores(UtcTime since);
  // What begin_store() would say to a next run, when that is an earlier one.
  Result<std::optional<RunId>> resumable_run(StoreId store, UtcTime since);

  // The store that a token belongs to, by a fingerprint of base URL and token: known once
  // /store/info has answered.
  Result<std::optional<StoreRecord>> find_store(const std::string& fingerprint);
  // All that were ever read here, by name.
  Result<std::vector<StoreRecord>> stores();
  Status save_store(const std::string& fingerprint, const StoreRecord& store, UtcTime now);

  // Every store that has said who it is, or that a run has read with tokens of the vault.
  Result<std::vector<int64_t>> store_ids();

  // What is remembered of a store's extraction: how many texts.
  Result<int64_t> count_cursors(StoreId store);
  // The next run of the store reads it from the start.
  Status forget_progress(StoreId store);
  // And nobody knows here what it is called.
  Status forget_store(StoreId store);

  // Small texts that extraction remembers between runs, by store and name.
  Result<std::optional<std::string>> cursor(StoreId store, const std::string& name);
  Status set_cursor(StoreId store, const std::string& name, const std::string& value, UtcTime now);

 private:
  struct Core;
  explicit StateStore(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace falaj::state
