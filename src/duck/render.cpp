// Cells as SQL prints them, and types as SQL writes them.
#include <fmt/format.h>

#include <array>
#include <memory>

#include "duck/chunk_binder.hpp"

namespace falaj::duck {
namespace {

struct LogicalType {
  explicit LogicalType(duckdb_logical_type handle) : type(handle) {}
  ~LogicalType() { duckdb_destroy_logical_type(&type); }
  LogicalType(const LogicalType&) = delete;
  LogicalType& operator=(const LogicalType&) = delete;
  duckdb_logical_type type;
};

std::string take(char* text) {
  std::string copy = text == nullptr ? "" : text;
  duckdb_free(text);
  return copy;
}

struct NamedType {
  duckdb_type id;
  std::string_view name;
  TypeKind kind;
};

constexpr std::array<NamedType, 30> kNamedTypes = {{
    {DUCKDB_TYPE_BOOLEAN, "BOOLEAN", TypeKind::kBool},
    {DUCKDB_TYPE_TINYINT, "TINYINT", TypeKind::kInteger},
    {DUCKDB_TYPE_SMALLINT, "SMALLINT", TypeKind::kInteger},
    {DUCKDB_TYPE_INTEGER, "INTEGER", TypeKind::kInteger},
    {DUCKDB_TYPE_BIGINT, "BIGINT", TypeKind::kInteger},
    {DUCKDB_TYPE_UTINYINT, "UTINYINT", TypeKind::kInteger},
    {DUCKDB_TYPE_USMALLINT, "USMALLINT", TypeKind::kInteger},
    {DUCKDB_TYPE_UINTEGER, "UINTEGER", TypeKind::kInteger},
    {DUCKDB_TYPE_UBIGINT, "UBIGINT", TypeKind::kInteger},
    {DUCKDB_TYPE_FLOAT, "FLOAT", TypeKind::kDouble},
    {DUCKDB_TYPE_DOUBLE, "DOUBLE", TypeKind::kDouble},
    {DUCKDB_TYPE_TIMESTAMP, "TIMESTAMP", TypeKind::kTimestamp},
    {DUCKDB_TYPE_TIMESTAMP_S, "TIMESTAMP_S", TypeKind::kTimestamp},
    {DUCKDB_TYPE_TIMESTAMP_MS, "TIMESTAMP_MS", TypeKind::kTimestamp},
    {DUCKDB_TYPE_TIMESTAMP_NS, "TIMESTAMP_NS", TypeKind::kTimestamp},
    {DUCKDB_TYPE_TIMESTAMP_TZ, "TIMESTAMP WITH TIME ZONE", TypeKind::kTimestamp},
    {DUCKDB_TYPE_DATE, "DATE", TypeKind::kDate},
    {DUCKDB_TYPE_TIME, "TIME", TypeKind::kOther},
    {DUCKDB_TYPE_INTERVAL, "INTERVAL", TypeKind::kOther},
    {DUCKDB_TYPE_HUGEINT, "HUGEINT", TypeKind::kWide},
    {DUCKDB_TYPE_UHUGEINT, "UHUGEINT", TypeKind::kWide},
    {DUCKDB_TYPE_VARCHAR, "VARCHAR", TypeKind::kText},
    {DUCKDB_TYPE_BLOB, "BLOB", TypeKind::kBlob},
    {DUCKDB_TYPE_UUID, "UUID", TypeKind::kOther},
    {DUCKDB_TYPE_BIT, "BIT", TypeKind::kOther},
    {DUCKDB_TYPE_TIME_TZ, "TIME WITH TIME ZONE", TypeKind::kOther},
    {DUCKDB_TYPE_SQLNULL, "NULL", TypeKind::kOther},
    {DUCKDB_TYPE_BIGNUM, "BIGNUM", TypeKind::kOther},
    {DUCKDB_TYPE_VARIANT, "VARIANT", TypeKind::kOther},
    {DUCKDB_TYPE_ENUM, "ENUM", TypeKind::kOther},
}};

std::string type_name(duckdb_logical_type type) {
  const duckdb_type id = duckdb_get_type_id(type);
  switch (id) {
    case DUCKDB_TYPE_DECIMAL:
      return fmt::format("DECIMAL({},{})", duckdb_decimal_width(type), duckdb_decimal_scale(type));
    case DUCKDB_TYPE_LIST: {
      const LogicalType child(duckdb_list_type_child_type(type));
      return type_name(child.type) + "[]";
    }
    case DUCKDB_TYPE_ARRAY: {
      const LogicalType child(duckdb_array_type_child_type(type));
      return fmt::format("{}[{}]", type_name(child.type), duckdb_array_type_array_size(type));
    }
    case DUCKDB_TYPE_MAP: {
      const LogicalType key(duckdb_map_type_key_type(type));
      const LogicalType value(duckdb_map_type_value_type(type));
      return fmt::format("MAP({}, {})", type_name(key.type), type_name(value.type));
    }
    case DUCKDB_TYPE_STRUCT: {
      std::string text = "STRUCT(";
      const idx_t count = duckdb_struct_type_child_count(type);
      for (idx_t i = 0; i < count; ++i) {
        const LogicalType child(duckdb_struct_type_child_type(type, i));
        text += fmt::format("{}{} {}", i == 0 ? "" : ", ",
                            take(duckdb_struct_type_child_name(type, i)), type_name(child.type));
      }
      return text + ")";
    }
    default: break;
  }
  for (const auto& named : kNamedTypes) {
    if (named.id == id) return std::string(named.name);
  }
  return fmt::format("TYPE_{}", static_cast<int>(id));
}

template <typename T>
T cell(duckdb_vector vector, size_t row) {
  return static_cast<const T*>(duckdb_vector_get_data(vector))[row];
}

std::string render_value(duckdb_value value) {
  std::string text = take(duckdb_get_varchar(value));
  duckdb_destroy_value(&value);
  return text;
}

std::string render_date(int32_t days) {
  return render_value(duckdb_create_date({days}));
}

std::string render_micros(int64_t micros) {
  // duckdb drops trailing zeros of the fraction; a fixed width compares and parses more easily.
  if (micros == INT64_MAX) return "infinity";
  if (micros == -INT64_MAX) return "-infinity";
  const duckdb_timestamp_struct parts = duckdb_from_timestamp({micros});
  const auto& d = parts.date;
  const auto& t = parts.time;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}", d.year, d.month, d.day, t.hour,
                     t.min, t.sec, t.micros);
}

