// Values as SQL text of the common dialect.
// Threads:  functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace falaj::load {

// 'it''s'
std::string text_literal(std::string_view text);
// "YYYY-MM-DD HH:MM:SS.ffffff", as Table cells print a timestamp.
std::string timestamp_text(int64_t micros_since_1970);
// And back; 0 for a text that is not one.
int64_t parse_timestamp(std::string_view text);
// TIMESTAMP 'YYYY-MM-DD HH:MM:SS.ffffff'
std::string timestamp_literal(UtcTime time);

}  // namespace falaj::load
