#include "connectors/salla/catalogue.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "connectors/salla/embedded_catalogue.hpp"

namespace falaj::connectors::salla {
const Streams& built_in_streams() {
  static const Streams streams = [] {
    const auto document = Json::parse(embedded_catalogue());
    FALAJ_CHECK(document.ok(), "the built-in catalogue is JSON");
    auto read = read_catalogue({}, *document);
    const auto* problem = std::get_if<CatalogueProblem>(&read);
    FALAJ_CHECK(problem == nullptr, "{}: {}", problem->place, problem->message);
    return std::get<Streams>(std::move(read));
  }();
  return streams;
}

bool has_own_procedure(std::string_view stream) {
  constexpr std::array<std::string_view, 8> kNames = {"orders",    "order_items", "order_statuses",
                                                      "customers", "products",    "store_info",
                                                      "deletions", "webhooks"};
  return std::find(kNames.begin(), kNames.end(), stream) != kNames.end();
}

Streams more_streams(const Streams& streams) {
  Streams more;
  for (const auto& stream : streams) {
    if (stream.is_enabled && !stream.path.empty() && !has_own_procedure(stream.name))
      more.push_back(stream);
  }
  std::stable_partition(more.begin(), more.end(),
                        [](const auto& stream) { return stream.parent.empty(); });
  return more;
}

std::vector<decode::TableSpec> tables_of(const Streams& streams) {
  std::vector<decode::TableSpec> tables;
  tables.reserve(streams.size());
  for (const auto& stream : streams) tables.push_back(stream.table);
  return tables;
}

const std::vector<decode::TableSpec>& catalogue() {
  static const std::vector<decode::TableSpec> tables = tables_of(built_in_streams());
  return tables;
}

const decode::TableSpec& orders_spec() {
  const auto& tables = catalogue();
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [](const auto& table) { return table.stream == "orders"; });
  FALAJ_CHECK(found != tables.end(), "the catalogue has orders");
  return *found;
}

}  // namespace falaj::connectors::salla
