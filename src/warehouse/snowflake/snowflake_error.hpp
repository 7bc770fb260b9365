// Turns the driver's and Snowflake's verdicts into our kinds, by one table.
// Errors:   kConflict and nothing else is run again as a whole transaction. kUnavailable and
//           kTimeout of a COMMIT become kOutcomeUnknown in the session.
// Facts:    docs.snowflake.com, "error messages"; gosnowflake errors.go for 26xxxx; ADBC's status
//           codes where Snowflake gives no number.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.hpp"

namespace falaj::warehouse {

struct DriverVerdict {
  uint8_t status = 0;          // ADBC's
  int32_t vendor_code = 0;     // Snowflake's number: 2003 for 002003
  std::string_view sql_state;  // five characters, or empty
  std::string_view message;
};

ErrorKind kind_of(const DriverVerdict& verdict);

// `doing` says what was attempted; `sql` may be empty.
Error snowflake_error(std::string_view doing, const DriverVerdict& verdict, std::string_view sql);

// The driver has panicked: nothing it says afterwards is to be trusted.
bool is_poisoned(std::string_view message);

}  // namespace falaj::warehouse
