// The digest of an entity's bytes without the members that change with the clock, so that nothing
// counts as changed because time has passed.
// Threads:  confined to one.
// Facts:    contract.md "payload_sha256"
#pragma once

#include <bitset>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "decode/json_text.hpp"

namespace falaj::decode {

class VolatileMembers {
 public:
  VolatileMembers() = default;
  explicit VolatileMembers(std::vector<std::string> names);

  // Of the value's bytes as received, or without the volatile members and a comma each.
  Sha256Digest digest(const JsonText& json, Token value, Sha256& hash) const;

 private:
  bool matches(std::string_view key) const;

  std::vector<std::string> names_;
  std::bitset<256> first_bytes_;
};

}  // namespace falaj::decode
