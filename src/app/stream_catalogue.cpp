#include "app/stream_catalogue.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "base/closest.hpp"
#include "base/text_file.hpp"
#include "config/toml_document.hpp"

namespace falaj::app {

using connectors::salla::CatalogueProblem;
using connectors::salla::Streams;

Result<Streams> streams_with(const std::string& file) {
  const auto text = read_text_file(file);
  if (!text.ok()) return Error(ErrorKind::kInvalidConfig, text.error().message());
  FALAJ_ASSIGN(const auto document, config::parse_toml(*text, file));
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

std::vector<std::string> helper_tables(const Streams& streams) {
  std::vector<std::string> names;
  for (const auto& spec : connectors::salla::tables_of(streams)) {
    if (spec.is_lines()) names.push_back(spec.set_table);
  }
  return names;
}

Result<std::vector<operate::StreamView>> show_catalogue(const std::string& home,
                                                        const std::string& file,
                                                        const std::string& stream) {
  FALAJ_ASSIGN(const auto streams,
               file.empty() ? home_streams(home_paths(home)) : streams_with(file));
  std::vector<operate::StreamView> views;
  for (const auto& one : streams) {
    if (!stream.empty() && one.name != stream) continue;
    operate::StreamView view;
    view.name = one.name;
    view.path = one.path;
    view.paging = to_string(one.paging);
    view.parent = one.parent;
    view.changes = to_string(one.changes);
    view.scope = one.scope;
    view.bucket = one.bucket;
    view.cost = extract::cost_of(one);
    view.table = "BRONZE." + one.table.table;
    view.note = one.note;
    view.document = one.document;
    view.is_enabled = one.is_enabled;
    for (const auto& field : one.table.fields) {
      const auto& important = one.table.important;
      view.columns.push_back(
          {field.column, std::string(connectors::salla::kind_name(field.kind)),
           fmt::format("{}", fmt::join(field.paths, ", ")),
           std::string(to_string(meaning_of(one.table, field, decode::Empty::kList))),
           std::string(to_string(meaning_of(one.table, field, decode::Empty::kText))),
           std::find(important.begin(), important.end(), field.column) != important.end()});
    }
    views.push_back(std::move(view));
  }
  if (views.empty()) {
    std::vector<std::string> names;
    for (const auto& one : streams) names.push_back(one.name);
    return Error(ErrorKind::kUsage,
                 fmt::format("no stream is called {}{}; `falaj catalog show` lists them",
                             excerpt(stream, 80), did_you_mean(stream, names)));
  }
  return views;
}

}  // namespace falaj::app
