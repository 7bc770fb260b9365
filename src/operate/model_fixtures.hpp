// A small store as three runs have landed it: what `falaj accept` replays when it is given no
// landing of the user's own.
// Shape:    one JSON object a line: run, store_id, stream, shape, source, request, parent_id,
//           fetched_at (microseconds UTC), body (the page's text). Lines that follow each other in
//           run and stream are one package.
// Errors:   kInvalidConfig naming the line.
#pragma once

#include <string_view>
#include <vector>

#include "operate/model_replay.hpp"

namespace falaj::operate {

// models/fixtures/store.jsonl, embedded when the program is built.
std::string_view embedded_fixtures();

Result<std::vector<ReplayRound>> read_fixtures(std::string_view lines);

}  // namespace falaj::operate
