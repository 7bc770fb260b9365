#include "warehouse/duckdb/embedded_subject.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/log.hpp"
#include "base/system_error.hpp"

namespace falaj::warehouse {
namespace {

namespace fs = std::filesystem;

Status remove_folder(const std::string& folder) {
  std::error_code problem;
  fs::remove_all(folder, problem);
  if (!problem) return {};
  return Error(ErrorKind::kStorageFailed,
               fmt::format("cannot remove the folder {}: {}", folder, system_text(problem)));
}

}  // namespace

EmbeddedSubject::EmbeddedSubject(Kind kind, std::string folder, LakeOptions options)
    : kind_(kind),
      options_(std::move(options)),
      quirks_(kind == Kind::kLake ? contract::lake_quirks() : contract::duckdb_file_quirks()) {
  options_.directory = std::move(folder);
}

EmbeddedSubject::~EmbeddedSubject() {
  const Status removed = remove_folder(options_.directory);
  if (!removed.ok()) log_warn("{}", removed.error().to_text());
}

std::string EmbeddedSubject::name() const {
  return kind_ == Kind::kLake ? "DuckLake" : "DuckDB file";
}

Status EmbeddedSubject::reset() {
  return remove_folder(options_.directory);
}

Result<std::unique_ptr<Warehouse>> EmbeddedSubject::open(const contract::OpenMode& mode) {
  auto options = options_;
  options.is_read_only = mode.is_read_only;
  options.commits_between_maintenance = mode.commits_between_maintenance;
  return kind_ == Kind::kLake ? open_lake(options) : open_duckdb_file(options);
}

std::string EmbeddedSubject::server_folder() const {
  return kind_ == Kind::kLake ? options_.directory + "/data" : options_.directory;
}

std::string EmbeddedSubject::slow_query() const {
  return "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b";
}

}  // namespace falaj::warehouse
