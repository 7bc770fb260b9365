#include "rows/row_batch.hpp"

#include <algorithm>
#include <cstring>

namespace falaj::rows {
namespace {

constexpr size_t kArenaBlockBytes = 256 * 1024;

}  // namespace

RowBatch::RowBatch(std::shared_ptr<const Schema> schema)
    : schema_(std::move(schema)), cells_(schema_->columns.size()) {
  for (size_t i = 0; i < cells_.size(); ++i) {
    cells_[i].is_text = schema_->columns[i].type == ColumnType::kText;
    if (!cells_[i].is_text) ++number_columns_;
  }
}

void RowBatch::reserve(size_t rows) {
  for (Cells& cells : cells_) {
    cells.valid.reserve(rows);
    if (cells.is_text) {
      cells.texts.reserve(rows);
    } else {
      cells.numbers.reserve(rows);
    }
  }
}

void RowBatch::finish_row() {
  ++rows_;
  for (Cells& cells : cells_) {
    if (cells.valid.size() == rows_) continue;
    cells.valid.push_back(0);
    if (cells.is_text) {
      cells.texts.emplace_back();
    } else {
      cells.numbers.push_back(0);
    }
  }
  bytes_ += number_columns_ * sizeof(int64_t);
}

void RowBatch::discard_row() {
  for (Cells& cells : cells_) {
    if (cells.valid.size() == rows_) continue;
    cells.valid.resize(rows_);
    if (cells.is_text) {
      bytes_ -= cells.texts.back().size();
      cells.texts.resize(rows_);
    } else {
      cells.numbers.resize(rows_);
    }
  }
}

void RowBatch::clear() {
  for (Cells& cells : cells_) {
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

char* RowBatch::keep_bytes(size_t bytes) {
  if (arena_used_ + bytes > arena_size_) {
    arena_size_ = std::max(kArenaBlockBytes, bytes);
    arena_.push_back(std::make_unique_for_overwrite<char[]>(arena_size_));
    arena_used_ = 0;
  }
  char* start = arena_.back().get() + arena_used_;
  arena_used_ += bytes;
  return start;
}

std::string_view RowBatch::keep(std::string_view text) {
  if (text.empty()) return {};
  char* target = keep_bytes(text.size());
  std::memcpy(target, text.data(), text.size());
  return {target, text.size()};
}

}  // namespace falaj::rows
