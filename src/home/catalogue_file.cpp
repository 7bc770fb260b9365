#include "home/catalogue_file.hpp"

#include "base/text_file.hpp"

namespace falaj::home {

Result<CatalogueFile> read_catalogue_file(const std::string& file) {
  const auto text = read_text_file(file);
  if (!text.ok()) return Error(ErrorKind::kInvalidConfig, text.error().message());
  return config::parse_toml(*text, file);
}

}  // namespace falaj::home
