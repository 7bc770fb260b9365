// How far this machine's clock is from the server's, as the Date headers of answers tell.
// Shape:    the smallest difference of all answers: a Date may be late (it has whole seconds, and a
//           cache hands out old ones), never early.
// Units:    positive: this machine is ahead.
// Threads:  confined to one.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "http/transport.hpp"

namespace falaj::http {

// A difference that a person should know of; less is the wear of networks and clocks.
constexpr Micros kWorthSaying = std::chrono::minutes(5);

class ClockSkew {
 public:
  void observe(const Headers& headers, UtcTime received_at);
  // Nothing while no answer had a Date.
  std::optional<Micros> measured() const { return smallest_; }

 private:
  std::optional<Micros> smallest_;
};

bool is_worth_saying(std::optional<Micros> skew);
// "this machine's clock is 86400 s ahead of the store's"
std::string skew_text(Micros skew);

}  // namespace falaj::http
