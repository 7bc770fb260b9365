// The stores of a run, each read into the landing that all share, several at once.
// Shape:    one StoreRun a store, in the order in which they were asked for.
// Owns:     the stores' runs.
// Threads:  read() from the main thread, which waits for the stores' threads; store_list(), names and
//           whole days may be asked for meanwhile from any.
// Errors:   one store that fails does not stop the others: read() says of each what became of it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "run/list_totals.hpp"
#include "run/model_refresh.hpp"
#include "run/run_progress.hpp"
#include "run/slots.hpp"
#include "run/store_run.hpp"

namespace falaj::run {

class StoreReading final : public StoresOfRun {
 public:
  explicit StoreReading(RunProgress& progress);
  ~StoreReading() override;

  // Before read(). `parts` but for what differs from store to store. Everything must outlive it.
  void make(std::vector<stores::StoreAccess> stores, size_t at_once, const RunParts& parts,
            ModelRefresh& models);
  // What became of each store.
  std::vector<Status> read();
  // Saves where the next run of each store that was read starts.
  Status remember();

  std::string store_list() const override;
  std::vector<WholeDays> whole_days() const override;

  size_t size() const { return stores_.size(); }
  const StoreRun& store(size_t number) const { return *stores_[number]; }
  // After read().
  bool is_read(size_t number) const { return is_read_[number]; }
  std::vector<Announced> announced() const;
  // What each store's order list announces, of those that were asked for it.
  std::vector<ListTotal> list_totals(bool is_partial) const;

 private:
  class Listener;
  Status read_one(size_t number, Slot& slot);

  RunProgress& progress_;
  size_t at_once_ = 1;
  LoadQueue* loading_ = nullptr;
  ModelRefresh* models_ = nullptr;
  mutable std::mutex mutex_;  // of the list of stores; each guards what it says of itself
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::unique_ptr<StoreRun>> stores_;
  std::vector<bool> is_read_;
};

}  // namespace falaj::run
