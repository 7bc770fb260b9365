#include "simulator/json_edit.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/json.hpp"
#include "decode/json_text.hpp"

namespace falaj::simulator {
namespace {

using decode::JsonText;
using decode::Token;

struct Edit {
  size_t from;
  size_t to;
  std::string text;
};

class Editor {
 public:
  Editor(const JsonText& json, std::vector<std::string> steps, std::optional<std::string> with)
      : json_(json), steps_(std::move(steps)), with_(std::move(with)) {}

  void find(Token value, size_t depth) {
    if (depth == steps_.size()) {
      if (with_)
        edits_.push_back({offset(json_.start(value)), offset(json_.end_of(value)), *with_});
      return;
    }
    const auto& step = steps_[depth];
    const bool is_last = depth + 1 == steps_.size();
    if (json_.kind(value) == '{') {
      in_object(value, step, depth, is_last);
    } else if (json_.kind(value) == '[') {
      in_array(value, step, depth, is_last);
    }
  }

  std::vector<Edit> take_edits() { return std::move(edits_); }

 private:
  size_t offset(const char* at) const { return static_cast<size_t>(at - json_.text().data()); }

  void in_object(Token object, const std::string& step, size_t depth, bool is_last) {
    const auto member = json_.member(object, step);
    if (!member) {
      if (!is_last || !with_) return;
      const size_t inside = offset(json_.start(object)) + 1;
      const char* comma = json_.is_empty_container(object) ? "" : ",";
      edits_.push_back({inside, inside, json_quote(step) + ":" + *with_ + comma});
    } else if (is_last && !with_) {
      cut(*member - 2, *member);
    } else {
      find(*member, depth + 1);
    }
  }

  void in_array(Token array, const std::string& step, size_t depth, bool is_last) {
    size_t wanted = 0;
    const bool is_each = step == "*";
    if (!is_each) {
      const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), wanted);
      if (error != std::errc() || end != step.data() + step.size()) return;
    }
    size_t at = 0;
    json_.each_element(array, [&](Token element) {
      const bool is_meant = is_each || at == wanted;
      ++at;
      if (!is_meant) return;
      if (is_last && !with_) {
        cut(element, element);
      } else {
        find(element, depth + 1);
      }
    });
  }

  // From a member's name (or an element) to its end, and one comma: the one behind it, else the one
  // before.
  void cut(Token first, Token value) {
    size_t from = offset(json_.start(first));
    size_t to = offset(json_.end_of(value));
    const Token next = json_.after(value);
    if (json_.kind(next) == ',') {
      to = offset(json_.start(next)) + 1;
    } else if (json_.kind(first - 1) == ',') {
      from = offset(json_.start(first - 1));
    }
    if (!edits_.empty()) from = std::max(from, edits_.back().to);
    edits_.push_back({from, to, ""});
  }

  const JsonText& json_;
  std::vector<std::string> steps_;
  std::optional<std::string> with_;
  std::vector<Edit> edits_;
};

}  // namespace

bool edit_json(std::string& text, std::string_view pointer,
               const std::optional<std::string>& with) {
  std::vector<std::string> steps;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    steps.emplace_back(pointer.substr(0, end));
    pointer.remove_prefix(end);
  }
  JsonText json;
  if (!pointer.empty() || json.index(text)) return false;
  Editor editor(json, std::move(steps), with);
  editor.find(json.root(), 0);
  const auto edits = editor.take_edits();
  if (edits.empty()) return false;
  std::string edited;
  size_t from = 0;
  for (const auto& edit : edits) {
    edited.append(text, from, edit.from - from).append(edit.text);
    from = edit.to;
  }
  text = edited.append(text, from);
  return true;
}

}  // namespace falaj::simulator
