// Texts that people write: settings, tokens, lists, keys, queries.
// Shape:    UTF-8 without a byte order mark, lines that end with \n, whatever editor and system the
//           file came from: UTF-16 with its mark (as Windows writes it) is converted.
// Units:    at most kTextFileBytesMax.
// Threads:  functions.
// Errors:   kNotFound: there is no such file; kNotAllowed: it may not be read; kStorageFailed: a
//           folder, a disk that fails; kInvalidConfig: larger than that. What a file holds is never
//           part of a message.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace falaj {

inline constexpr size_t kTextFileBytesMax = size_t{64} << 20U;

Result<std::string> read_text_file(const std::string& path);
// What comes through a pipe.
Result<std::string> read_text(int descriptor, const std::string& name);

// The same of a text that is here already.
std::string plain_text(std::string bytes);

// Without blanks and line ends at both ends: those of ASCII, no-break and zero-width spaces.
std::string_view trimmed(std::string_view text);

// Without a comment behind: '#' after a blank, or at the beginning. Trimmed.
std::string_view without_comment(std::string_view line);

// Without one pair of equal quotes around it, if it has one.
std::string_view unquoted(std::string_view text);

}  // namespace falaj
