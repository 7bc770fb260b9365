// Exact decimal numbers from text, as integers of a fixed scale; never through floating point.
// Units:    scale 4: 1/10,000. Further digits round half away from zero.
// Facts:    contract.md: money is DECIMAL(18,4)
#pragma once

#include <cstdint>
#include <string_view>

namespace falaj::decode {

enum class NumberParse { kOk, kNotANumber, kOutOfRange };

// "12.5", "-0.00005", "1e3", surrounded by spaces at most. |value| must be below 10^(18 - scale).
NumberParse parse_decimal(std::string_view text, int scale, int64_t& value);

// An integer: "17", "17.0", "1e2"; not "1.5". Any int64.
NumberParse parse_integer(std::string_view text, int64_t& value);

}  // namespace falaj::decode
