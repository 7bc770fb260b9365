#include "warehouse/snowflake/snowflake_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "warehouse/snowflake/adbc_abi.hpp"

namespace falaj::warehouse {
namespace {

constexpr size_t kSqlExcerptBytes = 300;
constexpr size_t kMessageBytes = 1200;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

using Code = std::pair<int32_t, ErrorKind>;

constexpr auto kCodes = std::to_array<Code>({
    // The statement.
    {904, ErrorKind::kUsage},    // invalid identifier
    {979, ErrorKind::kUsage},    // not a GROUP BY expression
    {1003, ErrorKind::kUsage},   // syntax error
    {1007, ErrorKind::kUsage},   // invalid type of a parameter
    {1044, ErrorKind::kUsage},   // invalid argument types of a function
    {2002, ErrorKind::kUsage},   // object exists already
    {2003, ErrorKind::kUsage},   // object does not exist or not authorized
    {2014, ErrorKind::kUsage},   // type mismatch
    {2028, ErrorKind::kUsage},   // ambiguous column
    {2043, ErrorKind::kUsage},   // object does not exist, or operation cannot be performed
    {2140, ErrorKind::kUsage},   // unknown function
    {9999, ErrorKind::kUsage},   // not implemented
    {90105, ErrorKind::kUsage},  // no current database
    {90106, ErrorKind::kUsage},  // no current schema
    // The rows.
    {100035, ErrorKind::kRowsRejected},  // date or timestamp not recognized
    {100037, ErrorKind::kRowsRejected},  // boolean not recognized
    {100038, ErrorKind::kRowsRejected},  // numeric value not recognized
    {100039, ErrorKind::kRowsRejected},  // numeric value out of range
    {100040, ErrorKind::kRowsRejected},  // date not recognized
    {100046, ErrorKind::kRowsRejected},  // number out of representable range
    {100051, ErrorKind::kRowsRejected},  // division by zero
    {100069, ErrorKind::kRowsRejected},  // error parsing JSON
    {100072, ErrorKind::kRowsRejected},  // NULL into a non-nullable column
    {100078, ErrorKind::kRowsRejected},  // string too long
    {100080, ErrorKind::kRowsRejected},  // number of columns in file does not match
    {100090, ErrorKind::kRowsRejected},  // duplicate row detected during DML action
    {100132, ErrorKind::kRowsRejected},  // NULL result in a non-nullable column
    // Stopped.
    {604, ErrorKind::kCancelled},  // SQL execution canceled
    {630, ErrorKind::kTimeout},    // STATEMENT_TIMEOUT_IN_SECONDS
    {631, ErrorKind::kTimeout},    // queued for too long
    // The account.
    {606, ErrorKind::kInvalidConfig},     // no active warehouse in the session
    {3001, ErrorKind::kNotAllowed},       // insufficient privileges
    {90064, ErrorKind::kNotAllowed},      // resource monitor: warehouse suspended
    {90073, ErrorKind::kNotAllowed},      // resource monitor: quota exceeded
    {260003, ErrorKind::kInvalidConfig},  // no account in the options
    {260008, ErrorKind::kUnavailable},    // cannot connect
    {261000, ErrorKind::kUnavailable},    // request answered with an HTTP status of failure
    {261001, ErrorKind::kUnavailable},    // renewing the session failed so
    {261004, ErrorKind::kUnavailable},    // signing in failed so
    {261006, ErrorKind::kUnavailable},    // closing the session failed so
    {390100, ErrorKind::kAuthFailed},     // incorrect user name or password
    {390101, ErrorKind::kAuthFailed},     // user is locked
    {390110, ErrorKind::kUnavailable},    // session does not exist any more
    {390111, ErrorKind::kUnavailable},    // session gone
    {390112, ErrorKind::kUnavailable},    // session expired, and renewing it did not help
    {390114, ErrorKind::kAuthFailed},     // authentication token has expired
    {390144, ErrorKind::kAuthFailed},     // JWT token is invalid
    {390189, ErrorKind::kNotAllowed},     // role is not granted or does not exist
    {390195, ErrorKind::kAuthFailed},     // token invalid
    {390201, ErrorKind::kNotAllowed},     // object does not exist or not authorized, at login
    {390422, ErrorKind::kNotAllowed},     // network policy
});

ErrorKind kind_of_status(uint8_t status) {
  switch (status) {
    case abi::kNotFound:
    case abi::kInvalidArgument: return ErrorKind::kUsage;
    case abi::kInvalidData:
    case abi::kIntegrity: return ErrorKind::kRowsRejected;
    case abi::kCancelled: return ErrorKind::kCancelled;
    case abi::kTimeout: return ErrorKind::kTimeout;
    case abi::kUnauthenticated: return ErrorKind::kAuthFailed;
    case abi::kUnauthorized: return ErrorKind::kNotAllowed;
    case abi::kIo: return ErrorKind::kUnavailable;
    default: return ErrorKind::kBadResponse;
  }
}

// Addresses such as https://host/session/v1/login-request?databaseName=... without what follows the
// question mark: ids of the request, which help nobody here.
std::string without_queries(std::string_view message) {
  constexpr std::string_view kBefore = "-request";
  std::string text;
  size_t at = 0;
  while (at < message.size()) {
    const auto mark = message.find("-request?", at);
    if (mark == std::string_view::npos) break;
    text += message.substr(at, mark + kBefore.size() - at);
    at = std::min(message.find_first_of("\" \n", mark), message.size());
  }
  return text += message.substr(at);
}

}  // namespace

bool is_poisoned(std::string_view message) {
  return contains(message, "Go panicked, driver is in unknown state");
}

ErrorKind kind_of(const DriverVerdict& verdict) {
  const std::string_view message = verdict.message;
  // 000625: a lock that was not got within LOCK_TIMEOUT.
  if (contains(message, "has locked table")) return ErrorKind::kConflict;
  if (verdict.status == abi::kCancelled || contains(message, "context canceled")) {
    return ErrorKind::kCancelled;
  }
  for (const auto& [code, kind] : kCodes) {
    if (code == verdict.vendor_code) return kind;
  }
  // The driver has given up trying again; it passes on neither number nor answer.
  if (contains(message, "HTTP Status: ")) return ErrorKind::kUnavailable;
  if (contains(message, "deadline exceeded")) return ErrorKind::kTimeout;
  if (verdict.vendor_code >= 390100 && verdict.vendor_code < 390500) return ErrorKind::kAuthFailed;
  if (verdict.vendor_code == 625) return ErrorKind::kCancelled;
  if (verdict.sql_state == "42501") return ErrorKind::kNotAllowed;
  if (verdict.sql_state.starts_with("22") || verdict.sql_state.starts_with("23")) {
    return ErrorKind::kRowsRejected;
  }
  if (verdict.sql_state.starts_with("42") || verdict.sql_state == "02000") return ErrorKind::kUsage;
  if (verdict.sql_state.starts_with("08")) return ErrorKind::kUnavailable;
  return kind_of_status(verdict.status);
}

Error snowflake_error(std::string_view doing, const DriverVerdict& verdict, std::string_view sql) {
  std::string text =
      fmt::format("{}: {}", doing, excerpt(without_queries(verdict.message), kMessageBytes));
  if (!sql.empty()) text += fmt::format("; SQL: {}", excerpt(sql, kSqlExcerptBytes));
  Error error(kind_of(verdict), std::move(text));
  error.sql_state = verdict.sql_state;
  if (verdict.vendor_code != 0) error.vendor_code = fmt::format("{:06}", verdict.vendor_code);
  return error;
}

}  // namespace falaj::warehouse
