// How the entities of one stream become rows of one table: plain data, declared by a connector.
// Shape:    a path is member names joined by dots ("amounts.total"); "[]" after a name walks an
//           array ("categories[].name"). Several paths: the first that yields a value wins.
// Threads:  values.
// Requires: column names are unique within a table; each path names one member only once per table
//           and kind of value. Checked when a PageDecoder is made.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rows/schema.hpp"

namespace falaj::decode {

// What is read from the JSON, and the column that it becomes. What is not there and null are NULL; what
// {}, [] and "" are, meaning_of() says. Anything else of another type makes the column NULL and is counted,
// or puts the entity into quarantine when the column is important.
enum class FieldKind {
  kInt,        // number or numeric text                              -> BIGINT
  kText,       // text; a number or a boolean as its text             -> VARCHAR
  kMoney,      // {amount, currency}, number or numeric text          -> DECIMAL(18,4)
  kDecimal,    // number or numeric text: quantities                  -> DECIMAL(18,4)
  kMoneySum,   // sum of the money below a "[]" path; empty array: 0  -> DECIMAL(18,4)
  kRate,       // number or numeric text                              -> DECIMAL(18,8)
  kBool,       // true/false, 0/1, also as text                       -> BOOLEAN
  kJson,       // the raw text of any value, {} and [] included       -> VARCHAR
  kTimestamp,  // {date, timezone} or a date text or Unix seconds     -> TIMESTAMP (UTC)
  kDateRaw,    // the same, as it was given: "<date> <timezone>"      -> VARCHAR
  kDate,       // the same, day only, no shift of zone                -> DATE
  kCount,      // number of elements of an array                      -> BIGINT
  kPhone,      // text or number, as E.164; path "code+number"        -> VARCHAR
};

struct FieldSpec {
  std::string column;
  FieldKind kind;
  std::vector<std::string> paths;
};

struct ChildSpec;

struct TableSpec {
  std::string stream;     // "orders"
  std::string table;      // "bronze_orders"
  std::string id_column;  // "order_id"
  std::vector<std::string> id_paths{"id"};
  // Entities without an id: the members that together are their key; "{parent}" is the id of what the
  // request was for (entity_key.hpp).
  std::vector<std::string> key_paths;
  // A member with further entities of this table inside an entity, to any depth: "sub_categories".
  std::string nested;
  std::vector<FieldSpec> fields;
  // Members left out of payload_sha256 because they change with the clock, at any depth below the
  // entity: "is_open", "closest_time". A member's name, not a path.
  std::vector<std::string> volatile_members;
  // Columns without which a row is worth nothing: a value that cannot be read puts the entity into
  // quarantine. Of every other column it becomes NULL, and is counted (LostValue).
  std::vector<std::string> important;
  // Columns of amounts and counts of which [] and {} say that there is none: 0.
  std::vector<std::string> zero_when_empty;

  // Entities that belong to one of another stream: rows carry its id, the page's parent_id or, of a
  // child array, the entity's.
  std::string parent_column;  // "order_id"
  // Lines (order items), of which an answer brings all: rows also carry line_no and set_row, and each
  // complete set of lines adds a row here.
  std::string set_table;  // "bronze_order_item_sets"; empty: entities of their own

  bool is_lines() const { return !set_table.empty(); }

  // Arrays inside an entity that are lines of their own table.
  std::vector<ChildSpec> children;

  std::string source_system = "salla";
};

// What a value that says nothing means: what comes, and what stands in the column.
enum class Empty { kAbsent, kNull, kList, kObject, kText };  // not there, null, [], {}, ""
enum class Meaning {
  kUnknown,    // NULL: not known
  kNone,       // NULL: known to be none
  kZero,       // 0
  kEmptyText,  // ''
  kAsItCame,   // its own text
};
Meaning meaning_of(const TableSpec& table, const FieldSpec& field, Empty what);
// "not known", "none", "0", "''", "as it came".
std::string_view to_string(Meaning meaning);

struct ChildSpec {
  std::string path;                 // "items"
  std::vector<std::string> shapes;  // only in pages of these shapes: {"full"}
  TableSpec table;
};

struct TableSchema {
  std::string table;
  std::string stream;
  rows::Schema schema;
  bool holds_long_text = false;  // has raw_data
};

// The tables that a stream fills: its own, then its set table, then its children's likewise.
// Lead columns: docs/architecture.md "bronze".
std::vector<TableSchema> schemas_of(const TableSpec& spec);

// The first columns of every bronze table with an id, in order, for whoever addresses them by
// position. loaded_at and load_seq stay NULL here: load fills them.
enum LeadColumn : size_t {
  kStoreId,
  kEntityId,
  kShape,
  kSource,
  kRawData,
  kPayloadSha256,
  kPayloadKey,
  kExtractedAt,
  kLoadedAt,
  kPackageId,
  kPackageRow,
  kSourceSystem,
  kLoadSeq,
  kLeadColumns,
  kParentId = kLeadColumns,  // where there is a parent_column
  kLineNo,                   // lines only
  kSetRow,
  kLineLeadColumns,
};
// Set tables: store_id, <parent>_id, shape, source, then these.
enum SetColumn : size_t {
  kSetPayloadSha256 = 4,
  kSetPayloadKey,
  kSetExtractedAt,
  kSetLoadedAt,
  kSetPackageId,
  kSetPackageRow,
  kSetSourceSystem,
  kSetLoadSeq,
  kSetLineCount,
  kSetRejectedCount,  // of these lines: in quarantine; and lines that are announced and not there
  kSetColumns,
};

}  // namespace falaj::decode
