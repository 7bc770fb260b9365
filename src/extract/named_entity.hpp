// An entity that somebody says has changed: asked for by its id, unless this run has seen it anyway.
// Threads:  values.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "extract/page_loop.hpp"

namespace falaj::extract {

struct NamedEntity {
  std::string stream;
  int64_t id = 0;
  friend auto operator<=>(const NamedEntity&, const NamedEntity&) = default;  // NOLINT: takes a 0
};

// Asks for the entities at `path` ("/products/{id}"); one that is gone (404) becomes a deletion.
// `table`: of a stream of the catalogue, whose refusals do not end the run; it outlives the call.
Status ask_for_named(PageLoop& loop, const Clock& clock, const std::string& stream,
                     const std::string& path, const std::vector<int64_t>& ids,
                     const decode::TableSpec* table = nullptr);

}  // namespace falaj::extract
