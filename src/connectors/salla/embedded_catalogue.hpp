// catalogue.toml and catalogue_store.toml as one JSON text; the build writes it (cmake/embed_catalogue.cmake).
#pragma once

#include <string_view>

namespace falaj::connectors::salla {

std::string_view embedded_catalogue();

}  // namespace falaj::connectors::salla
