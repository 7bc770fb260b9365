#include "cli/reference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text_file.hpp"
#include "cli/common_options.hpp"
#include "cli/help_text.hpp"

namespace falaj::cli {
namespace {

using operate::Operation;
using operate::Registry;
using operate::ReportShape;

std::string begin_of(const std::string& part) {
  return fmt::format("<!-- {}: made by `make reference`, not by hand -->\n", part);
}

std::string end_of(const std::string& part) {
  return fmt::format("<!-- end of {} -->\n", part);
}

// A cell of a table: a bar would end it.
std::string cell(std::string text) {
  size_t at = 0;
  while ((at = text.find('|', at)) != std::string::npos) {
    text.insert(at, "\\");
    at += 2;
  }
  return text;
}

std::string touches_text(const operate::Touches& touches) {
  std::string text;
  const auto add = [&](bool is_so, const char* words) {
    if (is_so) text += (text.empty() ? "" : ", ") + std::string(words);
  };
  add(touches.reads_home && !touches.writes_home, "reads the home");
  add(touches.writes_home, "writes the home");
  add(touches.reads_warehouse && !touches.writes_warehouse, "reads the warehouse");
  add(touches.writes_warehouse, "writes the warehouse");
  add(touches.asks_store, "asks the store");
  if (text.empty()) text = "nothing";
  return touches.note.empty() ? text : text + "; " + touches.note;
}

std::string commands_part(const Registry& registry) {
  std::string text = "| command | purpose | touches |\n|---|---|---|\n";
  for (const auto group : operate::kGroups) {
    for (const auto* operation : registry.in_group(group)) {
      text += fmt::format("| `{}` | {} | {} |\n", operation->name, cell(operation->help),
                          cell(touches_text(operation->touches)));
    }
  }
  return text;
}

std::string option_term(const operate::Option& option) {
  auto term = shown_name(option);
  if (option.short_name != 0) term = fmt::format("-{}`, `{}", option.short_name, term);
  const auto value = shown_value(option);
  if (value.empty() || option.is_positional) return "`" + term + "`";
  return fmt::format("`{} {}`", term, value);
}

std::string company(const operate::Option& option) {
  std::string text;
  for (const auto& other : option.needs)
    text += fmt::format("; needs `{}`", other == "NAME" ? other : "--" + other);
  for (const auto& other : option.excludes)
    text += fmt::format("; not with `{}`", other == "NAME" ? other : "--" + other);
  return text;
}

std::string options_text(const Operation& operation) {
  auto options = operation.options;
  if (operation.shows == operate::Shows::kProgress) options.push_back(quiet_option());
  if (options.empty()) return "";
  std::string text = "| option | meaning |\n|---|---|\n";
  for (const auto& option : options) {
    text += fmt::format("| {} | {} |\n", cell(option_term(option)),
                        cell(full_help(option) + company(option)));
  }
  return text + "\n";
}

// Writes the sections; a report that several commands give is described once.
class Sections {
 public:
  std::string section(const Operation& operation);

 private:
  std::string report_text(const Operation& operation);
  // The command whose section has the record; empty: none yet.
  std::string described_by(const operate::RecordShape* record) const;

