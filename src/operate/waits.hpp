// What falaj waits for, in words: for the line of a terminal, for a log and for `falaj status`.
// Shape:    a wait that is over in a moment is not worth a word.
// Units:    seconds of the clock that the wait goes by.
// Threads:  waits_now() is safe; the rest are values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/waits.hpp"

namespace falaj::operate {

struct WaitView {
  std::string what;     // "quota", "customers_quota", "retry", "lock", "writer_turn", ...
  std::string subject;  // whose quota, which lock
  std::string cause;    // "HTTP 503"; may be empty
  double waited_seconds = 0;
  double left_seconds = -1;  // < 0: nobody knows
  bool is_limit = false;     // it may end sooner: then it is given up

  // What keeps one store's requests, and no other's.
  bool is_of_store() const;
};

WaitView to_view(const CurrentWait& wait);
// Of this process, those that take a second or more.
std::vector<WaitView> waits_now();

Json to_json(const std::vector<WaitView>& waits);
std::vector<WaitView> waits_of(const Json& json);

// "42 s", "3 min 20 s", "2 h 5 min": whole seconds, for what counts down.
std::string seconds_text(double seconds);

// "24 s for riyadh's quota": what follows "waiting".
std::string to_text(const WaitView& wait);
// The whole sentence, of several the one that ends first: "3 stores wait, 24 s for riyadh's quota".
std::string to_text(const std::vector<WaitView>& waits);

// Says when a log is to have a line about waits: at the beginning of one that takes more than a few
// seconds, and then every 30 s.
class WaitLog {
 public:
  // The line that is due at `now`, of any steady clock.
  std::optional<std::string> line(const std::vector<WaitView>& waits, Micros now);

 private:
  std::map<std::string, Micros> said_at_;  // by what is waited for
};

}  // namespace falaj::operate
