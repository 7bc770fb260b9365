#include "warehouse/snowflake/redaction.hpp"

#include <algorithm>
#include <cctype>
#include <mutex>
#include <set>

namespace falaj::warehouse {
namespace {

constexpr size_t kShortestSecret = 4;
// Of a PEM: shorter ones are its first and last line.
constexpr size_t kShortestLine = 32;
// {"alg": and {"typ": in base64
constexpr std::string_view kJwt = "eyJ";
constexpr std::string_view kMask = "***";

struct Known {
  std::mutex mutex;
  std::set<std::string> texts;
};

Known& known() {
  static Known all;
  return all;
}

bool is_jwt_letter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

void mask_all(std::string& text, const std::string& secret) {
  for (size_t at = text.find(secret); at != std::string::npos;
       at = text.find(secret, at + kMask.size())) {
    text.replace(at, secret.size(), kMask);
  }
}

void mask_jwts(std::string& text) {
  for (size_t at = text.find(kJwt); at != std::string::npos;
       at = text.find(kJwt, at + kMask.size())) {
    size_t end = at;
    while (end < text.size() && is_jwt_letter(text[end])) ++end;
    text.replace(at, end - at, kMask);
  }
}

}  // namespace

void remember_secret(const Secret& secret) {
  const std::string& text = secret.expose();
  if (text.size() < kShortestSecret) return;
  const std::lock_guard lock(known().mutex);
  known().texts.insert(text);
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (line.size() >= kShortestLine && line.size() < text.size()) known().texts.insert(line);
    at = end + 1;
  }
}

std::string redacted(std::string_view text) {
  std::string out(text);
  {
    const std::lock_guard lock(known().mutex);
    for (const auto& secret : known().texts) mask_all(out, secret);
  }
  mask_jwts(out);
  return out;
}

}  // namespace falaj::warehouse
