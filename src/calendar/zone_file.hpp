// Reads a zone of the system's tz database (TZif, RFC 8536), which distributions keep up to date.
// Units:    seconds since 1970; seconds east of UTC.
// Threads:  functions.
// Errors:   nothing for a name without a file, and for a file that is none of TZif.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace falaj::calendar {

// The offsets of a zone: the first, and each change at an instant.
struct ZoneHistory {
  struct Change {
    int64_t at_secs;
    int32_t offset_secs;
  };
  int32_t first_offset_secs = 0;
  std::vector<Change> changes;
};

inline constexpr const char* kZoneFolder = "/usr/share/zoneinfo";

// `name` has letters, digits and "/_-+" only.
std::optional<ZoneHistory> read_zone_file(const std::string& folder, std::string_view name);

// The bytes of such a file.
std::optional<ZoneHistory> parse_zone_file(std::string_view bytes);

}  // namespace falaj::calendar
