// How many rows a list of the API announces.
// Threads:  a function.
#pragma once

#include <cstdint>
#include <string_view>

namespace falaj::connectors::salla {

// Of the body of one of its pages; 0 where it says nothing.
int64_t list_total(std::string_view body);

}  // namespace falaj::connectors::salla
