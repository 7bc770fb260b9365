#include "decode/table_spec.hpp"

#include <algorithm>

namespace falaj::decode {
namespace {

using rows::ColumnType;

ColumnType type_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::kInt:
    case FieldKind::kCount: return ColumnType::kBigInt;
    case FieldKind::kText:
    case FieldKind::kJson:
    case FieldKind::kPhone:
    case FieldKind::kDateRaw: return ColumnType::kText;
    case FieldKind::kMoney:
    case FieldKind::kDecimal:
    case FieldKind::kMoneySum: return ColumnType::kMoney;
    case FieldKind::kRate: return ColumnType::kRate;
    case FieldKind::kBool: return ColumnType::kBool;
    case FieldKind::kTimestamp: return ColumnType::kTimestamp;
    case FieldKind::kDate: return ColumnType::kDate;
  }
  return ColumnType::kText;
}

rows::Schema rows_schema(const TableSpec& spec) {
  rows::Schema schema;
  schema.columns = {
      {"store_id", ColumnType::kBigInt, true},    {spec.id_column, ColumnType::kBigInt, true},
      {"shape", ColumnType::kText, true},         {"source", ColumnType::kText, true},
      {"raw_data", ColumnType::kText, true},      {"payload_sha256", ColumnType::kText, true},
      {"payload_key", ColumnType::kBigInt, true}, {"extracted_at", ColumnType::kTimestamp, true},
      {"loaded_at", ColumnType::kTimestamp},      {"package_id", ColumnType::kText, true},
      {"package_row", ColumnType::kBigInt, true}, {"source_system", ColumnType::kText, true},
      {"load_seq", ColumnType::kBigInt},
  };
  if (!spec.parent_column.empty()) {
    schema.columns.push_back({spec.parent_column, ColumnType::kBigInt, true});
  }
  if (spec.is_lines()) {
    schema.columns.push_back({"line_no", ColumnType::kBigInt, true});
    schema.columns.push_back({"set_row", ColumnType::kBigInt, true});
  }
  for (const FieldSpec& field : spec.fields) {
    schema.columns.push_back({field.column, type_of(field.kind)});
  }
  return schema;
}

rows::Schema set_schema(const TableSpec& spec) {
  rows::Schema schema;
  schema.columns = {
      {"store_id", ColumnType::kBigInt, true},
      {spec.parent_column, ColumnType::kBigInt, true},
      {"shape", ColumnType::kText, true},
      {"source", ColumnType::kText, true},
      {"payload_sha256", ColumnType::kText, true},
      {"payload_key", ColumnType::kBigInt, true},
      {"extracted_at", ColumnType::kTimestamp, true},
      {"loaded_at", ColumnType::kTimestamp},
      {"package_id", ColumnType::kText, true},
      {"package_row", ColumnType::kBigInt, true},
      {"source_system", ColumnType::kText, true},
      {"load_seq", ColumnType::kBigInt},
      {"line_count", ColumnType::kBigInt, true},
      {"rejected_count", ColumnType::kBigInt, false},
  };
  return schema;
}

void append_schemas(const TableSpec& spec, std::vector<TableSchema>& out) {
  out.push_back({spec.table, spec.stream, rows_schema(spec), true});
  if (!spec.set_table.empty()) {
    out.push_back({spec.set_table, spec.stream, set_schema(spec), false});
  }
  for (const ChildSpec& child : spec.children) append_schemas(child.table, out);
}

}  // namespace

Meaning meaning_of(const TableSpec& table, const FieldSpec& field, Empty what) {
  const auto& zero = table.zero_when_empty;
  const bool is_amount = std::find(zero.begin(), zero.end(), field.column) != zero.end();
  const bool is_of_list = field.kind == FieldKind::kMoneySum || field.kind == FieldKind::kCount;
  switch (what) {
    case Empty::kAbsent:
    case Empty::kNull: return Meaning::kUnknown;
    case Empty::kList:
    case Empty::kObject:
      if (is_amount || is_of_list) return Meaning::kZero;
      return field.kind == FieldKind::kJson ? Meaning::kAsItCame : Meaning::kNone;
    case Empty::kText: break;
  }
  if (field.kind == FieldKind::kText) return Meaning::kEmptyText;
  if (field.kind == FieldKind::kJson) return Meaning::kAsItCame;
  return is_of_list ? Meaning::kUnknown : Meaning::kNone;
}

std::string_view to_string(Meaning meaning) {
  switch (meaning) {
    case Meaning::kUnknown: break;
    case Meaning::kNone: return "none";
    case Meaning::kZero: return "0";
    case Meaning::kEmptyText: return "''";
    case Meaning::kAsItCame: return "as it came";
  }
  return "not known";
}

std::vector<TableSchema> schemas_of(const TableSpec& spec) {
  std::vector<TableSchema> all;
  append_schemas(spec, all);
  return all;
}

}  // namespace falaj::decode
