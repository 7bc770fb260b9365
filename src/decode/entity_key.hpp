// The id of an entity as its table has it: a number of its own, or, where the API gives none, a hash
// of the members that together tell it from the others (a currency's code, say).
// Shape:    hashed ids are 63 bits of SHA-256 over the members' texts, 0x1F between them, 0x00 for a
//           member that is absent, null or empty. "{parent}" stands for the id of what the request was
//           for; alone it is the id itself.
// Threads:  confined to one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "decode/json_text.hpp"
#include "decode/table_spec.hpp"

namespace falaj::decode {

class EntityKey {
 public:
  explicit EntityKey(const TableSpec& spec);

  bool is_hashed() const { return !key_paths_.empty(); }
  // Nothing when it has none of the members.
  std::optional<int64_t> of(const JsonText& json, Token entity, int64_t parent_id);

 private:
  std::optional<int64_t> number_of(const JsonText& json, Token entity) const;

  std::vector<std::string> id_paths_;
  std::vector<std::string> key_paths_;
  Sha256 hash_;
  std::string text_;
};

// The value at a path of member names joined by dots; nothing on the way through anything but objects.
std::optional<Token> member_at(const JsonText& json, Token entity, std::string_view path);

}  // namespace falaj::decode
