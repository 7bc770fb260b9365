// What a Snowflake warehouse is opened with, and how the driver is told.
// Units:    durations in seconds; sizes in bytes.
// Threads:  values and functions.
// Errors:   kInvalidConfig naming the setting; never a secret's value.
// Facts:    warehouse options of adbc-driver-snowflake 1.11.0; names it does not know go into the
//           login as session parameters.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "warehouse/warehouse.hpp"

namespace falaj::warehouse {

struct SnowflakeOptions {
  std::string driver_path;  // libadbc_driver_snowflake.so
  std::string account;      // "<organisation>-<account>"
  std::string host;         // empty: <account>.snowflakecomputing.com; or http://127.0.0.1:PORT
  std::string user;
  std::string database = "SALLA_DWH";
  std::string schema = "OPS";  // where temporary tables and stages go
  std::string warehouse;
  std::string role;

  // The first of these that is given is used, in this order.
  std::string private_key_path;
  Secret private_key;  // PEM
  Secret private_key_passphrase;
  Secret oauth_token;
  Secret access_token;            // a programmatic access token
  std::string identity_provider;  // workload identity: AWS, AZURE, GCP, OIDC
  Secret password;

  std::chrono::seconds login_timeout{60};     // all tries of signing in
  std::chrono::seconds request_timeout{120};  // all tries of one request
  std::chrono::seconds answer_timeout{900};   // one answer of the server
  std::chrono::seconds statement_timeout{7200};
  // A dead client's idle transaction is rolled back after 5 minutes: longer than that.
  std::chrono::seconds lock_timeout{900};

  // Who writes, by a name that no other home has, the same for each of its runs; empty: one of this
  // warehouse object's own.
  std::string writer;
  // How long the others wait for a writer of whom nothing is heard.
  std::chrono::seconds lease{900};

  // Tells statements apart in QUERY_HISTORY: what a session does not say itself.
  StatementTag tag;

  std::string staging_directory;         // where Parquet files lie until they are uploaded
  uint64_t file_bytes_max = 64U << 20U;  // raw bytes of the rows in one file
  int upload_threads = 4;
  uint64_t memory_limit_bytes = 0;  // of the DuckDB that writes them; 0: its own choice
  int retention_days = 1;           // Time Travel of BRONZE, SILVER and GOLD
  bool is_read_only = false;
  Clock* clock = nullptr;  // required; must outlive the warehouse
};

struct DriverOptions {
  std::map<std::string, std::string> values;  // some are secrets
  std::string authentication;                 // "key pair", ...: which one is used
  std::vector<std::string> warnings;
};

// The key of the key pair, opened: unencrypted PEM. Empty when another way to sign in is used.
Result<Secret> private_key_of(const SnowflakeOptions& options);

Result<DriverOptions> driver_options(const SnowflakeOptions& options);

}  // namespace falaj::warehouse
