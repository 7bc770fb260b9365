#include "decode/json_text.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace falaj::decode {
namespace {

// Buffers for texts beyond this are given back when smaller texts follow: they are five times the
// text's size.
constexpr size_t kKeptCapacity = size_t{4} << 20U;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// RFC 8259 section 6.
bool is_number(const char* at, const char* end) {
  if (at < end && *at == '-') ++at;
  if (at == end || !is_digit(*at)) return false;
  if (*at++ == '0' && at < end && is_digit(*at)) return false;
  while (at < end && is_digit(*at)) ++at;
  if (at < end && *at == '.') {
    if (++at == end || !is_digit(*at)) return false;
    while (at < end && is_digit(*at)) ++at;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at < end && (*at == '+' || *at == '-')) ++at;
    if (at == end || !is_digit(*at)) return false;
    while (at < end && is_digit(*at)) ++at;
  }
  return at == end;
}

size_t first_invalid_utf8(std::string_view text) {
  // Halving: simdjson says whether, not where.
  size_t low = 0;
  size_t high = text.size();
  while (high - low > 1) {
    const size_t middle = low + (high - low) / 2;
    // A prefix may end inside a good sequence: look a little beyond for its end.
    bool is_good = false;
    for (size_t cut = middle; cut < std::min(middle + 4, text.size() + 1) && !is_good; ++cut) {
      is_good = simdjson::validate_utf8(text.data(), cut);
    }
    (is_good ? low : high) = middle;
  }
  return low;
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The four hex digits at `at`; -1 if they are not there.
int32_t hex4(std::string_view raw, size_t at) {
  if (at + 4 > raw.size()) return -1;
  int32_t code = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const int digit = hex_value(raw[i]);
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

void append_utf8(std::string& out, uint32_t code) {
  const auto put = [&out](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

}  // namespace

std::string JsonText::Problem::to_text(std::string_view text) const {
  const size_t from = offset - std::min<size_t>(offset, 20);
  return fmt::format("{} at byte {} of {}, near: {}", reason, offset, text.size(),
                     excerpt(text.substr(std::min(from, text.size())), 60));
}

struct JsonText::Indexer {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> implementation;
};

JsonText::JsonText() : indexer_(std::make_unique<Indexer>()) {}
JsonText::~JsonText() = default;
JsonText::JsonText(JsonText&&) noexcept = default;
JsonText& JsonText::operator=(JsonText&&) noexcept = default;

std::optional<JsonText::Problem> JsonText::index(std::string_view text) {
  text_ = text;
  if (text.empty()) return Problem{"an empty text", 0};
  auto& implementation = indexer_->implementation;
  const size_t held = implementation ? implementation->capacity() : 0;
  if (held < text.size() || (held > kKeptCapacity && text.size() < held / 8)) {
    jumps_ = {};
    // A quarter more, so that pages of about one size do not allocate again and again.
    const size_t capacity = std::max<size_t>(text.size() + text.size() / 4, 64 * 1024);
    // The second number is the depth of simdjson's own parser, which is not used here.
    const auto code = simdjson::get_active_implementation()->create_dom_parser_implementation(
        capacity, 1, implementation);
    if (code != simdjson::SUCCESS) {
      return Problem{fmt::format("too large: {}", simdjson::error_message(code)), 0};
    }
  }
  const auto code = implementation->stage1(reinterpret_cast<const uint8_t*>(text.data()),
                                           text.size(), simdjson::stage1_mode::regular);
  switch (code) {
    case simdjson::SUCCESS: break;
    case simdjson::UTF8_ERROR: return Problem{"invalid UTF-8", first_invalid_utf8(text)};
    case simdjson::EMPTY: return Problem{"an empty text", 0};
    case simdjson::UNCLOSED_STRING: return Problem{"the text ends inside a string", text.size()};
    case simdjson::UNESCAPED_CHARS: {
      const auto bad = std::find_if(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t';
      });
      return Problem{"a control character inside a string",
                     static_cast<size_t>(bad - text.begin()) % std::max<size_t>(text.size(), 1)};
    }
    default: return Problem{std::string(simdjson::error_message(code)), 0};
  }
  positions_ = implementation->structural_indexes.get();
  return check_grammar(implementation->n_structural_indexes);
}

std::optional<JsonText::Problem> JsonText::check_scalar(Token token) const {
  const char* begin = start(token);
  const char* end = trimmed_end(token);
  const std::string_view scalar(begin, static_cast<size_t>(end - begin));
  bool is_good = false;
  switch (*begin) {
    case 't': is_good = scalar == "true"; break;
    case 'f': is_good = scalar == "false"; break;
    case 'n': is_good = scalar == "null"; break;
    default: is_good = is_number(begin, end); break;
  }
  if (is_good) return std::nullopt;
  return Problem{fmt::format("not a JSON value: {}", excerpt(scalar, 40)), positions_[token]};
}

// One pass over the tokens: every bracket has its partner, every value is where one may be.
std::optional<JsonText::Problem> JsonText::check_grammar(size_t count) {
  const auto size = static_cast<uint32_t>(count);
  if (jumps_.size() < count) jumps_.resize(count + count / 4);
  open_.clear();
  const auto at = [this, size](Token token) { return token < size ? kind(token) : '\0'; };
  const auto problem = [this, size](Token token, const char* expected) {
    if (token >= size) return Problem{"the text ends too early", text_.size()};
    const std::string found = excerpt(std::string_view(start(token), 1));
    return Problem{fmt::format("found '{}', expected {}", found, expected), positions_[token]};
  };
  Token i = 0;
  while (true) {
    // A value starts here.
    const char c = at(i);
    bool is_closing = false;
    if (c == '{') {
      open_.push_back(i++);
      is_closing = at(i) == '}';
      if (!is_closing) {
        if (at(i) != '"') return problem(i, "a member name");
        if (at(i + 1) != ':') return problem(i + 1, "':'");
        i += 2;
        continue;
      }
    } else if (c == '[') {
      open_.push_back(i++);
      is_closing = at(i) == ']';
      if (!is_closing) continue;
    } else if (c == '"') {
      ++i;
    } else if (c == '-' || is_digit(c) || c == 't' || c == 'f' || c == 'n') {
      if (auto bad = check_scalar(i)) return bad;
      ++i;
    } else {
      return problem(i, "a value");
    }
    // After a value: a comma, or the end of what encloses it, any number of times.
    while (true) {
      if (!is_closing) {
        if (open_.empty()) {
          if (i != size) return problem(i, "the end of the text");
          return std::nullopt;
        }
        const bool is_object = kind(open_.back()) == '{';
        const char next = at(i);
        if (next == ',') {
          ++i;
          if (is_object) {
            if (at(i) != '"') return problem(i, "a member name");
            if (at(i + 1) != ':') return problem(i + 1, "':'");
            i += 2;
          }
          break;
        }
        if (next != (is_object ? '}' : ']')) {
          return problem(i, is_object ? "',' or '}'" : "',' or ']'");
        }
      }
      jumps_[open_.back()] = i++;
      open_.pop_back();
      is_closing = false;
    }
  }
}

bool JsonText::has_only_numbers(Token object) const {
  bool is_list = true;
  each_member(object, [&is_list](std::string_view name, Token) {
    if (name.starts_with('-')) name.remove_prefix(1);
    is_list = is_list && !name.empty() && std::all_of(name.begin(), name.end(), is_digit);
  });
  return is_list;
}

std::optional<Token> JsonText::member(Token object, std::string_view key) const {
  std::optional<Token> found;
  each_member(object, [&](std::string_view name, Token value) {
    if (name == key) found = value;
  });
  return found;
}

void append_unescaped(std::string& out, std::string_view raw) {
  constexpr uint32_t kReplacement = 0xFFFD;
  size_t i = 0;
  while (i < raw.size()) {
    const size_t slash = std::min(raw.find('\\', i), raw.size());
    out.append(raw.substr(i, slash - i));
    i = slash + 1;
    if (i >= raw.size()) return;
    const char c = raw[i++];
    switch (c) {
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case 'r': out += '\r'; break;
      case 'b': out += '\b'; break;
      case 'f': out += '\f'; break;
      case 'u': {
        const int32_t first = hex4(raw, i);
        uint32_t code = first <= 0 ? kReplacement : static_cast<uint32_t>(first);
        if (first >= 0) i += 4;
        if (code >= 0xD800 && code < 0xDC00 && raw.substr(i, 2) == "\\u") {
          const int32_t second = hex4(raw, i + 2);
          if (second >= 0xDC00 && second < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10U) + (static_cast<uint32_t>(second) - 0xDC00);
            i += 6;
          }
        }
        append_utf8(out, code >= 0xD800 && code < 0xE000 ? kReplacement : code);
        break;
      }
      default: out += c; break;
    }
  }
}

}  // namespace falaj::decode
