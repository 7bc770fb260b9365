#include "base/error.hpp"

#include <cstdio>

namespace falaj {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage: return "usage";
    case ErrorKind::kInvalidConfig: return "invalid_config";
    case ErrorKind::kAuthFailed: return "auth_failed";
    case ErrorKind::kNotAllowed: return "not_allowed";
    case ErrorKind::kNotFound: return "not_found";
    case ErrorKind::kRateLimited: return "rate_limited";
    case ErrorKind::kUnavailable: return "unavailable";
    case ErrorKind::kTimeout: return "timeout";
    case ErrorKind::kBadResponse: return "bad_response";
    case ErrorKind::kSchemaChanged: return "schema_changed";
    case ErrorKind::kRowsRejected: return "rows_rejected";
    case ErrorKind::kConflict: return "conflict";
    case ErrorKind::kStorageFailed: return "storage_failed";
    case ErrorKind::kOutcomeUnknown: return "outcome_unknown";
    case ErrorKind::kCancelled: return "cancelled";
    case ErrorKind::kNothingToDo: return "nothing_to_do";
    case ErrorKind::kBug: return "bug";
  }
  return "bug";
}

bool is_retryable(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kRateLimited:
    case ErrorKind::kUnavailable:
    case ErrorKind::kTimeout:
    case ErrorKind::kConflict: return true;
    default: return false;
  }
}

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage: return 64;         // EX_USAGE
    case ErrorKind::kRowsRejected: return 65;  // EX_DATAERR
    case ErrorKind::kUnavailable:
    case ErrorKind::kNotFound: return 69;       // EX_UNAVAILABLE
    case ErrorKind::kBug: return 70;            // EX_SOFTWARE
    case ErrorKind::kStorageFailed: return 74;  // EX_IOERR
    case ErrorKind::kRateLimited:
    case ErrorKind::kTimeout:
    case ErrorKind::kConflict:
    case ErrorKind::kOutcomeUnknown:
    case ErrorKind::kCancelled: return 75;  // EX_TEMPFAIL
    case ErrorKind::kBadResponse:
    case ErrorKind::kSchemaChanged: return 76;  // EX_PROTOCOL
    case ErrorKind::kAuthFailed:
    case ErrorKind::kNotAllowed: return 77;     // EX_NOPERM
    case ErrorKind::kInvalidConfig: return 78;  // EX_CONFIG
    case ErrorKind::kNothingToDo: return 99;    // an Airflow operator reads it as "skipped"
  }
  return 70;
}

std::string Error::to_text() const {
  std::string text = message_;
  if (!trail_.empty()) {
    text += " (while ";
    for (size_t i = 0; i < trail_.size(); ++i) {
      if (i > 0) text += ", while ";
      text += trail_[i];
    }
    text += ')';
  }
  return text;
}

namespace {

// Length of the valid UTF-8 sequence that starts at text[i], 0 if there is none (RFC 3629: neither
// overlong forms nor surrogates nor anything beyond U+10FFFF).
size_t utf8_length(std::string_view text, size_t i) {
  const auto byte = [&](size_t k) { return static_cast<unsigned char>(text[i + k]); };
  const auto lead = byte(0);
  size_t length = 0;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  if (length == 0 || i + length > text.size()) return 0;
  for (size_t k = 1; k < length; ++k) {
    if ((byte(k) & 0xC0U) != 0x80U) return 0;
  }
  const bool is_overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool is_no_character = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
  return is_overlong || is_no_character ? 0 : length;
}

}  // namespace

std::string excerpt(std::string_view text, size_t limit) {
  std::string out;
  size_t i = 0;
  while (i < text.size() && i < limit) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte < 0x7F) {
      out += text[i++];
    } else if (const size_t length = byte >= 0x80 ? utf8_length(text, i) : 0; length > 0) {
      out.append(text.substr(i, length));
      i += length;
    } else {
      char escaped[5];
      std::snprintf(escaped, sizeof escaped, "\\x%02x", byte);
      out += escaped;
      ++i;
    }
  }
  if (i < text.size()) out += "...";
  return out;
}

}  // namespace falaj
