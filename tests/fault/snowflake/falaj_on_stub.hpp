// The program falaj with the stub as its Snowflake account.
#pragma once

#include <fstream>
#include <string>

#include "support/fakesnow.hpp"
#include "support/programs.hpp"
#include "support/snowflake_stub/snowflake_stub.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {

// `base_url`: of the store; none for commands that ask no store.
inline Falaj falaj_on(const SnowflakeStub& stub, const std::string& home,
                      const std::string& base_url = "http://127.0.0.1:1") {
  Falaj falaj(home, base_url);
  falaj.set_environment("FALAJ_WAREHOUSE_TYPE", "snowflake");
  falaj.set_environment("SNOWFLAKE_HOST", stub.url());
  falaj.set_environment("SNOWFLAKE_ACCOUNT", "stub");
  falaj.set_environment("SNOWFLAKE_USER", "falaj");
  falaj.set_environment("SNOWFLAKE_PASSWORD", "stub-password");
  return falaj;
}

// The value of a line of /proc/PID/FILE that begins with `name`; "" when there is none.
inline std::string proc_line(pid_t pid, const std::string& file, const std::string& name) {
  std::ifstream lines("/proc/" + std::to_string(pid) + "/" + file);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name)) return line.substr(name.size());
  }
  return "";
}

}  // namespace falaj::test
