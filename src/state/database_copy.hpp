// A copy of an SQLite database that this process may read and not write, whatever others do with it
// meanwhile: what a reader without write permission works with, since SQLite itself needs to write
// beside a database that keeps a write-ahead log.
// Shape:    all that is committed when the copy begins, from one moment.
// Owns:     nothing; the copy is the caller's.
// Threads:  functions. The process must not have the database open elsewhere: its locks would go.
// Errors:   kNotFound, kNotAllowed (it may not be read), kStorageFailed (disk, damage), kConflict
//           when writers leave no moment for it.
// Facts:    docs/decisions/0013-readers-and-places.md
#pragma once

#include <string>

#include "base/result.hpp"

namespace falaj::state {

// Whether this process may write the database and make files beside it.
bool may_write_database(const std::string& path);

// `to` must not exist.
Status copy_database(const std::string& from, const std::string& to);

}  // namespace falaj::state
