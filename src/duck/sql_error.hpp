// Turns DuckDB's error texts into our kinds: the texts open with the class of the error.
// Errors:   kConflict: "database is locked", "Transaction conflict" (run the transaction again);
//           kCancelled: interrupted; kStorageFailed: the disk; kRowsRejected: constraint, range and
//           conversion; kUsage: SQL that cannot be parsed or bound; kBug: the rest.
// Facts:    DuckDB 1.5.5 and DuckLake 1.5.5, texts seen in the tests of this folder and of
//           warehouse/duckdb.
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace falaj::duck {

// `doing` says what was attempted ("running SQL", "opening the database /x"); `sql` may be empty.
Error sql_error(std::string_view doing, std::string_view message, std::string_view sql);

}  // namespace falaj::duck
