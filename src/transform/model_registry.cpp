#include "transform/model_registry.hpp"

#include <algorithm>

#include "transform/date_dimension.hpp"

namespace falaj::transform {
namespace {

// Whether `sql` names the table as a whole word.
bool names_table(const std::string& sql, const std::string& table) {
  for (auto at = sql.find(table); at != std::string::npos; at = sql.find(table, at + 1)) {
    const char after = at + table.size() < sql.size() ? sql[at + table.size()] : ' ';
    if (std::isalnum(static_cast<unsigned char>(after)) == 0 && after != '_') return true;
  }
  return false;
}

bool reads(const Model& model, const Model& other) {
  if (model.name == other.name) return false;
  if (names_table(model.select, other.table())) return true;
  return std::any_of(model.changes.begin(), model.changes.end(),
                     [&](const auto& query) { return names_table(query, other.table()); });
}

}  // namespace

Result<ModelRegistry> ModelRegistry::of(const std::vector<ModelText>& texts) {
  std::vector<Model> left;
  for (const auto& text : texts) {
    FALAJ_ASSIGN(auto model, parse_model(text.name, text.schema, text.text));
    left.push_back(std::move(model));
  }
  std::sort(left.begin(), left.end(),
            [](const Model& a, const Model& b) { return a.name < b.name; });
  for (auto& model : left) {
    for (const auto& other : left) {
      if (reads(model, other)) model.reads.push_back(other.name);
    }
  }
  ModelRegistry registry;
  while (!left.empty()) {
    const auto next = std::find_if(left.begin(), left.end(), [&](const Model& model) {
      return std::none_of(left.begin(), left.end(),
                          [&](const Model& other) { return reads(model, other); });
    });
    if (next == left.end()) {
      return Error(
          ErrorKind::kInvalidConfig,
          fmt::format("models read each other in a circle, {} among them", left.front().name));
    }
    registry.models_.push_back(std::move(*next));
    left.erase(next);
  }
  return registry;
}

const ModelRegistry& ModelRegistry::built_in() {
  static const ModelRegistry registry = [] {
    auto made = of(embedded_models());
    FALAJ_CHECK(made.ok(), "{}", made.ok() ? "" : made.error().to_text());
    return std::move(made).value();
  }();
  return registry;
}

std::vector<warehouse::TableDefinition> ModelRegistry::definitions() const {
  std::vector<warehouse::TableDefinition> definitions = {date_dimension_definition()};
  for (const auto& model : models_) definitions.push_back(model.definition());
  return definitions;
}

}  // namespace falaj::transform
