#include "run/catalogue_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "home/catalogue_file.hpp"
#include "load/column_types.hpp"

namespace falaj::run {
namespace {

// "streams.brands.columns[2]" of the file, where it declares the column; else the stream.
std::string place_of_column(const Json& root, const stores::Streams& streams,
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

Error other_type(const std::string& file, const stores::Streams& streams,
                 const load::OtherType& other) {
  std::string where = file;
  if (const auto document = home::read_catalogue_file(file); document.ok()) {
    const auto place = place_of_column(document->root, streams, other);
    where = fmt::format("{}: {}", document->place_of(place), place);
  }
  return {ErrorKind::kInvalidConfig,
          fmt::format("{}: column {} of BRONZE.{} has {} in the warehouse, and would get {}: give "
                      "the column another name, or the stream another table (table = \"{}_2\")",
                      where, other.column, other.table, other.is, other.wanted, other.table)};
}

}  // namespace

Status check_catalogue(warehouse::Warehouse& warehouse, const home::HomePaths& paths,
                       const stores::Streams& streams) {
  if (!stores::has_own_catalogue(paths)) return {};
  FALAJ_ASSIGN(auto session, warehouse.open_session());
  FALAJ_ASSIGN(const auto other, load::find_other_type(*session, warehouse.database_name(),
                                                       connectors::salla::tables_of(streams)));
  return other ? Status(other_type(paths.catalogue_file(), streams, *other)) : Status();
}

}  // namespace falaj::run
