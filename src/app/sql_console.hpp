// The home's warehouse as `falaj sql` sees it.
// Shape:    Ctrl-C stops the statement that runs; in a shell it leaves the shell alone. A Parquet
//           file appears whole or not at all.
// Owns:     the warehouse, the clock.
// Errors:   kNotFound: no warehouse yet; kStorageFailed: the file cannot be written.
#pragma once

#include <memory>
#include <string>

#include "home/home.hpp"
#include "operate/services.hpp"

namespace falaj::app {

Result<std::unique_ptr<operate::SqlConsole>> open_sql_console(const home::Home& home,
                                                              const operate::SqlRequest& request);

}  // namespace falaj::app
