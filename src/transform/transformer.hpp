// Brings silver and gold up to date with bronze, in one transaction.
// Shape:    for each model: the scopes that changed since its watermark, the rows that its SELECT
//           yields for them, what differs from the table; only that is written. A table without
//           rows is filled in one go. Nothing new in bronze: nothing is touched.
//           A row that breaks a rule goes to SILVER.quarantine. A model that fails is left out, with
//           those that read it; the others are built.
// Owns:     nothing: the session must outlive it. Threads: confined to one.
// Errors:   the session's, but for what one model's rows or SQL bring about: that is in the report.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "transform/model_registry.hpp"
#include "transform/row_rules.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::transform {

struct TransformOptions {
  std::string run_id;
  std::string stores;            // whose rows are new: for the tag of the statements
  bool is_full_refresh = false;  // compare every row, not only what changed
  int attempts = 20;             // of the transaction, when others commit in between
  // Scopes of a model that are computed together; as many as the session says when not given.
  std::optional<int64_t> scopes_at_once;
  // Called before each model that is out of date is built, with how many were before it, of how many.
  std::function<void(const std::string& model, int64_t done, int64_t all)> on_model;
  // Called at the end of a transaction that commits something; what it writes goes with it.
  std::function<Status(warehouse::Session&)> before_commit;
};

struct ModelOutcome {
  std::string name;
  int64_t rows_in = 0;  // that the SELECT yielded
  int64_t inserted = 0;
  int64_t updated = 0;
  int64_t closed = 0;  // versions that ended (scd2)
  int64_t deleted = 0;
  int64_t duration_ms = 0;
  bool is_full = false;
  RowRules::Outcome rules;

  bool is_touched() const {
    return inserted + updated + closed + deleted + rules.quarantined + rules.released > 0;
  }
};

// A model that could not be built: its table and those of the models that read it stay as they were,
// and the next run tries again.
struct ModelFailure {
  std::string model;
  std::string error;
  std::vector<std::string> held_up;  // models that read it
};

struct TransformReport {
  std::vector<ModelOutcome> models;  // only those that were touched
  int64_t change_seq = 0;            // 0: nothing was committed
  std::vector<ModelFailure> failures;
  int64_t open_records = 0;  // of all models, in SILVER.quarantine
};

class Transformer {
 public:
  Transformer(warehouse::Session& session, Clock& clock,
              const ModelRegistry& registry = ModelRegistry::built_in());
  Result<TransformReport> run(const TransformOptions& options);

 private:
  // What the last attempt failed with is the fault of one model: leave it out and try again.
  bool leave_out_failed(const Error& error);
  bool is_left_out(const std::string& model) const { return left_out_.contains(model); }
  // Before the transaction: what the stale models will fill.
  Status declare_tables(const TransformOptions& options);
  Status run_committed(const TransformOptions& options, TransformReport& report);
  Status run_all(const TransformOptions& options, TransformReport& report);
  // Of the largest table that the model reads, where there may be many.
  Result<int64_t> rows_read_by(const Model& model, const std::map<std::string, int64_t>& rows);
  Result<bool> is_committed(const TransformOptions& options, int64_t change_seq);

  warehouse::Session& session_;
  Clock& clock_;
  const ModelRegistry& registry_;
  // Makes smaller parts of the model that ran out of memory; false: they are as small as can be.
  bool narrow(const Error& error);

  int64_t scopes_at_once_ = 0;
  std::map<std::string, int64_t> narrowed_;  // by model: fewer at once
  int64_t scopes_tried_ = 0;                 // at once, by building_
  std::map<std::string, bool> declared_;     // models, true for those that were never built
  bool is_overtaken_ = false;       // somebody has committed, and other models are stale now
  std::string building_;            // the model at work; empty: none
  std::set<std::string> left_out_;  // models that failed, and those that read them
  std::vector<ModelFailure> failures_;
};

}  // namespace falaj::transform
