// Typed rows, column by column: what decode fills and a warehouse takes.
// Shape:    every column has the same number of rows; a row is added by setting its cells and
//           calling finish_row(), which fills what was not set with NULL.
// Owns:     its numbers; texts are views into memory that the batch owns (add_text, keep) or that a
//           pin keeps alive (a page body handed over with pin()).
// Threads:  confined to one thread at a time; may be handed over.
// Requires: a cell's setter fits the column's type; checked in debug builds (setters are the
//           hottest calls of a load).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "rows/schema.hpp"

namespace falaj::rows {

class RowBatch {
 public:
  explicit RowBatch(std::shared_ptr<const Schema> schema);

  const Schema& schema() const { return *schema_; }
  size_t row_count() const { return rows_; }
  // Bytes held by texts (owned or pinned) and numbers: what a caller compares with its limit.
  size_t bytes() const { return bytes_; }
  // Room for so many rows without growing.
  void reserve(size_t rows);

  // The row being filled. A second set of one cell overwrites it.
  void set_number(size_t column, int64_t value) {
    check_type(column, false);
    Cells& cells = cells_[column];
    if (cells.valid.size() == rows_) {
      cells.valid.push_back(1);
      cells.numbers.push_back(value);
    } else {
      cells.valid[rows_] = 1;
      cells.numbers[rows_] = value;
    }
  }
  void set_bool(size_t column, bool value) { set_number(column, value ? 1 : 0); }
  // The view must stay valid for the batch's life: see pin(), or use add_text().
  void set_text(size_t column, std::string_view text) {
    check_type(column, true);
    Cells& cells = cells_[column];
    bytes_ += text.size();
    if (cells.valid.size() == rows_) {
      cells.valid.push_back(1);
      cells.texts.push_back(text);
    } else {
      bytes_ -= cells.texts[rows_].size();
      cells.valid[rows_] = 1;
      cells.texts[rows_] = text;
    }
  }
  // Copies the text into the batch.
  void add_text(size_t column, std::string_view text) { set_text(column, keep(text)); }
  void finish_row();
  // Forgets the cells set since the last finish_row().
  void discard_row();

  // A copy of the text that lives as long as the batch's rows: for set_text() of many cells.
  std::string_view keep(std::string_view text);
  // So many bytes that live as long, to be filled before they are used.
  char* keep_bytes(size_t bytes);
  // Keeps foreign memory alive as long as the batch.
  void pin(std::shared_ptr<const void> memory) { pins_.push_back(std::move(memory)); }
  // Empties it; capacity stays.
  void clear();

  bool is_null(size_t column, size_t row) const { return cells_[column].valid[row] == 0; }
  int64_t number(size_t column, size_t row) const { return cells_[column].numbers[row]; }
  std::string_view text(size_t column, size_t row) const { return cells_[column].texts[row]; }

  // Whole columns, for bulk copies. Numbers and texts of NULL cells are 0 / empty.
  const std::vector<int64_t>& numbers(size_t column) const { return cells_[column].numbers; }
  const std::vector<std::string_view>& texts(size_t column) const { return cells_[column].texts; }
  const std::vector<uint8_t>& valid(size_t column) const { return cells_[column].valid; }

 private:
  struct Cells {
    std::vector<int64_t> numbers;
    std::vector<std::string_view> texts;
    std::vector<uint8_t> valid;  // 1 = not NULL
    bool is_text = false;
  };

  void check_type([[maybe_unused]] size_t column, [[maybe_unused]] bool is_text) const {
#ifndef NDEBUG
    FALAJ_CHECK(cells_[column].is_text == is_text, "{} for column {}", is_text ? "text" : "number",
                schema_->columns[column].name);
#endif
  }

  std::shared_ptr<const Schema> schema_;
  std::vector<Cells> cells_;
  size_t rows_ = 0;
  size_t bytes_ = 0;
  size_t number_columns_ = 0;
  std::vector<std::unique_ptr<char[]>> arena_;
  size_t arena_used_ = 0;
  size_t arena_size_ = 0;
  std::vector<std::shared_ptr<const void>> pins_;
};

}  // namespace falaj::rows
