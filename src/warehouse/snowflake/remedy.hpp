// What somebody can do about a failure of Snowflake, or of the way to it: the cause in a few words
// and the statement to run, with the names of the settings in it.
// Threads:  functions.
// Errors:   none; empty for what is not known. Never a secret.
// Facts:    messages of docs.snowflake.com ("troubleshooting", "key-pair authentication", "network
//           policies", "resource monitors"), and those that adbc-driver-snowflake 1.11.0
//           gives when a listener refuses, hangs up, answers 403 or has a certificate of its own.
#pragma once

#include <string>

#include "base/error.hpp"

namespace falaj::warehouse {

// Whom the failure was about; empty: not set.
struct RemedyNames {
  std::string account;
  std::string host;  // that was asked
  std::string user;
  std::string role;
  std::string warehouse;
  std::string database;
  std::string public_key;   // of the key pair in use: base64 of its DER, as RSA_PUBLIC_KEY takes it
  std::string fingerprint;  // and as RSA_PUBLIC_KEY_FP shows it
};

std::string remedy(const Error& error, const RemedyNames& names);

}  // namespace falaj::warehouse
