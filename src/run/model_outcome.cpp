#include "run/model_outcome.hpp"

#include <fmt/format.h>

namespace falaj::run {
namespace {

std::string rows_text(int64_t rows) {
  return rows == 1 ? "1 row breaks" : fmt::format("{} rows break", rows);
}

}  // namespace

std::vector<std::string> failures(const transform::TransformReport& report) {
  std::vector<std::string> texts;
  for (const auto& failure : report.failures) {
    auto text = fmt::format("model {} could not be built and stays as it was ({})", failure.model,
                            failure.error);
    for (size_t i = 0; i < failure.held_up.size(); ++i)
      text += (i == 0 ? "; so do the models that read it: " : ", ") + failure.held_up[i];
    texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<std::string> notes(const transform::TransformReport& report) {
  std::vector<std::string> texts;
  for (const auto& model : report.models) {
    for (const auto& broken : model.rules.broken) {
      texts.push_back(fmt::format("{}: {} {}{}, such as {}", model.name, rows_text(broken.rows),
                                  broken.rule, broken.is_note ? "" : " and left for quarantine",
                                  broken.examples));
    }
    if (model.rules.released > 0) {
      texts.push_back(
          fmt::format("{}: {} of quarantine closed, since the rows are right or gone", model.name,
                      model.rules.released == 1 ? std::string("1 record")
                                                : fmt::format("{} records", model.rules.released)));
    }
  }
  return texts;
}

}  // namespace falaj::run
