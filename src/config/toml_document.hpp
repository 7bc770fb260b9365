// A TOML file as a plain tree that other folders can read, with the place of everything in it.
// Shape:    members keep no order beyond TOML's (sorted by name); dates are texts.
// Threads:  a value.
// Errors:   kInvalidConfig with file, line and column.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace falaj::config {

struct TomlDocument {
  std::string file;
  Json root;
  // "streams.orders.columns[2]" -> line and column, from 1.
  std::map<std::string, std::pair<unsigned, unsigned>> places;

  // "catalogue.toml, line 3, column 1" of a path, or of the nearest part of it that has a place.
  std::string place_of(std::string path) const;
};

// `file` is what errors call it.
Result<TomlDocument> parse_toml(std::string_view text, const std::string& file);

}  // namespace falaj::config
