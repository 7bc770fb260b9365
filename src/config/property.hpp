// The table of settings: one row each.
// Threads:  constant data.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/settings.hpp"

namespace falaj::config {

enum class PropertyType { kText, kInteger, kNumber };

struct Property {
  const char* name;         // "section.key" in falaj.toml; empty: environment only
  const char* environment;  // "" when there is none
  PropertyType type;
  const char* default_value;
  const char* help;
  bool is_secret;
  double least;  // of numbers
  double greatest;
  std::vector<std::string> accepted;  // of texts; empty: any
  std::function<void(Settings&, const std::string&)> assign;
};

const std::vector<Property>& properties();

// Checks type, range and accepted values; the error says what was found and what is accepted.
Status check_value(const Property& property, const std::string& value);

// The known name nearest to `name`, for "did you mean".
std::string nearest_name(const std::string& name);

}  // namespace falaj::config
