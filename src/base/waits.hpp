// What this program waits for at the moment: said by whoever waits, read by whatever shows it. One
// list for the process, as the log is.
// Shape:    a wait is in the list for as long as its ShownWait lives; waits are listed oldest first.
// Units:    microseconds of the clock that the wait goes by.
// Threads:  safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace falaj {

enum class WaitFor {
  kQuota,           // a store's request limit
  kCustomersQuota,  // the limit on customers' requests, which all stores of a machine share
  kRetry,           // the next try of a request that failed
  kLock,            // a file that another process holds
  kWriterTurn,      // the turn to write to a warehouse
  kConflict,        // the next try of a transaction that met another one
  kEvents,          // receivers of webhooks that are to hand over what they hold
};

struct Wait {
  WaitFor what = WaitFor::kLock;
  std::string subject;          // whose limit, which lock: for people
  std::string cause;            // "HTTP 503"; empty: nothing more is known
  std::optional<Micros> lasts;  // nothing: nobody knows
  bool is_limit = false;        // `lasts` is the patience of whoever waits: it may end sooner
};

struct CurrentWait {
  Wait wait;
  Micros waited{0};
  std::optional<Micros> left;  // never negative
};

// Puts a wait into the list until it goes.
class ShownWait {
 public:
  // `clock` must outlive it; null: the wait goes by real time.
  ShownWait(const Clock* clock, Wait wait);
  ~ShownWait();
  ShownWait(const ShownWait&) = delete;
  ShownWait& operator=(const ShownWait&) = delete;

 private:
  int64_t number_;
};

std::vector<CurrentWait> current_waits();

}  // namespace falaj
