// A server of Snowflake's wire protocol, as the ADBC driver speaks it, that does on request what an
// account does once in a thousand loads: answers late, twice, in part, wrongly or not at all.
// Statements run for real in a DuckDB in memory; a request that is tried again under the same
// requestId is answered with what the first one did, as Snowflake does it.
// Shape:    statements are counted from 1, in the order in which they arrive; a repeated request is
//           the same statement. Faults are scripted by that number or by a part of the SQL.
// Threads:  safe. The server runs until the object goes.
// Facts:    gosnowflake 1.19 (restful.go, retry.go, file_transfer_agent.go).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "http_server/response.hpp"
#include "support/snowflake_stub/arrow_stream.hpp"

namespace falaj::test {

enum class StubFault {
  kNone,
  // Before the statement runs.
  kSessionExpired,   // 390112: the driver renews the token and asks again
  kSessionGone,      // 390111: the session is no more, its transaction rolled back
  kRefused,          // 300002, an internal error; nothing was done
  kUnavailable,      // 503 to the first `times` tries, then as if nothing had been
  kTooManyRequests,  // 429, likewise
  kNeverAvailable,   // 503 to this request for ever
  kReset,            // the connection is reset; the statement does not run
  kSlow,             // waits until it is stopped
  // After it ran.
  kLostAnswer,    // the connection is reset; the next try gets the answer
  kLostForEver,   // it is reset for every try
  kCutAnswer,     // the answer ends in the middle
  kRejectedFile,  // COPY: the first file's rows stay out, and the report says so
  kWrongCount,    // the answer announces one row more than it has; COPY counts one row less
  kAsynchronous,  // answered after two more questions
  kChunks,        // rows come in several chunks of their own
  kCutChunk,      // likewise, and the last one ends in the middle
};
std::string_view to_string(StubFault fault);

struct StubScript {
  StubFault fault = StubFault::kNone;
  int64_t statement = 0;  // its number; 0: the next one that has `part`
  std::string part;       // of the SQL
  int times = 1;          // tries that meet it, or statements where `part` says which
};

// A statement as it arrived.
struct StubStatement {
  int64_t number = 0;
  int64_t session = 0;
  std::string request_id;
  std::string sql;
  std::string tag;  // QUERY_TAG of the request
  int tries = 0;    // requests with this id
  int runs = 0;     // times that it was executed: more than once is an error of the stub
  bool has_retry_count = true;  // every repetition said that it is one
  StubFault fault = StubFault::kNone;
  std::string error;  // the code it was answered with
};

// What a SELECT with `part` in it yields: Arrow, in chunks that are made as they are fetched.
struct LargeResult {
  std::string part;  // empty: none
  int chunks = 0;
  ArrowRows chunk;  // its first row is that of the first chunk
  int64_t rows() const { return int64_t{chunks} * chunk.batches * chunk.rows; }
};

struct StubCounts {
  int64_t logins = 0;
  int64_t refused_logins = 0;
  int64_t renewals = 0;
  int64_t logouts = 0;
  int64_t aborts = 0;
  int64_t heartbeats = 0;
  int64_t uploads = 0;
  int64_t transactions_ended_by_definition = 0;
};

class SnowflakeStub {
 public:
  struct Options {
    std::string database = "SALLA_DWH";
    // How long a client in a transaction may be silent while another waits: minutes in Snowflake.
    std::chrono::milliseconds silence_allowed{300};
    LargeResult large;
    // Called when a statement has arrived, and when it has run, before it is answered.
    std::function<void(const StubStatement&)> on_arrival;
    std::function<void(const StubStatement&)> on_done;
  };

  explicit SnowflakeStub(Options options);
  SnowflakeStub() : SnowflakeStub(Options()) {}
  ~SnowflakeStub();
  SnowflakeStub(const SnowflakeStub&) = delete;
  SnowflakeStub& operator=(const SnowflakeStub&) = delete;

  // "http://127.0.0.1:PORT"
  std::string url() const;

  void script(const StubScript& fault);
  void forget_scripts();
  // The next logins are refused with this code ("390144", or an HTTP status: "503"), in a text that
  // quotes what they brought.
  void echo_logins(const std::string& code, int times);

  // Waits until so many statements have arrived.
  void wait_for(int64_t statements);
  std::vector<StubStatement> statements() const;
  StubCounts counts() const;
  // requestIds of the statements that were to be stopped.
  std::vector<std::string> aborted() const;
  // Bodies of all logins so far.
  std::vector<Json> logins() const;

  // Straight to the database, past protocol and log; the rows of the last statement.
  std::vector<std::vector<std::string>> look(const std::string& sql);
  // The one value of a query.
  std::string value(const std::string& sql);
  // All sessions are lost, with their transactions: what an account does to clients that are gone.
  void end_sessions();
  // Counting and the log begin again; the database stays.
  void forget_statements();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace falaj::test
