#include "connectors/salla/stream_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace falaj::connectors::salla {
namespace {

using decode::FieldKind;
using decode::FieldSpec;
using extract::Changes;
using extract::Paging;
using extract::StreamSpec;

// In BRONZE beside the tables of streams.
constexpr std::string_view kOwnView = "load_watermarks";

bool is_child(const StreamSpec& stream, const std::string& name) {
  const auto& children = stream.table.children;
  return std::any_of(children.begin(), children.end(),
                     [&](const auto& child) { return child.table.stream == name; });
}

const FieldSpec* find_column(const decode::TableSpec& table, const std::string& name) {
  const auto found = std::find_if(table.fields.begin(), table.fields.end(),
                                  [&](const auto& field) { return field.column == name; });
  return found == table.fields.end() ? nullptr : &*found;
}

std::string object_to_column_lists(const decode::TableSpec& table) {
  for (const auto& name : table.important) {
    if (find_column(table, name) == nullptr) {
      return fmt::format("important: no column is called {}", name);
    }
  }
  for (const auto& name : table.zero_when_empty) {
    const auto* field = find_column(table, name);
    if (field == nullptr) return fmt::format("zero_when_empty: no column is called {}", name);
    if (field->kind != FieldKind::kMoney && field->kind != FieldKind::kInt &&
        field->kind != FieldKind::kDecimal && field->kind != FieldKind::kRate) {
      return fmt::format(
          "zero_when_empty: {} is {}; accepted: columns of int, money, decimal and rate", name,
          kind_name(field->kind));
    }
  }
  return "";
}

}  // namespace

std::optional<CatalogueProblem> StreamCheck::check() const {
  std::map<std::string, std::string> tables;
  for (const auto& stream : streams_) {
    const auto place = "streams." + stream.name;
    if (auto message = objection(stream); !message.empty()) return CatalogueProblem{place, message};
    std::set<std::string> columns;
    for (const auto& table : decode::schemas_of(stream.table)) {
      if (table.table == kOwnView) {
        return CatalogueProblem{place, fmt::format("table {} is falaj's own", table.table)};
      }
      const auto [other, is_new] = tables.emplace(table.table, stream.name);
      const bool is_childs = other->second != stream.name && is_child(stream, other->second);
      const bool is_parents =
          other->second != stream.name && is_child_of(other->second, stream.name);
      if (!is_new && other->second != stream.name && !is_childs && !is_parents) {
        return CatalogueProblem{place, fmt::format("table {} belongs to stream {} already",
                                                   table.table, other->second)};
      }
      columns.clear();
      for (const auto& column : table.schema.columns) {
        if (!columns.insert(column.name).second) {
          return CatalogueProblem{
              place, fmt::format("column {} is one of every bronze table's own", column.name)};
        }
      }
    }
  }
  return std::nullopt;
}

const extract::StreamSpec* StreamCheck::find(const std::string& name) const {
  const auto found = std::find_if(streams_.begin(), streams_.end(),
                                  [&](const auto& stream) { return stream.name == name; });
  return found == streams_.end() ? nullptr : &*found;
}

bool StreamCheck::is_child_of(const std::string& parent, const std::string& name) const {
  const auto* stream = find(parent);
  return stream != nullptr && is_child(*stream, name);
}

std::string StreamCheck::objection(const StreamSpec& stream) const {
  const bool is_ours = stream.changes == Changes::kWrittenByFalaj;
  if (stream.path.empty() != is_ours) return "needs a path: where the API gives it";
  if (stream.table.fields.empty()) return "needs columns";
  if (auto message = object_to_column_lists(stream.table); !message.empty()) return message;
  if (!has_own_procedure(stream.name) && stream.changes == Changes::kLatestFirst) {
    return "changes: latest_first takes code of its own; accepted: compare, newest_first, "
           "with_parent";
  }
  if (stream.changes == Changes::kNewestFirst &&
      (stream.paging != Paging::kPages || !stream.parent.empty())) {
    return "changes: newest_first is for lists with paging = \"pages\" and without a parent";
  }
  if (stream.changes == Changes::kWithParent && stream.parent.empty()) {
    return "changes: with_parent needs a parent";
  }
  if (stream.from_parameter.empty() != stream.to_parameter.empty()) {
    return "from and to go together: the two parameters of the day filter";
  }
  if ((stream.path.find("{parent}") == std::string::npos) != stream.parent.empty()) {
    return "parent and {parent} in the path go together";
  }
  if (!stream.parent.empty() && find(stream.parent) == nullptr) {
    return fmt::format("parent: no stream is called {}", stream.parent);
  }
  if (const auto* parent = find(stream.parent);
      parent != nullptr && !has_own_procedure(stream.name) && stream.is_enabled) {
    const bool is_list = parent->name == "customers" || parent->name == "products" ||
                         parent->name == "orders" || !has_own_procedure(parent->name);
    if (!is_list || !parent->parent.empty() || !parent->is_enabled) {
      return fmt::format(
          "parent: {} is not read before; accepted: orders, customers, products, and other "
          "enabled streams that have no parent",
          parent->name);
    }
  }
  if (!stream.table.nested.empty() && stream.table.is_lines()) {
    return "nested and set_table do not go together: lines have no lines of their kind";
  }
  if (stream.table.parent_column.empty() && stream.table.is_lines()) {
    return "set_table needs parent_column: rows that are lines of a parent";
  }
  if (stream.table.is_lines() && stream.paging != Paging::kNone) {
    return "set_table: only an answer without pages is a whole set of lines";
  }
  const auto& fields = stream.table.fields;
  if (!stream.settled_column.empty() &&
      std::none_of(fields.begin(), fields.end(), [&](const FieldSpec& field) {
        return field.column == stream.settled_column && field.kind == FieldKind::kText;
      })) {
    return fmt::format("settled: {} is no column of kind text", stream.settled_column);
  }
  if (!stream.entity_path.empty() && stream.entity_path.find("{id}") == std::string::npos) {
    return "entity_path needs {id}";
  }
  return "";
}

}  // namespace falaj::connectors::salla
