#include "app/stream_catalogue.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/toml_document.hpp"

namespace falaj::app {

using connectors::salla::CatalogueProblem;
using connectors::salla::Streams;

Result<Streams> streams_with(const std::string& file) {
  std::ifstream input(file, std::ios::binary);
  std::ostringstream text;
  if (!input || !(text << input.rdbuf())) {
    return Error(ErrorKind::kInvalidConfig, fmt::format("cannot read {}", file));
  }
  FALAJ_ASSIGN(const auto document, config::parse_toml(text.str(), file));
  auto read =
      connectors::salla::read_catalogue(connectors::salla::built_in_streams(), document.root);
  if (const auto* problem = std::get_if<CatalogueProblem>(&read)) {
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("{}: {}: {}", document.place_of(problem->place), problem->place,
                             problem->message));
  }
  return std::get<Streams>(std::move(read));
}

Result<Streams> home_streams(const HomePaths& paths) {
  const auto file = paths.catalogue_file();
  if (!std::filesystem::exists(file)) return connectors::salla::built_in_streams();
  return streams_with(file);
}

}  // namespace falaj::app
