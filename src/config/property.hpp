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

// What may be around a value that is not part of it (written_value.hpp).
enum class Writing {
  kPlain,      // blanks, quotes
  kAddress,    // also a slash at the end
  kPath,       // likewise
  kListening,  // also http:// in front
  kToken,      // also Bearer in front
  kKey,        // PEM: lines
  kVerbatim,   // nothing: a password
};

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
  Writing writing = Writing::kPlain;
};

const std::vector<Property>& properties();

// The known name nearest to `name`, for "did you mean".
std::string nearest_name(const std::string& name);

}  // namespace falaj::config
