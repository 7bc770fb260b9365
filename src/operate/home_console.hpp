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
#include "operate/sql_console.hpp"
#include "warehouse/opener.hpp"

namespace falaj::operate {

Result<std::unique_ptr<SqlConsole>> open_sql_console(const home::Home& home,
                                                     warehouse::Opener& opener,
                                                     const SqlRequest& request);

}  // namespace falaj::operate
