// The streams of a home: the built-in catalogue, and what the home's catalogue.toml adds or changes.
// Threads:  pure functions over files.
// Errors:   kInvalidConfig with file, line, column and what is accepted.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "connectors/salla/catalogue.hpp"
#include "home/home.hpp"
#include "operate/reports.hpp"

namespace falaj::operate {

// Built-in streams when the home has no catalogue.toml.
Result<connectors::salla::Streams> home_streams(const home::HomePaths& paths);

// The same with another file in its place.
Result<connectors::salla::Streams> streams_with(const std::string& file);

bool has_own_catalogue(const home::HomePaths& paths);

// Whether the columns fit the tables that the warehouse has; kInvalidConfig with the place in the
// home's catalogue.toml. Null without such a file: the built-in columns keep their types.
std::function<Status(warehouse::Warehouse&)> check_of_catalogue(
    const home::HomePaths& paths, const connectors::salla::Streams& streams);

// The streams of the home, or of `file` in place of its catalogue.toml; `stream` alone unless empty.
// kUsage when there is none of that name.
Result<std::vector<operate::StreamView>> show_catalogue(const home::Home& home,
                                                        const std::string& file,
                                                        const std::string& stream);

}  // namespace falaj::operate
