#include "base/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/unique_fd.hpp"

namespace falaj {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

Error unreadable(const std::string& name, int problem) {
  const auto kind = problem == ENOENT || problem == ENOTDIR ? ErrorKind::kNotFound
                    : problem == EACCES || problem == EPERM ? ErrorKind::kNotAllowed
                                                            : ErrorKind::kStorageFailed;
  return {kind, fmt::format("cannot read {}: {}", name, std::strerror(problem))};
}

void append_utf8(std::string& text, uint32_t point) {
  const auto byte = [&text](uint32_t value) { text += static_cast<char>(value); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xC0U | (point >> 6U));
  } else if (point < 0x10000) {
    byte(0xE0U | (point >> 12U));
    byte(0x80U | ((point >> 6U) & 0x3FU));
  } else {
    byte(0xF0U | (point >> 18U));
    byte(0x80U | ((point >> 12U) & 0x3FU));
    byte(0x80U | ((point >> 6U) & 0x3FU));
  }
  byte(0x80U | (point & 0x3FU));
}

// Half a pair becomes U+FFFD.
std::string from_utf16(std::string_view bytes, bool is_big_endian) {
  const auto unit = [&](size_t at) -> uint32_t {
    const auto first = static_cast<uint8_t>(bytes[at]);
    const auto second = static_cast<uint8_t>(bytes[at + 1]);
    return is_big_endian ? (uint32_t{first} << 8U) | second : (uint32_t{second} << 8U) | first;
  };
  std::string text;
  for (size_t at = 2; at + 1 < bytes.size(); at += 2) {
    const uint32_t high = unit(at);
    if ((high & 0xF800U) != 0xD800U) {
      append_utf8(text, high);
      continue;
    }
    const uint32_t low = at + 3 < bytes.size() ? unit(at + 2) : 0;
    const bool is_pair = high < 0xDC00U && (low & 0xFC00U) == 0xDC00U;
    append_utf8(
        text, is_pair ? 0x10000U + ((high - 0xD800U) << 10U) + (low - 0xDC00U) : uint32_t{0xFFFD});
    if (is_pair) at += 2;
  }
  return text;
}

// The blank that the text begins with (or ends with), in bytes; 0 for none.
size_t blank_at(std::string_view text, bool at_end) {
  static constexpr std::array<std::string_view, 9> kBlanks = {
      " ",   "\t",          "\n", "\r", "\v", "\f", "\xC2\xA0" /* no-break */,
      kMark, "\xE2\x80\x8B" /* of no width */};
  for (const auto blank : kBlanks) {
    if (at_end ? text.ends_with(blank) : text.starts_with(blank)) return blank.size();
  }
  return 0;
}

}  // namespace

Result<std::string> read_text(int descriptor, const std::string& name) {
  std::string bytes;
  std::string chunk(size_t{64} << 10U, '\0');
  for (;;) {
    const auto got = ::read(descriptor, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(name, errno);
    if (got == 0) return plain_text(std::move(bytes));
    bytes.append(chunk.data(), static_cast<size_t>(got));
    if (bytes.size() > kTextFileBytesMax) {
      return Error(ErrorKind::kInvalidConfig,
                   fmt::format("{} is larger than {} MiB: is it the right file?", name,
                               kTextFileBytesMax >> 20U));
    }
  }
}

Result<std::string> read_text_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return unreadable(path, errno);
  return read_text(file.get(), path);
}

std::string plain_text(std::string bytes) {
  if (bytes.starts_with("\xFF\xFE")) bytes = from_utf16(bytes, false);
  if (bytes.starts_with("\xFE\xFF")) bytes = from_utf16(bytes, true);
  if (bytes.starts_with(kMark)) bytes.erase(0, kMark.size());
  if (bytes.find('\r') == std::string::npos) return bytes;
  std::string text;
  text.reserve(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != '\r') {
      text += bytes[i];
    } else if (i + 1 == bytes.size() || bytes[i + 1] != '\n') {
      text += '\n';  // old systems' line end
    }
  }
  return text;
}

std::string_view trimmed(std::string_view text) {
  while (const size_t blank = blank_at(text, false)) text.remove_prefix(blank);
  while (const size_t blank = blank_at(text, true)) text.remove_suffix(blank);
  return text;
}

std::string_view without_comment(std::string_view line) {
  for (size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || blank_at(line.substr(0, at), true) > 0) return trimmed(line.substr(0, at));
  }
  return trimmed(line);
}

std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                         text.back() == text.front();
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace falaj
