// The models that were built into the program, in the order in which they must run.
// Threads:  constant after construction.
// Errors:   of() returns kInvalidConfig for a model that cannot be parsed or a cycle; built_in()
//           aborts, since a test parses the same texts.
#pragma once

#include <string>
#include <vector>

#include "transform/model.hpp"

namespace falaj::transform {

struct ModelText {
  std::string name;
  std::string schema;
  std::string text;
};

// models/**/*.sql, embedded when the program is built.
const std::vector<ModelText>& embedded_models();

class ModelRegistry {
 public:
  static const ModelRegistry& built_in();
  static Result<ModelRegistry> of(const std::vector<ModelText>& texts);

  // Each after those whose tables it reads.
  const std::vector<Model>& models() const { return models_; }
  // Tables of all models, gold_dim_date included.
  std::vector<warehouse::TableDefinition> definitions() const;

 private:
  std::vector<Model> models_;
};

}  // namespace falaj::transform
