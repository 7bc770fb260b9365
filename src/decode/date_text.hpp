// The dates that Salla sends, to UTC.
// Units:    microseconds since 1970 UTC; days since 1970.
// Threads:  functions.
// Facts:    salla-api.md 3: "YYYY-MM-DD HH:MM:SS[.ffffff]", "YYYY-MM-DD", ISO with T, malformed
//           "T:", "Z" or an offset, Unix seconds, "Sun Jun 26 2022 12:21:48 GMT+0300".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace falaj::decode {

struct DateText {
  int64_t local_micros = 0;            // as if it were UTC
  std::optional<int32_t> offset_secs;  // when the text itself gave one
  std::string_view zone;               // or named one; borrows the text
};

// Nothing if it is no date. "0000-00-00 ..." and "-0001-11-30 ..." (PHP's empty date), "null" and "{}"
// are kNoDate.
enum class DateParse { kOk, kNoDate, kNotADate };
DateParse parse_date(std::string_view text, DateText& date);

// By the rules of the zone that the text names itself, else of `zone`: an IANA name, an offset or an
// abbreviation (calendar/zone_rules.hpp). No zone, and one that nobody knows, is Asia/Riyadh, where the
// stores are; the raw text is kept in another column.
int64_t utc_micros(const DateText& date, std::string_view zone);

// What a date is noted by whose zone nobody knows.
inline constexpr std::string_view kUnknownZoneRule = "unknown_zone";

// False for a name that is neither empty nor a zone.
bool is_known_zone(std::string_view zone);

}  // namespace falaj::decode
