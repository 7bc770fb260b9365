// What went wrong, in a form that a person can act on and a program can classify.
// Shape:    kind + message + trail ("while ..." lines, innermost first) + vendor fields.
// Threads:  a value; copy it freely.
// Errors:   is_retryable() is a function of the kind alone; who maps a foreign answer to a kind
//           does so in the folder that talks to that system and cites its source there.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace falaj {

// Closed list. The comment says what the operator should think of.
enum class ErrorKind {
  kUsage,           // the command line was wrong
  kInvalidConfig,   // falaj.toml, environment or an option has a bad value
  kAuthFailed,      // credentials refused, expired or lacking a scope
  kNotAllowed,      // authenticated, but refused (HTTP 403, file permission)
  kNotFound,        // the thing asked for does not exist
  kRateLimited,     // the other side asked us to wait
  kUnavailable,     // the other side is down or unreachable
  kTimeout,         // no answer in time; nothing is known to have happened
  kBadResponse,     // an answer that we cannot understand
  kSchemaChanged,   // an answer of another shape than the catalogue's
  kRowsRejected,    // data are wrong: books do not balance, a check failed
  kConflict,        // somebody else holds it; try again later
  kStorageFailed,   // local disk: full, unreadable, corrupt
  kOutcomeUnknown,  // a commit whose answer was lost: look before trying again
  kCancelled,       // asked to stop
  kNothingToDo,     // skipped: there was nothing to do
  kBug,             // our own mistake
};

std::string_view to_string(ErrorKind kind);
bool is_retryable(ErrorKind kind);

// Exit status of the program for an error of this kind (sysexits.h, and 99 = skipped).
int exit_code(ErrorKind kind);

class [[nodiscard]] Error {
 public:
  Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  const std::vector<std::string>& trail() const { return trail_; }

  // Adds one line of context: what was being done, e.g. "reading orders page 7".
  Error&& while_doing(std::string doing) && {
    trail_.push_back(std::move(doing));
    return std::move(*this);
  }
  Error& while_doing(std::string doing) & {
    trail_.push_back(std::move(doing));
    return *this;
  }

  // Fields of the system that answered; 0 or empty when it gave none.
  int http_status = 0;
  std::string sql_state;
  std::string vendor_code;
  std::string request_id;
  std::optional<std::chrono::milliseconds> retry_after;

  // One paragraph for people: "<message> (while <innermost>, while <outer>)".
  std::string to_text() const;

 private:
  ErrorKind kind_;
  std::string message_;
  std::vector<std::string> trail_;
};

// The first `limit` bytes of foreign text, control bytes and invalid UTF-8 escaped: what error
// messages may quote of an answer or a file.
std::string excerpt(std::string_view text, size_t limit = 200);

}  // namespace falaj
