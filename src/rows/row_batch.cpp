#include "rows/row_batch.hpp"

#include <algorithm>
#include <cstring>

#include "base/check.hpp"

namespace falaj::rows {
namespace {

constexpr size_t kArenaBlockBytes = 256 * 1024;

}  // namespace

RowBatch::RowBatch(std::shared_ptr<const Schema> schema)
    : schema_(std::move(schema)), cells_(schema_->columns.size()) {}

void RowBatch::set_number(size_t column, int64_t value) {
  FALAJ_CHECK(schema_->columns[column].type != ColumnType::kText, "number for text column {}",
              schema_->columns[column].name);
  auto& cells = cells_[column];
  if (cells.valid.size() == rows_) {
    cells.valid.push_back(1);
    cells.numbers.push_back(value);
  } else {
    cells.valid[rows_] = 1;
    cells.numbers[rows_] = value;
  }
}

void RowBatch::set_text(size_t column, std::string_view text) {
  FALAJ_CHECK(schema_->columns[column].type == ColumnType::kText, "text for column {}",
              schema_->columns[column].name);
  auto& cells = cells_[column];
  bytes_ += text.size();
  if (cells.valid.size() == rows_) {
    cells.valid.push_back(1);
    cells.texts.push_back(text);
  } else {
    cells.valid[rows_] = 1;
    cells.texts[rows_] = text;
  }
}

void RowBatch::add_text(size_t column, std::string_view text) { set_text(column, copy(text)); }

void RowBatch::finish_row() {
  ++rows_;
  for (size_t i = 0; i < cells_.size(); ++i) {
    auto& cells = cells_[i];
    if (cells.valid.size() < rows_) {
      cells.valid.push_back(0);
      if (schema_->columns[i].type == ColumnType::kText) {
        cells.texts.emplace_back();
      } else {
        cells.numbers.push_back(0);
      }
    }
    if (schema_->columns[i].type != ColumnType::kText) bytes_ += sizeof(int64_t);
  }
}

void RowBatch::discard_row() {
  for (auto& cells : cells_) {
    cells.valid.resize(std::min(cells.valid.size(), rows_));
    cells.numbers.resize(std::min(cells.numbers.size(), rows_));
    cells.texts.resize(std::min(cells.texts.size(), rows_));
  }
}

void RowBatch::clear() {
  for (auto& cells : cells_) {
    cells.valid.clear();
    cells.numbers.clear();
    cells.texts.clear();
  }
  rows_ = 0;
  bytes_ = 0;
  arena_.clear();
  arena_used_ = 0;
  arena_size_ = 0;
  pins_.clear();
}

std::string_view RowBatch::copy(std::string_view text) {
  if (text.empty()) return {};
  if (arena_used_ + text.size() > arena_size_) {
    arena_size_ = std::max(kArenaBlockBytes, text.size());
    arena_.push_back(std::make_unique<char[]>(arena_size_));
    arena_used_ = 0;
  }
  char* target = arena_.back().get() + arena_used_;
  std::memcpy(target, text.data(), text.size());
  arena_used_ += text.size();
  return {target, text.size()};
}

}  // namespace falaj::rows
