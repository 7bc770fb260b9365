// What a load brought, as numbers and notes.
#include <fmt/format.h>

#include <algorithm>

#include "base/counted.hpp"
#include "decode/date_text.hpp"
#include "load/books.hpp"
#include "load/loader.hpp"

namespace falaj::load {
void add_counts(std::vector<TableCounts>& all, const TableCounts& counts) {
  for (auto& known : all) {
    if (known.table != counts.table || known.stream != counts.stream) continue;
    known.pages += counts.pages;
    known.fetched += counts.fetched;
    known.loaded += counts.loaded;
    known.unchanged += counts.unchanged;
    known.quarantined += counts.quarantined;
    return;
  }
  all.push_back(counts);
}

void LoadReport::add(const LoadReport& other) {
  for (const auto& counts : other.tables) add_counts(tables, counts);
  for (const auto& one : other.lost) add_lost(lost, one);
  packages.insert(packages.end(), other.packages.begin(), other.packages.end());
  damaged.insert(damaged.end(), other.damaged.begin(), other.damaged.end());
  packages_loaded += other.packages_loaded;
  packages_skipped += other.packages_skipped;
  raw_bytes += other.raw_bytes;
  last_seq = std::max(last_seq, other.last_seq);
  has_open_quarantine = other.last_seq > 0 ? other.has_open_quarantine : has_open_quarantine;
  duration_ms += other.duration_ms;
}

std::vector<std::string> LoadReport::lost_notes() const {
  std::vector<std::string> notes;
  for (const auto& one : lost) {
    if (one.rule == decode::kUnknownZoneRule) {
      notes.push_back(fmt::format(
          "{}: {} of {} in a time zone that nobody knows, read as Asia/Riyadh's ({}; the first, "
          "of {}: {}); raw_data has them, OPS.schema_drift lists them",
          one.stream, counted(one.values, "date"), one.column, one.rule, one.example_id,
          one.message));
      continue;
    }
    notes.push_back(
        fmt::format("{}: {} values of {} could not be read and are NULL ({}; the first, of {}: "
                    "{}); raw_data has "
                    "them, OPS.schema_drift lists them",
                    one.stream, one.values, one.column, one.rule, one.example_id, one.message));
  }
  return notes;
}

int64_t LoadReport::rows_loaded() const {
  int64_t sum = 0;
  for (const auto& counts : tables) sum += counts.is_set_table ? 0 : counts.loaded;
  return sum;
}

}  // namespace falaj::load
