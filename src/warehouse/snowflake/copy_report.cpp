#include "warehouse/snowflake/copy_report.hpp"

#include <fmt/format.h>

#include <charconv>

namespace falaj::warehouse {
namespace {

int64_t to_int(const std::optional<std::string>& cell) {
  int64_t value = 0;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), value);
  return value;
}

}  // namespace

int64_t rows_changed(const std::vector<Table::ColumnInfo>& columns, const Cells& cells) {
  int64_t changed = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    const std::string& name = columns[i].name;
    if (name == "number of rows inserted" || name == "number of rows updated" ||
        name == "number of rows deleted") {
      changed += to_int(cells[i]);
    }
  }
  return changed;
}

CopyReport::CopyReport(const std::vector<Table::ColumnInfo>& columns) {
  for (size_t i = 0; i < columns.size(); ++i) position_[columns[i].name] = i;
}

void CopyReport::add(const Cells& cells) {
  const auto cell = [&](const char* name) -> std::optional<std::string> {
    const auto found = position_.find(name);
    return found == position_.end() ? std::nullopt : cells[found->second];
  };
  const auto path = cell("file");
  if (!path) {
    message_ = cell("status").value_or("");
    return;
  }
  File& file = files_[path->substr(path->rfind('/') + 1)];
  file.status = cell("status").value_or("");
  file.parsed = to_int(cell("rows_parsed"));
  file.loaded = to_int(cell("rows_loaded"));
  file.errors = to_int(cell("errors_seen"));
  file.first_error = cell("first_error").value_or("");
}

Status CopyReport::compare(const std::vector<ParquetFile>& sent) const {
  const auto refuse = [](const std::string& what) {
    return Error(ErrorKind::kRowsRejected, "COPY did not load what was sent: " + what);
  };
  for (const auto& file : sent) {
    const auto found = files_.find(file.name());
    if (found == files_.end()) {
      return refuse(fmt::format("{} of {} rows is not in its report{}", file.name(), file.rows(),
                                message_.empty() ? "" : " (" + excerpt(message_) + ")"));
    }
    const File& loaded = found->second;
    if (loaded.status != "LOADED" || loaded.loaded != file.rows() || loaded.parsed != file.rows() ||
        loaded.errors != 0) {
      return refuse(fmt::format(
          "{}: status {}, {} of {} rows loaded, {} parsed, {} errors{}", file.name(), loaded.status,
          loaded.loaded, file.rows(), loaded.parsed, loaded.errors,
          loaded.first_error.empty() ? "" : "; the first: " + excerpt(loaded.first_error)));
    }
  }
  if (files_.size() != sent.size()) {
    return refuse(
        fmt::format("{} files were sent, {} are in its report", sent.size(), files_.size()));
  }
  return {};
}

}  // namespace falaj::warehouse
