#include "decode/volatile_members.hpp"

#include <algorithm>

namespace falaj::decode {
namespace {

std::string_view between(const char* from, const char* to) {
  return {from, static_cast<size_t>(to - from)};
}

}  // namespace

VolatileMembers::VolatileMembers(std::vector<std::string> names) : names_(std::move(names)) {
  for (const std::string& name : names_) first_bytes_.set(static_cast<unsigned char>(name.at(0)));
}

bool VolatileMembers::matches(std::string_view key) const {
  return !key.empty() && first_bytes_[static_cast<unsigned char>(key.front())] &&
         std::find(names_.begin(), names_.end(), key) != names_.end();
}

Sha256Digest VolatileMembers::digest(const JsonText& json, Token value, Sha256& hash) const {
  if (names_.empty()) {
    hash.update(json.raw(value));
    return hash.finish();
  }
  const char* from = json.start(value);
  const Token end = json.after(value);
  for (Token at = value; at < end; ++at) {
    // A member: its name, a colon, its value.
    if (json.kind(at) != ':' || !matches(json.raw_string(at - 1))) continue;
    const Token next = json.after(at + 1);
    const char* cut_from = json.start(at - 1);
    const char* cut_to = json.end_of(at + 1);
    if (json.kind(next) == ',') {
      cut_to = json.start(next) + 1;
    } else if (json.kind(at - 2) == ',' && json.start(at - 2) >= from) {
      cut_from = json.start(at - 2);
    }
    hash.update(between(from, cut_from));
    from = cut_to;
    at = next - 1;
  }
  hash.update(between(from, json.end_of(value)));
  return hash.finish();
}

}  // namespace falaj::decode
