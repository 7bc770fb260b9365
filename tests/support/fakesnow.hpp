// fakesnow, an emulator of Snowflake that others wrote, started on a free loopback port. It starts
// once a process and ends with it.
#pragma once

#include <string>
#include <vector>

namespace falaj::test {

// Whether build/fakesnow-venv is there (tools/fetch-deps fakesnow).
bool has_fakesnow();

// Starts another one, which prints where it listens.
std::vector<std::string> fakesnow_command();

// "http://127.0.0.1:PORT"; fails the test if it does not come up.
const std::string& fakesnow_url();

// The driver that this build found; empty when it is not there.
std::string snowflake_driver();

}  // namespace falaj::test
