// Values as SQL text of the common dialect: the one place that quotes.
// Shape:    a quote in a text is doubled. Texts with a backslash are not for Snowflake's statements: there it escapes.
// Units:    microseconds since 1970, UTC.
// Threads:  functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace falaj::warehouse {

// 'it''s'
std::string text_literal(std::string_view text);
// "'it''s', 'b'"; empty for none.
std::string text_list(const std::vector<std::string>& texts);
// "YYYY-MM-DD HH:MM:SS.ffffff", as Table cells print a timestamp.
std::string timestamp_text(int64_t micros_since_1970);
// And back; 0 for a text that is not one.
int64_t parse_timestamp(std::string_view text);
// TIMESTAMP 'YYYY-MM-DD HH:MM:SS.ffffff'
std::string timestamp_literal(UtcTime time);

}  // namespace falaj::warehouse
