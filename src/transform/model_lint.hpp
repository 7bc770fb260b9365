// What the SELECT of a model may not say: expressions that one odd value can make fail, and with them
// the whole statement.
// Shape:    refused are casts to a narrower type, divisions and DATE_FROM_PARTS. The runner narrows
//           each column of the result itself, to NULL where a value does not fit; ratios go through
//           decimal_ratio().
// Threads:  functions.
// Errors:   kInvalidConfig naming the model, the expression and what to write instead.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace falaj::transform {

Status lint_select(const std::string& model, std::string_view select);

}  // namespace falaj::transform
