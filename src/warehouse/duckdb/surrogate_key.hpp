// surrogate_key('<table>', part, ...) for SQL: a BIGINT that is the same in every warehouse.
// Shape:    the first 63 bits of SHA-256 over <table> 0x1F <part> 0x1F <part> ...; a part is the
//           decimal text of an integer, the UTF-8 bytes of a text, YYYY-MM-DDTHH:MM:SSZ of a
//           timestamp (with .ffffff before the Z when it has a fraction), YYYY-MM-DD of a date,
//           and the single byte 0x00 for NULL.
// Errors:   kUsage for a part of another type.
// Facts:    docs/decisions/0004-surrogate-keys.md
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.hpp"
#include "duck/chunk.hpp"
#include "duck/connection.hpp"

namespace falaj::warehouse {

Status register_surrogate_key(duck::Connection& connection);

}  // namespace falaj::warehouse