std::string render_time(int64_t micros) {
  const duckdb_time_struct t = duckdb_from_time({micros});
  return fmt::format("{:02}:{:02}:{:02}.{:06}", t.hour, t.min, t.sec, t.micros);
}

std::string render_blob(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 32 && byte < 127 && c != '\\' && c != '\'' && c != '"') {
      text += c;
    } else {
      text += fmt::format("\\x{:02X}", byte);
    }
  }
  return text;
}

std::string_view string_cell(duckdb_vector vector, size_t row) {
  auto* string = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector)) + row;
  return {duckdb_string_t_data(string), duckdb_string_t_length(*string)};
}

std::string render_wide(duckdb_hugeint value, int scale) {
  const bool negative = value.upper < 0;
  __extension__ using Unsigned = unsigned __int128;
  Unsigned rest = (static_cast<Unsigned>(static_cast<uint64_t>(value.upper)) << 64) | value.lower;
  if (negative) rest = ~rest + 1;
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  if (scale > 0) {
    const auto places = static_cast<size_t>(scale);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  if (negative) digits.insert(digits.begin(), '-');
  return digits;
}

duckdb_hugeint widen(int64_t value) {
  return {static_cast<uint64_t>(value), value < 0 ? -1 : 0};
}

std::string render_decimal(duckdb_logical_type type, duckdb_vector vector, size_t row) {
  const int scale = duckdb_decimal_scale(type);
  switch (duckdb_decimal_internal_type(type)) {
    case DUCKDB_TYPE_SMALLINT: return render_wide(widen(cell<int16_t>(vector, row)), scale);
    case DUCKDB_TYPE_INTEGER: return render_wide(widen(cell<int32_t>(vector, row)), scale);
    case DUCKDB_TYPE_BIGINT: return render_wide(widen(cell<int64_t>(vector, row)), scale);
    default: return render_wide(cell<duckdb_hugeint>(vector, row), scale);
  }
}

std::string render_or_null(duckdb_vector vector, size_t row) {
  uint64_t* valid = duckdb_vector_get_validity(vector);
  if (valid != nullptr && !duckdb_validity_row_is_valid(valid, row)) return "NULL";
  return render_cell(vector, row);
}

std::string render_range(duckdb_vector child, size_t offset, size_t length) {
  std::string text = "[";
  for (size_t i = 0; i < length; ++i) {
    if (i > 0) text += ", ";
    text += render_or_null(child, offset + i);
  }
  return text + "]";
}

std::string render_struct(duckdb_logical_type type, duckdb_vector vector, size_t row) {
  std::string text = "{";
  const idx_t count = duckdb_struct_type_child_count(type);
  for (idx_t i = 0; i < count; ++i) {
    text +=
        fmt::format("{}'{}': {}", i == 0 ? "" : ", ", take(duckdb_struct_type_child_name(type, i)),
                    render_or_null(duckdb_struct_vector_get_child(vector, i), row));
  }
  return text + "}";
}

std::string render_map(duckdb_vector vector, size_t row) {
  const auto entry = cell<duckdb_list_entry>(vector, row);
  const duckdb_vector pairs = duckdb_list_vector_get_child(vector);
  const duckdb_vector keys = duckdb_struct_vector_get_child(pairs, 0);
  const duckdb_vector values = duckdb_struct_vector_get_child(pairs, 1);
  std::string text = "{";
  for (size_t i = 0; i < entry.length; ++i) {
    text += fmt::format("{}{}={}", i == 0 ? "" : ", ", render_or_null(keys, entry.offset + i),
                        render_or_null(values, entry.offset + i));
  }
  return text + "}";
}

std::string render_enum(duckdb_logical_type type, duckdb_vector vector, size_t row) {
  idx_t index = 0;
  switch (duckdb_enum_internal_type(type)) {
    case DUCKDB_TYPE_UTINYINT: index = cell<uint8_t>(vector, row); break;
    case DUCKDB_TYPE_USMALLINT: index = cell<uint16_t>(vector, row); break;
    default: index = cell<uint32_t>(vector, row); break;
  }
  return take(duckdb_enum_dictionary_value(type, index));
}

// Values that DuckDB can print once they are wrapped as a duckdb_value.
std::string render_plain(duckdb_type id, duckdb_vector vector, size_t row) {
  switch (id) {
    case DUCKDB_TYPE_BOOLEAN: return cell<bool>(vector, row) ? "true" : "false";
    case DUCKDB_TYPE_TINYINT: return fmt::format("{}", int{cell<int8_t>(vector, row)});
    case DUCKDB_TYPE_SMALLINT: return fmt::format("{}", cell<int16_t>(vector, row));
    case DUCKDB_TYPE_INTEGER: return fmt::format("{}", cell<int32_t>(vector, row));
    case DUCKDB_TYPE_BIGINT: return fmt::format("{}", cell<int64_t>(vector, row));
    case DUCKDB_TYPE_UTINYINT: return fmt::format("{}", unsigned{cell<uint8_t>(vector, row)});
    case DUCKDB_TYPE_USMALLINT: return fmt::format("{}", cell<uint16_t>(vector, row));
    case DUCKDB_TYPE_UINTEGER: return fmt::format("{}", cell<uint32_t>(vector, row));
    case DUCKDB_TYPE_UBIGINT: return fmt::format("{}", cell<uint64_t>(vector, row));
    case DUCKDB_TYPE_FLOAT: return render_value(duckdb_create_float(cell<float>(vector, row)));
    case DUCKDB_TYPE_DOUBLE: return render_value(duckdb_create_double(cell<double>(vector, row)));
    case DUCKDB_TYPE_HUGEINT: return render_wide(cell<duckdb_hugeint>(vector, row), 0);
    case DUCKDB_TYPE_UHUGEINT:
      return render_value(duckdb_create_uhugeint(cell<duckdb_uhugeint>(vector, row)));
    case DUCKDB_TYPE_DATE: return render_date(cell<int32_t>(vector, row));
    case DUCKDB_TYPE_TIME: return render_time(cell<int64_t>(vector, row));
    case DUCKDB_TYPE_TIMESTAMP: return render_micros(cell<int64_t>(vector, row));
    case DUCKDB_TYPE_TIMESTAMP_TZ: return render_micros(cell<int64_t>(vector, row)) + "+00";
    case DUCKDB_TYPE_TIMESTAMP_S: return render_micros(cell<int64_t>(vector, row) * 1'000'000);
    case DUCKDB_TYPE_TIMESTAMP_MS: return render_micros(cell<int64_t>(vector, row) * 1'000);
    case DUCKDB_TYPE_TIMESTAMP_NS:
      return render_value(duckdb_create_timestamp_ns({cell<int64_t>(vector, row)}));
    case DUCKDB_TYPE_INTERVAL:
      return render_value(duckdb_create_interval(cell<duckdb_interval>(vector, row)));
    case DUCKDB_TYPE_VARCHAR: return std::string(string_cell(vector, row));
    case DUCKDB_TYPE_BLOB: return render_blob(string_cell(vector, row));
    default: return "(not printable: cast it to VARCHAR)";
  }
}

// Stored with the top bit flipped, so that unsigned order is the order of the texts.
std::string render_uuid(duckdb_hugeint value) {
  const uint64_t high = static_cast<uint64_t>(value.upper) ^ (uint64_t{1} << 63);
  const uint64_t low = value.lower;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                     high & 0xffff, low >> 48, low & 0xffff'ffff'ffff);
}

}  // namespace

