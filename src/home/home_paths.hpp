// Where the parts of a home are.
// Shape:    falaj.toml, .env, catalogue.toml, landing/, state/, lake/, inbox/.
// Threads:  a value.
#pragma once

#include <string>

namespace falaj::home {

struct HomePaths {
  std::string root;
  std::string settings_file() const { return root + "/falaj.toml"; }
  std::string catalogue_file() const { return root + "/catalogue.toml"; }
  std::string state() const { return root + "/state"; }
  std::string state_file() const { return root + "/state/falaj.db"; }
  std::string landing() const { return root + "/landing"; }
  std::string lake() const { return root + "/lake"; }
  std::string inbox() const { return root + "/inbox"; }
};

// Absolute; does not create anything.
HomePaths home_paths(const std::string& root);

}  // namespace falaj::home
