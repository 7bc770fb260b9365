// The streams that a home reads: the built-in ones with what its catalogue.toml adds or changes.
// Threads:  pure functions over files.
// Errors:   kInvalidConfig with file, line, column and what is accepted.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "connectors/salla/catalogue.hpp"
#include "home/home_paths.hpp"

namespace falaj::stores {

using Streams = connectors::salla::Streams;

// Built-in streams when the home has no catalogue.toml.
Result<Streams> home_streams(const home::HomePaths& paths);

// The same with another file in its place.
Result<Streams> streams_with(const std::string& file);

bool has_own_catalogue(const home::HomePaths& paths);

}  // namespace falaj::stores
