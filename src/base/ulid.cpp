#include "base/ulid.hpp"

#include <algorithm>

namespace falaj {
namespace {

constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kLength = 26;
constexpr int kEntropyBits = 80;

}  // namespace

uint64_t UlidGenerator::random_seed() {
  std::random_device device;
  return (static_cast<uint64_t>(device()) << 32U) | device();
}

std::string UlidGenerator::next() {
  std::lock_guard lock(mutex_);
  const auto millis = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now().time_since_epoch())
          .count());
  constexpr Uint128 kMask = (static_cast<Uint128>(1) << kEntropyBits) - 1;
  if (millis > last_millis_) {
    last_millis_ = millis;
    // The top entropy bit stays clear, so that increments within a millisecond cannot overflow.
    entropy_ = (((static_cast<Uint128>(random_()) << 64U) | random_()) & kMask) >> 1U;
  } else {
    ++entropy_;
  }
  Uint128 bits = (static_cast<Uint128>(last_millis_) << kEntropyBits) | entropy_;
  std::string text(kLength, '0');
  for (size_t i = kLength; i-- > 0;) {
    text[i] = kAlphabet[static_cast<unsigned>(bits & 31U)];
    bits >>= 5U;
  }
  return text;
}

void UlidGenerator::stay_above(const std::string& id) {
  if (!is_ulid(id)) return;
  Uint128 bits = 0;
  for (const char c : id) bits = (bits << 5U) | std::string_view(kAlphabet).find(c);
  constexpr Uint128 kMask = (static_cast<Uint128>(1) << kEntropyBits) - 1;
  const auto millis = static_cast<uint64_t>(bits >> kEntropyBits);
  std::lock_guard lock(mutex_);
  if (millis < last_millis_ || (millis == last_millis_ && (bits & kMask) <= entropy_)) return;
  last_millis_ = millis;
  entropy_ = bits & kMask;
}

bool is_ulid(const std::string& text) {
  return text.size() == kLength && std::all_of(text.begin(), text.end(), [](char c) {
           return std::string_view(kAlphabet).find(c) != std::string_view::npos;
         });
}

}  // namespace falaj
