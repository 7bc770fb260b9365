// How database_copy.hpp and a reading Sqlite get at another's database; inside src/state only.
// Threads:  a function. Errors: database_copy.hpp.
#pragma once

#include <sqlite3.h>

#include <string>

#include "base/result.hpp"

namespace falaj::state {

// Fills `target`, an open and empty database, from the file.
Status copy_into(sqlite3* target, const std::string& from);

}  // namespace falaj::state
