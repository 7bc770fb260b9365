#include <fmt/format.h>

#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

Status Session::append(std::string_view table, const std::map<std::string, std::string>& constants,
                       const std::vector<std::shared_ptr<const rows::RowBatch>>& batches) {
  if (batches.empty()) return {};
  constexpr const char* kStaged = "falaj_append";
  std::string names;
  std::string values;
  for (const auto& column : batches.front()->schema().columns) {
    const char* comma = names.empty() ? "" : ", ";
    const auto constant = constants.find(column.name);
    names += comma + column.name;
    values += comma + (constant == constants.end() ? column.name : constant->second);
  }
  Status done;
  for (size_t i = 0; i < batches.size() && done.ok(); ++i) done = stage(kStaged, batches[i]);
  if (done.ok()) {
    auto inserted = execute(
        fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", table, names, values, kStaged));
    if (!inserted.ok()) done = std::move(inserted).error();
  }
  // Rows are read in place: they must not stay staged.
  Status dropped = drop_staged(kStaged);
  return done.ok() ? dropped : done;
}

}  // namespace falaj::warehouse