ColumnInfo describe_type(duckdb_logical_type type) {
  ColumnInfo info;
  info.type_name = type_name(type);
  const duckdb_type id = duckdb_get_type_id(type);
  for (const auto& named : kNamedTypes) {
    if (named.id == id) info.kind = named.kind;
  }
  if (id == DUCKDB_TYPE_DECIMAL) {
    info.width = duckdb_decimal_width(type);
    info.scale = duckdb_decimal_scale(type);
    const bool is_wide = duckdb_decimal_internal_type(type) == DUCKDB_TYPE_HUGEINT;
    info.kind = is_wide ? TypeKind::kWide : TypeKind::kDecimal;
  }
  return info;
}

std::string render_cell(duckdb_vector vector, size_t row) {
  const LogicalType type(duckdb_vector_get_column_type(vector));
  const duckdb_type id = duckdb_get_type_id(type.type);
  switch (id) {
    case DUCKDB_TYPE_DECIMAL: return render_decimal(type.type, vector, row);
    case DUCKDB_TYPE_LIST: {
      const auto entry = cell<duckdb_list_entry>(vector, row);
      return render_range(duckdb_list_vector_get_child(vector), entry.offset, entry.length);
    }
    case DUCKDB_TYPE_ARRAY: {
      const size_t size = duckdb_array_type_array_size(type.type);
      return render_range(duckdb_array_vector_get_child(vector), row * size, size);
    }
    case DUCKDB_TYPE_STRUCT: return render_struct(type.type, vector, row);
    case DUCKDB_TYPE_MAP: return render_map(vector, row);
    case DUCKDB_TYPE_ENUM: return render_enum(type.type, vector, row);
    case DUCKDB_TYPE_UUID: return render_uuid(cell<duckdb_hugeint>(vector, row));
    default: return render_plain(id, vector, row);
  }
}

}  // namespace falaj::duck
