// Turns the values that a FieldTree found into cells of a row, leniently where Salla is known to
// vary and with a readable problem where a value is of another type: such a value is lost to its column
// alone, unless the column is one of the table's important ones.
// Threads:  confined to one.
// Facts:    salla-api.md 3
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "decode/field_tree.hpp"
#include "decode/table_spec.hpp"
#include "phone/phone_reader.hpp"
#include "rows/row_batch.hpp"

namespace falaj::decode {

// Why an entity cannot become a row, or a value its column's.
struct FieldProblem {
  std::string rule;
  std::string message;
};

// A value that is lost to its column: the cell is NULL, raw_data has what came. With the rule
// kUnknownZoneRule the cell has a time that was guessed.
struct FieldLoss {
  size_t column;
  FieldProblem problem;
};

// "text \"abc\"", "an object", "number 12.5": what a message says was found.
std::string describe(const JsonText& json, Token value);

class FieldReader {
 public:
  // Adds the fields' paths to the tree. `first_column` is the column of the first field.
  FieldReader(const TableSpec& spec, FieldTree& tree, size_t first_column);

  // Sets the cells of all fields; a problem of an important one ends it (the row is then to be
  // discarded). Those of others are in losses() until the next call.
  std::optional<FieldProblem> read(const JsonText& json, const FieldTree& tree,
                                   rows::RowBatch& batch);
  const std::vector<FieldLoss>& losses() const { return losses_; }
  // The entity's id; a problem if there is none.
  std::optional<FieldProblem> read_id(const JsonText& json, const FieldTree& tree,
                                      int64_t& id) const;

 private:
  struct Path {
    std::string text;
    NodeId node = kNoNode;
    NodeId inner = kNoNode;  // `amount` of money, `date` of a date
    NodeId zone = kNoNode;   // `timezone` of a date
    NodeId code = kNoNode;   // the country's code of a phone number
    NodeId array = kNoNode;  // whose elements a sum is of
  };
  struct Field {
    FieldKind kind;
    size_t column;
    std::vector<Path> paths;
    bool is_important = false;
    bool empty_is_zero = false;
  };
  // What reading one path came to. kEmpty: nothing, said by [] or {}; kEmptyText: by "", which stands
  // unless a later path has a better text or one that is lost.
  enum class Outcome { kSet, kNull, kEmpty, kEmptyText, kProblem };
  struct Row;

  Path make_path(const std::string& text, FieldKind kind, FieldTree& tree) const;
  // Of all its paths; a problem when none has a value and one has something else.
  std::optional<FieldProblem> read_field(const Field& field, Row& row);
  Outcome read_path(const Field& field, const Path& path, Row& row);
  Outcome read_text(const Field& field, const Path& path, Token value, Row& row);
  Outcome read_number(const Field& field, const Path& path, Token value, Row& row);
  Outcome read_bool(const Field& field, const Path& path, Token value, Row& row);
  Outcome read_date(const Field& field, const Path& path, Token value, Row& row);
  Outcome read_phone(const Field& field, const Path& path, Token value, Row& row);
  // A text, or a number as its digits; empty for anything else.
  std::string digits_of(const JsonText& json, Token value);
  Outcome read_sum(const Field& field, const Path& path, Row& row);
  Outcome read_count(const Field& field, const Path& path, Token value, Row& row);
  // A view that lives as long as the batch; unescaped when need be.
  std::string_view text_of(const JsonText& json, Token string, rows::RowBatch& batch);

  std::vector<Field> fields_;
  std::vector<Path> id_paths_;
  std::vector<FieldLoss> losses_;
  std::string scratch_;
  std::unique_ptr<phone::PhoneReader> phones_;  // where there are fields of that kind
};

}  // namespace falaj::decode
