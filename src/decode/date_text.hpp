// The dates that Salla sends, to UTC.
// Units:    microseconds since 1970 UTC; days since 1970.
// Threads:  functions.
// Facts:    salla-api.md 3: "YYYY-MM-DD HH:MM:SS[.ffffff]", "YYYY-MM-DD", ISO with T, malformed
//           "T:", "Z" or an offset, Unix seconds, "Sun Jun 26 2022 12:21:48 GMT+0300". Saudi Arabia is UTC+3 and has no summer time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace falaj::decode {

struct DateText {
  int64_t local_micros = 0;            // as if it were UTC
  std::optional<int32_t> offset_secs;  // when the text itself gave one
};

// Nothing if it is no date. "0000-00-00 ..." and "-0001-11-30 ..." (PHP's empty date), "null" and "{}"
// are kNoDate.
enum class DateParse { kOk, kNoDate, kNotADate };
DateParse parse_date(std::string_view text, DateText& date);

// Seconds east of UTC. Known are UTC, GMT, Z, "+03:00" and the zones without summer time of the
// region; any other name, and none, is taken for Asia/Riyadh, where the stores are (the raw text is
// kept in another column).
int32_t zone_offset_secs(std::string_view zone);

inline int64_t utc_micros(const DateText& date, std::string_view zone) {
  return date.local_micros -
         static_cast<int64_t>(date.offset_secs ? *date.offset_secs : zone_offset_secs(zone)) *
             1'000'000;
}

}  // namespace falaj::decode
