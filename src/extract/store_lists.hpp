// The lists that are read as wholes or by days, as a run and a plan of it ask for them.
// Threads:  functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "extract/list_sweep.hpp"
#include "extract/stream_spec.hpp"

namespace falaj::extract {

// What to read instead of what changed: entities created on some days.
struct Backfill {
  DayWindow days;
  std::string stream;  // empty: every stream that can be asked for by day
  bool wants(const std::string& name) const { return stream.empty() || stream == name; }
};

ListSpec customers_list(int64_t page_size);

// A catalogue stream's list, asked for as its catalogue says. `stream` outlives it.
ListSpec list_of(const StreamSpec& stream, int64_t page_size);

// The lists that a backfill reads of its days, those of orders excepted. `streams` outlives them.
std::vector<ListSpec> backfill_lists(const Backfill& wanted, const std::vector<StreamSpec>& streams,
                                     int64_t page_size);

// kUsage: the stream that a backfill shall read is none of those.
Error cannot_be_asked_by_day(const std::string& stream);

}  // namespace falaj::extract
