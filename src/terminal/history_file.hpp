// The last lines of a shell on disk, one entry a line, readable by their owner only.
// Shape:    a line break in an entry is \n, a backslash \\.
// Threads:  confined to one; shells of several processes add to one file.
// Errors:   none: a file that cannot be written or read is done without.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace falaj::terminal {

class HistoryFile {
 public:
  HistoryFile(std::string path, size_t entries) : path_(std::move(path)), entries_(entries) {}

  // The newest entries, oldest first; also makes the file short again.
  std::vector<std::string> load();
  // Makes the folder (0700) and the file (0600) if need be.
  void add(const std::string& entry) const;

 private:
  bool write_all(const std::vector<std::string>& entries) const;

  std::string path_;
  size_t entries_;
};

}  // namespace falaj::terminal
