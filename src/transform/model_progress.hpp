// How far commits, models and tables are, read in one statement, and which models that makes stale.
// Threads:  values.
// Errors:   the session's.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/result.hpp"
#include "transform/model_registry.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::transform {

struct Progress {
  int64_t last_commit = 0;
  std::map<std::string, int64_t> watermarks;    // by model
  std::map<std::string, int64_t> newest;        // by table: the commit that wrote it last
  std::map<std::string, int64_t> rows;          // by table, where known
  std::map<std::string, int64_t> open_records;  // by model, in SILVER.quarantine; "": of streams

  // Whether a load has stored rows that not every model has seen.
  bool has_news(size_t models) const;
  // Whether a table may have rows that a model with this watermark has not seen.
  bool has_news_of(const std::string& table, int64_t watermark) const;
  int64_t open_records_of(const std::string& model) const;
  int64_t open_records_of_all() const;
};

Result<Progress> read_progress(warehouse::Session& session);

// Models that must be looked at: whose sources have rows that they have not seen, or may get some
// from a model before them. True for those that were never built.
std::map<std::string, bool> stale_models(const ModelRegistry& registry, const Progress& progress,
                                         bool is_full_refresh,
                                         const std::set<std::string>& left_out);

}  // namespace falaj::transform
