// The one place where a report becomes text for people: in a form of its own where there is one for
// its shape, else as its declared fields, a list of records as a table.
// Threads:  functions.
#pragma once

#include <string>

#include "operate/report.hpp"

namespace falaj::cli {

std::string text_of(const operate::Report& report);

// Of any report: its fields in order.
std::string plain_text_of(const operate::Report& report);

}  // namespace falaj::cli
