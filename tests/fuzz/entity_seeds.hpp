// Answers to begin with, each with a member `stream`, and plain entities to stand beside odd ones.
// Shape:    what the simulated store answers (models/fixtures, always there), and what Salla's
//           documentation shows (FALAJ_TEST_DATA, ../shared/data), where that folder is.
// Threads:  functions.
#pragma once

#include <string>
#include <vector>

#include "decode/table_spec.hpp"

namespace falaj::fuzz {

// Says on standard output how many there are of each kind, and why of some there are none.
std::vector<std::string> entity_seeds();

// A plain entity of the stream with this id; empty for a stream of which none is known.
std::string plain_entity(const std::string& stream, int64_t id);

}  // namespace falaj::fuzz
