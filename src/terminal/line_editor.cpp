#include "terminal/line_editor.hpp"

#include <histedit.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstring>

#include "terminal/history_file.hpp"

namespace falaj::terminal {
namespace {

constexpr size_t kEntries = 1000;
constexpr size_t kShownAtOnce = 200;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// Characters of UTF-8.
size_t characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

// libedit takes bytes apart by the locale.
void use_utf8() {
  std::setlocale(LC_CTYPE, "");
  if (std::strcmp(::nl_langinfo(CODESET), "UTF-8") != 0) std::setlocale(LC_CTYPE, "C.UTF-8");
}

void show_list(const std::vector<std::string>& candidates) {
  winsize size{};
  const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  const size_t width = is_known ? size.ws_col : 80;
  size_t widest = 0;
  const size_t shown = std::min(candidates.size(), kShownAtOnce);
  for (size_t i = 0; i < shown; ++i) widest = std::max(widest, characters(candidates[i]) + 2);
  const size_t columns = std::max<size_t>(1, width / widest);
  std::string text = "\n";
  for (size_t i = 0; i < shown; ++i) {
    const bool is_last = i + 1 == shown || (i + 1) % columns == 0;
    text += candidates[i];
    text += is_last ? "\n" : std::string(widest - characters(candidates[i]), ' ');
  }
  if (shown < candidates.size())
    text += "... " + std::to_string(candidates.size() - shown) + " more\n";
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

class EditLineEditor final : public LineEditor {
 public:
  explicit EditLineEditor(const std::string& path) : file_(path, kEntries) {
    use_utf8();
    history_ = ::history_init();
    HistEvent event{};
    ::history(history_, &event, H_SETSIZE, static_cast<int>(kEntries));
    ::history(history_, &event, H_SETUNIQUE, 1);
    for (const auto& entry : file_.load()) ::history(history_, &event, H_ENTER, entry.c_str());
    editor_ = ::el_init("falaj", stdin, stderr, stderr);
    ::el_set(editor_, EL_CLIENTDATA, this);
    ::el_set(editor_, EL_PROMPT, prompt_of);
    ::el_set(editor_, EL_EDITOR, "emacs");
    ::el_set(editor_, EL_HIST, ::history, history_);
    ::el_set(editor_, EL_ADDFN, "falaj-complete", "complete the word", complete);
    ::el_set(editor_, EL_ADDFN, "falaj-interrupt", "leave the line", interrupt);
    ::el_set(editor_, EL_BIND, "^I", "falaj-complete", nullptr);
    ::el_set(editor_, EL_BIND, "^C", "falaj-interrupt", nullptr);
    ::el_set(editor_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    // While a line is edited Ctrl-C is a key; a statement that runs gets the signal.
    ::el_set(editor_, EL_SETTY, "-d", "-isig", nullptr);
    // The terminal's settings are restored before a signal ends the process.
    ::el_set(editor_, EL_SIGNAL, 1);
    ::el_source(editor_, nullptr);
  }
  ~EditLineEditor() override {
    ::el_end(editor_);
    ::history_end(history_);
  }
  EditLineEditor(const EditLineEditor&) = delete;
  EditLineEditor& operator=(const EditLineEditor&) = delete;

  Outcome read(const std::string& prompt, std::string& line) override {
    prompt_ = prompt;
    was_interrupted_ = false;
    int length = 0;
    const char* text = ::el_gets(editor_, &length);
    if (was_interrupted_) return Outcome::kInterrupted;
    if (text == nullptr || length <= 0) return Outcome::kEnd;
    line.assign(text, static_cast<size_t>(length));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    return Outcome::kLine;
  }

  void remember(const std::string& entry) override {
    HistEvent event{};
    ::history(history_, &event, H_ENTER, entry.c_str());
    file_.add(entry);
  }

  void complete_with(Completer completer) override { completer_ = std::move(completer); }

 private:
  static EditLineEditor& self(EditLine* editor) {
    EditLineEditor* self = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &self);
    return *self;
  }
  static char* prompt_of(EditLine* editor) { return self(editor).prompt_.data(); }

  static unsigned char interrupt(EditLine* editor, int /*key*/) {
    self(editor).was_interrupted_ = true;
    std::fputs("^C\n", stderr);
    return CC_EOF;
  }

  static unsigned char complete(EditLine* editor, int /*key*/) {
    return self(editor).complete_word();
  }

  unsigned char complete_word() {
    if (!completer_) return CC_REFRESH_BEEP;
    const LineInfo* info = ::el_line(editor_);
    const std::string before(info->buffer, info->cursor);
    const size_t start = word_start(before);
    const std::string word = before.substr(start);
    const auto candidates = completer_(word, std::string_view(before).substr(0, start));
    if (candidates.empty()) return CC_REFRESH_BEEP;
    std::string start_of_all = common_start(candidates);
    if (candidates.size() == 1 && !start_of_all.ends_with('.')) start_of_all += ' ';
    if (characters(start_of_all) > characters(word) ||
        (candidates.size() == 1 && start_of_all != word)) {
      ::el_deletestr(editor_, static_cast<int>(characters(word)));
      ::el_insertstr(editor_, start_of_all.c_str());
      return CC_REFRESH;
    }
    show_list(candidates);
    return CC_REDISPLAY;
  }

  HistoryFile file_;
  History* history_ = nullptr;
  EditLine* editor_ = nullptr;
  Completer completer_;
  std::string prompt_;
  bool was_interrupted_ = false;
};

}  // namespace

std::unique_ptr<LineEditor> open_line_editor(const std::string& history_file) {
  return std::make_unique<EditLineEditor>(history_file);
}

std::string common_start(const std::vector<std::string>& candidates) {
  if (candidates.empty()) return "";
  size_t length = candidates.front().size();
  for (const auto& candidate : candidates) {
    size_t same = 0;
    while (same < length && same < candidate.size() &&
           lower(candidate[same]) == lower(candidates.front()[same]))
      ++same;
    length = same;
  }
  // Never half a character.
  const auto& first = candidates.front();
  while (length > 0 && length < first.size() &&
         (static_cast<unsigned char>(first[length]) & 0xC0U) == 0x80U)
    --length;
  return first.substr(0, length);
}

size_t word_start(std::string_view before_cursor) {
  size_t start = before_cursor.size();
  const auto is_part = [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '$' ||
           c == '.' || c == '"' || c == '\\' || static_cast<unsigned char>(c) >= 0x80;
  };
  while (start > 0 && is_part(before_cursor[start - 1])) --start;
  return start;
}

}  // namespace falaj::terminal
