// The row rules of one model: rows that break one leave for SILVER.quarantine, with rule, model, key
// and payload; records of rows that are right again are closed.
// Shape:    one statement counts what is broken; the others run only where something is, or where
//           the model has open records.
// Owns:     nothing: the session must outlive it. Threads: confined to one. Errors: the session's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "transform/model.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::transform {

// One rule or note, and the rows of this run that broke it.
struct RuleCount {
  std::string rule;
  bool is_note = false;
  int64_t rows = 0;
  std::string examples;  // keys of a few: "store_id=1, order_id=5; ..."
};

class RowRules {
 public:
  struct Outcome {
    int64_t quarantined = 0;  // records that were added
    int64_t released = 0;     // records that were closed
    std::vector<RuleCount> broken;
  };

  // `now` is "YYYY-MM-DD HH:MM:SS.ffffff"; `open_records` are those of the model.
  // Records carry `change_seq`, so that the models that read this one learn which rows it lost.
  RowRules(warehouse::Session& session, const Model& model, std::string now, int64_t change_seq,
           int64_t open_records)
      : session_(session),
        model_(model),
        now_(std::move(now)),
        change_seq_(change_seq),
        open_(open_records) {}

  // Before the transaction: the table that apply() may fill.
  Status declare_table();
  // Moves rows of `table` that break a rule, and adds to the outcome. Records are closed for the
  // scopes in table `changed`; empty: for all.
  Status apply(const std::string& table, const std::string& changed, Outcome& outcome);
  Status clean_up() { return session_.drop_staged(bad_table()); }

 private:
  bool is_needed() const { return !model_.rules.empty() || !model_.notes.empty() || open_ > 0; }
  Result<std::vector<RuleCount>> count(const std::string& table);
  Status fill_bad(const std::string& table, const std::vector<RuleCount>& counts);
  std::string bad_rows_sql(const RowRule& rule, const std::string& table) const;
  std::string insert_sql() const;
  std::string release_sql(const std::string& changed) const;
  std::string bad_table() const { return "bad_" + model_.name; }

  warehouse::Session& session_;
  const Model& model_;
  std::string now_;
  int64_t change_seq_ = 0;
  int64_t open_ = 0;
};

}  // namespace falaj::transform
