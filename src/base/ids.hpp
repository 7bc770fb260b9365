// Identifiers that must not be mixed up: each is a type of its own around its plain value.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace falaj {

template <typename Tag, typename Value>
class Id {
 public:
  Id() = default;
  explicit Id(Value value) : value_(std::move(value)) {}
  const Value& value() const { return value_; }
  friend auto operator<=>(const Id&, const Id&) = default;  // NOLINT: takes <=> for a 0

 private:
  Value value_{};
};

// /store/info's id: the number that leads every table.
using StoreId = Id<struct StoreIdTag, int64_t>;
// One execution of `falaj run`: a ULID.
using RunId = Id<struct RunIdTag, std::string>;
// One landing package: a ULID; the unit of exactly-once.
using PackageId = Id<struct PackageIdTag, std::string>;

}  // namespace falaj

template <typename Tag, typename Value>
struct std::hash<falaj::Id<Tag, Value>> {
  size_t operator()(const falaj::Id<Tag, Value>& id) const {
    return std::hash<Value>()(id.value());
  }
};
