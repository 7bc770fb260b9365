// The offsets of time zones from UTC, with their history: IANA names, abbreviations and offsets.
// Shape:    rules of a zone are computed once a process and never change; rules_of() returns the same
//           object each time.
// Units:    microseconds since 1970; seconds east of UTC.
// Owns:     the process keeps all rules until it ends.
// Threads:  safe. Whoever looks up many times keeps what it found (ZoneMemory, one a thread).
// Facts:    the system's tz data (/usr/share/zoneinfo), where there are none ICU's. A local time that summer time skips is read with the offset before the
//           change, one that comes twice is its first: as PHP, which Salla is written in, reads them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace falaj::calendar {

class ZoneRules {
 public:
  // One offset for ever.
  explicit ZoneRules(int32_t offset_secs) : first_offset_(offset_secs) {}

  int64_t utc_micros(int64_t local_micros) const {
    return local_micros - static_cast<int64_t>(offset_at_local(local_micros)) * 1'000'000;
  }
  int32_t offset_at_local(int64_t local_micros) const;

 private:
  friend class ZoneBook;
  ZoneRules() = default;
  // From this local time on (of the clock that shows more) the offset holds.
  struct Change {
    int64_t from_local_secs;
    int32_t offset_secs;
  };
  int32_t first_offset_ = 0;
  std::vector<Change> changes_;  // sorted
};

// "Africa/Cairo", "+03:00", "GMT+3", "EET" (docs/faults.md says which abbreviations); null for a name
// that nobody knows.
const ZoneRules* rules_of(std::string_view zone);

// The zones that were asked for last: pages name one or two.
class ZoneMemory {
 public:
  const ZoneRules* find(std::string_view zone);

 private:
  static constexpr size_t kRemembered = 4;
  struct Known {
    std::string name;
    const ZoneRules* rules = nullptr;
  };
  Known known_[kRemembered];
  size_t used_ = 0;
  size_t next_ = 0;
};

}  // namespace falaj::calendar
