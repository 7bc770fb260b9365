#include "stores/home_streams.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "home/catalogue_file.hpp"

namespace falaj::stores {

using connectors::salla::CatalogueProblem;

Result<Streams> streams_with(const std::string& file) {
  FALAJ_ASSIGN(const auto document, home::read_catalogue_file(file));
  auto read =
      connectors::salla::read_catalogue(connectors::salla::built_in_streams(), document.root);
  if (const auto* problem = std::get_if<CatalogueProblem>(&read)) {
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("{}: {}: {}", document.place_of(problem->place), problem->place,
                             problem->message));
  }
  return std::get<Streams>(std::move(read));
}

Result<Streams> home_streams(const home::HomePaths& paths) {
  if (!has_own_catalogue(paths)) return connectors::salla::built_in_streams();
  return streams_with(paths.catalogue_file());
}

bool has_own_catalogue(const home::HomePaths& paths) {
  return std::filesystem::exists(paths.catalogue_file());
}

}  // namespace falaj::stores
