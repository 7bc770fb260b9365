#include "terminal/history_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "terminal/line_editor.hpp"

namespace falaj::terminal {
namespace {

namespace fs = std::filesystem;

std::string escaped(const std::string& entry) {
  std::string line;
  for (const char c : entry) {
    if (c == '\\') line += "\\\\";
    if (c == '\n') line += "\\n";
    if (c != '\\' && c != '\n') line += c;
  }
  return line + "\n";
}

std::string unescaped(const std::string& line) {
  std::string entry;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      entry += line[i];
      continue;
    }
    ++i;
    entry += line[i] == 'n' ? '\n' : line[i];
  }
  return entry;
}

bool write_text(const std::string& path, int flags, const std::string& text) {
  const int file = ::open(path.c_str(), flags | O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return false;
  // Also one that was there with other rights.
  const bool is_private = ::fchmod(file, 0600) == 0;
  const bool is_written =
      is_private && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(file);
  return is_written;
}

}  // namespace

std::vector<std::string> HistoryFile::load() {
  std::vector<std::string> entries;
  if (path_.empty()) return entries;
  std::ifstream file(path_);
  std::string line;
  while (std::getline(file, line)) entries.push_back(unescaped(line));
  if (entries.size() > 2 * entries_) {
    entries.erase(entries.begin(), entries.end() - static_cast<ptrdiff_t>(entries_));
    write_all(entries);
  }
  return entries;
}

bool HistoryFile::write_all(const std::vector<std::string>& entries) const {
  std::string text;
  for (const auto& entry : entries) text += escaped(entry);
  const std::string aside = path_ + "." + std::to_string(::getpid());
  const bool is_done =
      write_text(aside, O_TRUNC, text) && ::rename(aside.c_str(), path_.c_str()) == 0;
  if (!is_done) ::unlink(aside.c_str());
  return is_done;
}

void HistoryFile::add(const std::string& entry) const {
  if (path_.empty()) return;
  const auto folder = fs::path(path_).parent_path();
  std::error_code ignored;
  if (!fs::exists(folder, ignored)) {
    fs::create_directories(folder, ignored);
    fs::permissions(folder, fs::perms::owner_all, ignored);
  }
  write_text(path_, O_APPEND, escaped(entry));
}

std::string history_file(const std::string& program) {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::string(state) + "/falaj/" + program;
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home != '/') return "";
  return std::string(home) + "/.local/state/falaj/" + program;
}

}  // namespace falaj::terminal
