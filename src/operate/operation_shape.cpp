#include "operate/registry.hpp"

namespace falaj::operate {
namespace {

const char* name_of(OptionType type) {
  switch (type) {
    case OptionType::kText: return "text";
    case OptionType::kInteger: return "integer";
    case OptionType::kDuration: return "duration";
    case OptionType::kDay: return "day";
    case OptionType::kPath: return "path";
    case OptionType::kFlag: return "flag";
  }
  return "text";
}

const Described<Option>& option_shape() {
  static const auto kShape =
      Described<Option>("operation.option")
          .field("name", &Option::name, "without dashes; of a positional one in capitals")
          .field(
              "type", [](const Option& option) { return name_of(option.type); },
              "text, integer, duration, day, path or flag")
          .field("help", &Option::help, "what it is for")
          .field("unit", &Option::unit, "of an integer; empty: none")
          .field(
              "default",
              [](const Option& option) {
                return option.default_value.empty() ? std::nullopt
                                                    : std::optional(option.default_value);
              },
              "null: none, or as the help says")
          .field("words", &Option::words, "the only values accepted; empty: any")
          .field("least", &Option::least, "of an integer; of a duration in seconds")
          .field("most", &Option::most, "of an integer; of a duration in seconds")
          .field("is_required", &Option::is_required, "")
          .field("is_repeatable", &Option::is_repeatable, "")
          .field("is_positional", &Option::is_positional, "given without its name")
          .field("needs", &Option::needs, "options that must be given with it")
          .field("excludes", &Option::excludes, "options that must not");
  return kShape;
}

const Described<Touches>& touches_shape() {
  static const auto kShape =
      Described<Touches>("operation.touches")
          .field("reads_home", &Touches::reads_home, "files and control state of the home")
          .field("writes_home", &Touches::writes_home, "")
          .field("reads_warehouse", &Touches::reads_warehouse, "")
          .field("writes_warehouse", &Touches::writes_warehouse, "")
          .field("asks_store", &Touches::asks_store, "sends requests to Salla")
          .field("note", &Touches::note, "what else is to be said");
  return kShape;
}

const Described<FieldPlace>& place_shape() {
  static const auto kShape =
      Described<FieldPlace>("operation.field")
          .field("place", &FieldPlace::place, "its way from the top, as in streams[].rows")
          .field(
              "type", [](const FieldPlace& place) { return type_text(*place.field); }, "")
          .field(
              "may_be_absent", [](const FieldPlace& place) { return place.field->may_be_absent; },
              "left out of the record when there is nothing to say")
          .field(
              "unit", [](const FieldPlace& place) { return place.field->unit; }, "empty: none")
          .field(
              "help", [](const FieldPlace& place) { return place.field->help; }, "");
  return kShape;
}

std::optional<std::string> list_of_several(const Operation& operation) {
  if (operation.report.form != ReportShape::Form::kOneOrNamedList) return std::nullopt;
  return operation.report.list_name;
}

std::vector<FieldPlace> fields_of(const Operation& operation) {
  if (operation.report.record == nullptr) return {};
  return places_of(*operation.report.record);
}

}  // namespace

const Described<Operation>& operation_shape() {
  static const auto kShape =
      Described<Operation>("operation")
          .field("name", &Operation::name, "as it is typed")
          .field(
              "group", [](const Operation& operation) { return name_of(operation.group); },
              "run, inspect, query, maintain, stores, webhooks or program")
          .field("help", &Operation::help, "one line")
          .field("details", &Operation::details, "paragraphs")
          .field("examples", &Operation::examples, "whole command lines")
          .records("touches", &Operation::touches, touches_shape(), "what it may touch")
          .records("options", &Operation::options, option_shape(), "what it takes")
          .field(
              "answers_with_list",
              [](const Operation& operation) {
                return operation.report.form == ReportShape::Form::kList;
              },
              "whether its report is a list of such records")
          .field("list_of_several", list_of_several,
                 "its report of several stores is a record with this list; null: it has no such "
                 "form")
          .records("fields", fields_of, place_shape(),
                   "of its report; empty: it answers row by row");
  return kShape;
}

}  // namespace falaj::operate
