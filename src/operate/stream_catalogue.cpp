#include "operate/stream_catalogue.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "base/closest.hpp"
#include "base/text_file.hpp"
#include "config/toml_document.hpp"
#include "load/column_types.hpp"

namespace falaj::operate {

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

Result<Streams> home_streams(const home::HomePaths& paths) {
  const auto file = paths.catalogue_file();
  if (!std::filesystem::exists(file)) return connectors::salla::built_in_streams();
  return streams_with(file);
}

bool has_own_catalogue(const home::HomePaths& paths) {
  return std::filesystem::exists(paths.catalogue_file());
}

namespace {

// "streams.brands.columns[2]" of the file, where it declares the column; else the stream.
std::string place_of_column(const Json& root, const Streams& streams,
                            const load::OtherType& other) {
  for (const auto& stream : streams) {
    const auto tables = decode::schemas_of(stream.table);
    const bool has_table = std::any_of(tables.begin(), tables.end(), [&](const auto& table) {
      return table.table == other.table;
    });
    if (!has_table) continue;
    const auto& columns = root["streams"][stream.name]["columns"].as_array();
    for (size_t i = 0; i < columns.size(); ++i) {
      const auto& parts = columns[i].as_array();
      if (!parts.empty() && parts.front().as_string() == other.column)
        return fmt::format("streams.{}.columns[{}]", stream.name, i);
    }
  }
  return "streams";
}

Error other_type(const std::string& file, const Streams& streams, const load::OtherType& other) {
  std::string where = file;
  const auto text = read_text_file(file);
  const auto document = config::parse_toml(text.ok() ? *text : "", file);
  if (text.ok() && document.ok()) {
    const auto place = place_of_column(document->root, streams, other);
    where = fmt::format("{}: {}", document->place_of(place), place);
  }
  return {ErrorKind::kInvalidConfig,
          fmt::format("{}: column {} of BRONZE.{} has {} in the warehouse, and would get {}: give "
                      "the column another name, or the stream another table (table = \"{}_2\")",
                      where, other.column, other.table, other.is, other.wanted, other.table)};
}

}  // namespace

std::function<Status(warehouse::Warehouse&)> check_of_catalogue(const home::HomePaths& paths,
                                                                const Streams& streams) {
  if (!has_own_catalogue(paths)) return nullptr;
  return [file = paths.catalogue_file(), streams](warehouse::Warehouse& warehouse) -> Status {
    FALAJ_ASSIGN(auto session, warehouse.open_session());
    FALAJ_ASSIGN(const auto other, load::find_other_type(*session, warehouse.database_name(),
                                                         connectors::salla::tables_of(streams)));
    return other ? Status(other_type(file, streams, *other)) : Status();
  };
}

Result<std::vector<operate::StreamView>> show_catalogue(const home::Home& home,
                                                        const std::string& file,
                                                        const std::string& stream) {
  FALAJ_ASSIGN(const auto streams, file.empty() ? home_streams(home.paths()) : streams_with(file));
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

}  // namespace falaj::operate
