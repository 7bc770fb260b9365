// Names of the files of an embedded warehouse, in its directory.
// Threads:  constants.
#pragma once

namespace falaj::warehouse {

inline constexpr const char* kCatalogFile = "catalog.sqlite";
inline constexpr const char* kNativeFile = "warehouse.duckdb";

}  // namespace falaj::warehouse
