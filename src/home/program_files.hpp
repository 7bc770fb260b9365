// Where the program's own files are: beside the binary, so that it runs from any directory.
#pragma once

#include <filesystem>

namespace falaj::home {

// The folder of the running program.
std::filesystem::path program_directory();
// <program>/../lib/falaj: libduckdb and its extensions.
std::filesystem::path extension_directory();

}  // namespace falaj::home
