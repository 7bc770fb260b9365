// A folder of one reading process, for what it may not put beside the warehouse: a copy of the
// lake's catalog, and what DuckDB spills.
// Shape:    falaj-reader-<process id>-XXXXXX in TMPDIR, its owner's alone; folders that killed
//           readers of this user left behind are removed on the way.
// Owns:     the folder; it goes with the object.
// Threads:  confined to one.
// Errors:   kStorageFailed.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

namespace falaj::warehouse {

class ReaderFolder {
 public:
  static Result<std::unique_ptr<ReaderFolder>> make();
  ~ReaderFolder();
  ReaderFolder(const ReaderFolder&) = delete;
  ReaderFolder& operator=(const ReaderFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit ReaderFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace falaj::warehouse
