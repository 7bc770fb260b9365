// The catalogue.toml of a home as a document, with the place of each key.
// Threads:  functions over files.
// Errors:   kInvalidConfig with file, line and column.
#pragma once

#include <string>

#include "base/result.hpp"
#include "config/toml_document.hpp"

namespace falaj::home {

using CatalogueFile = config::TomlDocument;

Result<CatalogueFile> read_catalogue_file(const std::string& file);

}  // namespace falaj::home