  std::vector<const operate::RecordShape*> records_;
  std::vector<std::string> commands_;  // of each of them
};

std::string Sections::described_by(const operate::RecordShape* record) const {
  const auto found = std::find(records_.begin(), records_.end(), record);
  if (record == nullptr || found == records_.end()) return "";
  const auto& command = commands_[static_cast<size_t>(found - records_.begin())];
  auto anchor = command;
  std::replace(anchor.begin(), anchor.end(), ' ', '-');
  return fmt::format("[`{}`](#{})", command, anchor);
}

std::string meaning_of(const operate::FieldShape& field, const std::string& described_by) {
  auto meaning = field.help;
  const auto add = [&meaning](const std::string& words) {
    meaning += (meaning.empty() ? "" : "; ") + words;
  };
  if (!described_by.empty()) add("as in " + described_by);
  if (!field.unit.empty()) add("in " + field.unit);
  if (field.may_be_absent) add("may be absent");
  return cell(meaning);
}

std::string Sections::report_text(const Operation& operation) {
  const auto& report = operation.report;
  if (report.record == nullptr) return "";
  std::string text = "`--json`: ";
  if (report.form == ReportShape::Form::kList) text += "a list of such records";
  if (report.form == ReportShape::Form::kOne) text += "a record";
  if (report.form == ReportShape::Form::kOneOrNamedList)
    text += fmt::format("a record, of several `{{\"{}\": [...]}}`", report.list_name);
  if (const auto by = described_by(report.record); !by.empty())
    return fmt::format("{}, as of {}.\n\n", text, by);
  text += ":\n\n| member | type | meaning |\n|---|---|---|\n";
  for (const auto& [place, field] : places_of(*report.record, "", records_)) {
    text += fmt::format("| `{}` | {} | {} |\n", place, type_text(*field),
                        meaning_of(*field, described_by(field->record)));
  }
  records_.push_back(report.record);
  commands_.push_back(operation.name);
  return text + "\n";
}

std::string Sections::section(const Operation& operation) {
  auto text = fmt::format("### `{}`\n\n{}{}.\n\n    {}\n\n", operation.name,
                          static_cast<char>(std::toupper(operation.help[0])),
                          operation.help.substr(1), usage_line(operation));
  if (!operation.details.empty()) text += operation.details + "\n\n";
  text += fmt::format("Touches: {}.\n\n", touches_text(operation.touches));
  text += options_text(operation);
  for (const auto& example : operation.examples) text += fmt::format("    {}\n", example);
  text += "\n" + report_text(operation);
  return text;
}

std::string reference_part(const Registry& registry) {
  Sections sections;
  std::string text;
  for (const auto group : operate::kGroups) {
    for (const auto* operation : registry.in_group(group)) text += sections.section(*operation);
  }
  return text;
}

// Replaces what stands between the comments of a part.
Status replace(std::string& document, const std::string& part, const std::string& text) {
  const auto begin = document.find(begin_of(part));
  const auto from = begin + begin_of(part).size();
  const auto end = begin == std::string::npos ? begin : document.find(end_of(part), from);
  if (end == std::string::npos) {
    return Error(ErrorKind::kUsage, fmt::format("the document has no line \"{}\" with \"{}\" below",
                                                begin_of(part), end_of(part)));
  }
  document.replace(from, end - from, text);
  return {};
}

constexpr const char* kCommands = "commands";
constexpr const char* kReference = "reference";

const operate::Described<Reference>& reference_shape() {
  static const auto kShape = operate::Described<Reference>("reference")
                                 .records("operations", &Reference::operations,
                                          operate::operation_shape(), "every command");
  return kShape;
}

}  // namespace

std::string reference(const Registry& registry) {
  return begin_of(kCommands) + commands_part(registry) + end_of(kCommands) + "\n" +
         begin_of(kReference) + reference_part(registry) + end_of(kReference);
}

Result<std::string> with_reference(const Registry& registry, std::string document) {
  FALAJ_TRY(replace(document, kCommands, commands_part(registry)));
  FALAJ_TRY(replace(document, kReference, reference_part(registry)));
  return document;
}

Operation reference_operation() {
  return {.name = "reference",
          .group = operate::Group::kProgram,
          .help = "every command with its options and the shape of its report",
          .details = "Prints Markdown; with --json the declarations themselves, for programs.",
          .examples = {"falaj reference --json", "falaj reference --document docs/cli.md"},
          .options = {{.name = "document",
                       .type = operate::OptionType::kPath,
                       .help = "print this Markdown file instead, with the parts that are made "
                               "from the declarations made again",
                       .value_name = "FILE",
                       .must_exist = true}},
          .touches = {},
          .home_use = operate::HomeUse::kNone,
          .report = one_of(reference_shape()),
          .run = [](const operate::Context& context,
                    const operate::Request& request) -> Result<operate::Report> {
            Reference made{context.registry.operations(), reference(context.registry)};
            if (request.has("document")) {
              FALAJ_ASSIGN(auto document, read_text_file(request.text("document")));
              FALAJ_ASSIGN(made.text, with_reference(context.registry, std::move(document)));
            }
            return operate::Report::of(std::move(made), reference_shape());
          }};
}

}  // namespace falaj::cli
