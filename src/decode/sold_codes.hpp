// Cuts sold digital goods out of an answer before it is landed: they are worth money.
// Shape:    every non-empty array named `codes` or `files` that is a member of an element of an
//           array named `items`, or of an element of `data`, becomes [].
// Threads:  a function.
// Facts:    contract.md "Raw text"; salla-api.md 4.2 (`codes`, `files`)
#pragma once

#include <cstddef>
#include <string>

namespace falaj::decode {

// The number of codes and files that were cut out; PageIndex::holds_sold_codes tells beforehand
// whether there are any. An answer that is not valid JSON is left alone (0).
size_t redact_sold_codes(std::string& body);

}  // namespace falaj::decode
