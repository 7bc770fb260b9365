// Runs one model inside the transaction of a Transformer, and declares its tables before it.
// Shape:    many changed scopes are taken in parts, so that what a statement holds in memory depends
//           on the size of a part and not of the store.
// Threads:  confined to one. Errors: the session's; kRowsRejected for a failed check.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "transform/model.hpp"
#include "transform/row_rules.hpp"
#include "transform/transformer.hpp"

namespace falaj::transform {

struct ModelTask {
  int64_t watermark = 0;   // commits up to here were seen
  int64_t change_seq = 0;  // of this transaction
  std::string now;         // "YYYY-MM-DD HH:MM:SS.ffffff"
  bool is_first = false;   // was never built: the table is empty
  bool is_full_refresh = false;
  // Whether a table may have rows that this model has not seen.
  std::function<bool(const std::string& table)> has_news;
  int64_t scopes_at_once = 0;  // 0: any number
  // Of the largest table that the model reads; only where it does not look at what has changed.
  int64_t source_rows = 0;
  int64_t open_records = 0;  // of the model, in SILVER.quarantine
};

class ModelRunner {
 public:
  ModelRunner(warehouse::Session& session, const Model& model, ModelTask task)
      : session_(session),
        model_(model),
        task_(std::move(task)),
        rules_(session, model, task_.now, task_.change_seq, task_.open_records) {}

  // Before the transaction: the tables that run() will fill.
  Status declare_tables();
  // Nothing when no scope changed.
  Result<std::optional<ModelOutcome>> run();
  // How many changed scopes (or rows of the source) the last part took at once.
  int64_t scopes_tried() const { return scopes_tried_; }
  // Temporary tables of the model go; also after a failure.
  Status clean_up();

 private:
  bool is_scd2() const { return model_.materialisation == Materialisation::kScd2; }
  // Without comparing: the table is empty, or its rows are all written again.
  bool is_built_anew() const { return task_.is_first || (task_.is_full_refresh && !is_scd2()); }
  // Makes the table with the scopes that changed after `seq`; how many there are.
  Result<int64_t> find_changes(int64_t seq);
  // Brings the table up to date for the scopes in table `changed`; empty: for all.
  Status run_part(const std::string& changed);
  Status run_parts(int64_t parts);
  std::string new_rows_sql(const std::string& changed) const;
  std::string old_rows_sql(const std::string& changed, const std::string& and_where) const;
  std::string delta_sql(const std::string& changed) const;
  Status build(const std::string& changed);
  Status merge(const std::string& changed);
  Status add_versions(const std::string& changed);
  Status add_unknown_member();
  // Rows that break a rule leave `table`, then the checks of the model are run on it.
  Status hold_rules(const std::string& table, const std::string& changed);
  Status check(const std::string& table);
  std::string check_sql(const Check& check, const std::string& table) const;
  Status expect_touched(const char* what, int64_t keys, int64_t rows) const;
  std::string insert_versions(const std::string& from, const std::string& effective) const;
  std::string columns_of_t() const;
  std::string differs() const;
  std::string same_keys(const std::string& a, const std::string& b) const;
  std::string runner_value(const std::string& column) const;
  std::string values_from(const std::string& rows) const;
  std::string new_table() const { return "new_" + model_.name; }
  std::string changed_table() const { return "changed_" + model_.name; }
  std::string part_table() const { return "part_" + model_.name; }
  std::string delta_table() const { return "delta_" + model_.name; }

  warehouse::Session& session_;
  const Model& model_;
  ModelTask task_;
  RowRules rules_;
  ModelOutcome outcome_;
  int64_t scopes_tried_ = 0;
};

}  // namespace falaj::transform
