// The type of a JSON value, as the table "Types of values" of docs/faults.md names it.
// Threads:  functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "decode/json_text.hpp"
#include "decode/table_spec.hpp"

namespace falaj::test {

// "empty", "whole-text", "list", ... For a column of this kind, since only that has a range.
std::string type_of_value(decode::FieldKind kind, const decode::JsonText& json,
                          decode::Token value);

// A value that such a column takes, as tables print it; nothing: not known without reading it in earnest.
std::optional<std::string> text_of_value(decode::FieldKind kind, const decode::JsonText& json,
                                         decode::Token value);

bool is_date(decode::FieldKind kind);

}  // namespace falaj::test
