#include "cli/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "base/printable_text.hpp"
#include "cli/completion.hpp"
#include "cli/printing.hpp"
#include "cli/reference.hpp"
#include "cli/text_table.hpp"

namespace falaj::cli {
namespace {

using operate::FieldShape;
using operate::RecordShape;
using operate::Report;
using operate::ReportShape;
using operate::ValueType;

template <typename T>
std::string typed(const Report& report) {
  const auto* value = report.as<T>();
  FALAJ_CHECK(value != nullptr, "the report {} is of another type", report.shape().name());
  return to_text(*value);
}

template <typename T, std::string (*kText)(const T&)>
std::string by(const Report& report) {
  const auto* value = report.as<T>();
  FALAJ_CHECK(value != nullptr, "the report {} is of another type", report.shape().name());
  return kText(*value);
}

std::string reference_text(const Reference& reference) {
  return reference.text;
}

std::string completion_text(const CompletionScript& completion) {
  return completion.script;
}

struct TextForm {
  const char* shape;
  std::string (*text)(const Report&);
};

using Stores = std::vector<operate::StoreView>;
using Streams = std::vector<operate::StreamView>;

constexpr TextForm kForms[] = {
    {"run", typed<operate::RunReport>},
    {"demo", typed<operate::DemoAnswer>},
    {"status", typed<operate::StatusReport>},
    {"plan list", typed<std::vector<operate::PlanReport>>},
    {"coverage list", typed<std::vector<operate::Coverage>>},
    {"quota", typed<operate::QuotaReport>},
    {"setting list", typed<std::vector<operate::SettingView>>},
    {"stream list", typed<Streams>},
    {"checked stream list", by<Streams, checked_streams_text>},
    {"init", typed<operate::InitAnswer>},
    {"check list", typed<std::vector<operate::CheckItem>>},
    {"accept", typed<operate::AcceptReport>},
    {"store", typed<operate::StoreView>},
    {"store list", typed<Stores>},
    {"added store list", by<Stores, added_stores_text>},
    {"refreshed store list", by<Stores, refreshed_stores_text>},
    {"purge", typed<operate::PurgeReport>},
    {"done", typed<operate::Done>},
    {"webhook list", typed<std::vector<operate::WebhookView>>},
    {"reference", by<Reference, reference_text>},
    {"completion", by<CompletionScript, completion_text>},
    {"webhook receiver", typed<operate::WebhookServeReport>},
};

bool is_table(const FieldShape& field) {
  return field.record != nullptr && field.is_list;
}

std::string cell_text(const FieldShape& field, const Json& value);

std::string joined(const FieldShape& field, const Json::Array& values) {
  auto single = field;
  single.is_list = false;
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ", ") + cell_text(single, value);
  return text;
}

std::string cell_text(const FieldShape& field, const Json& value) {
  if (value.is_null()) return "-";
  if (field.is_list) {
    return field.record != nullptr ? std::to_string(value.as_array().size())
                                   : joined(field, value.as_array());
  }
  if (value.is_string()) return value.as_string();
  if (value.is_bool()) return value.as_bool() ? "yes" : "no";
  // Counts have a unit; ids have none.
  if (value.is_integer())
    return field.unit.empty() ? std::to_string(value.as_int()) : with_thousands(value.as_int());
  if (value.is_number()) return fmt::format("{:.1f}", value.as_double());
  return value.dump();
}

std::string heading(const FieldShape& field) {
  auto words = field.name;
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string table_text(const RecordShape& shape, const Json::Array& rows) {
  std::vector<TextTable::Heading> headings;
  for (const auto& field : shape.fields) {
    const bool is_number = field.type == ValueType::kInteger || field.type == ValueType::kNumber;
    headings.push_back({heading(field), is_number ? Align::kRight : Align::kLeft});
  }
  TextTable table(std::move(headings));
  for (const auto& row : rows) {
    std::vector<std::string> cells;
    for (const auto& field : shape.fields) cells.push_back(cell_text(field, row[field.name]));
    table.add_row(std::move(cells));
  }
  return table.render();
}

// Scalars as lines, then each list of records as a table below its name.
std::string record_text(const RecordShape& shape, const Json& record, const std::string& indent) {
  std::string text;
  std::string tables;
  for (const auto& field : shape.fields) {
    const auto& value = record[field.name];
    if (is_table(field)) {
      if (value.as_array().empty()) continue;
      tables += "\n" + heading(field) + "\n" + table_text(*field.record, value.as_array());
    } else if (field.record != nullptr && value.is_object()) {
      text += fmt::format("{}{}\n{}", indent, heading(field),
                          record_text(*field.record, value, indent + "  "));
    } else if (!value.is_null()) {
      const auto unit = field.unit.empty() ? "" : " " + field.unit;
      text += fmt::format("{}{}: {}{}\n", indent, heading(field),
                          printable(cell_text(field, value), Lines::kEscaped), unit);
    }
  }
  return text + tables;
}

}  // namespace

std::string plain_text_of(const Report& report) {
  const auto& shape = report.shape();
  const auto json = report.to_json();
  const auto& several = shape.form == ReportShape::Form::kList ? json : json[shape.list_name];
  if (several.is_array()) {
    return several.as_array().empty() ? "Nothing.\n"
                                      : table_text(*shape.record, several.as_array());
  }
  return record_text(*shape.record, json, "");
}

std::string text_of(const Report& report) {
  const auto name = report.shape().name();
  const auto* form = std::find_if(std::begin(kForms), std::end(kForms),
                                  [&](const auto& each) { return each.shape == name; });
  return form == std::end(kForms) ? plain_text_of(report) : form->text(report);
}

}  // namespace falaj::cli
