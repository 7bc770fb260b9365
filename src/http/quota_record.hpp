// What all processes that ask one store know together of its request limit, and the seam to where
// they keep it.
// Shape:    plain numbers that may lie in a file mapped by several processes; all zero at first.
// Units:    times in microseconds of Clock::shared_now(); `reset` in UTC seconds of the server.
// Owns:     a book owns its record. The members of a record are the clients that use it.
// Threads:  a book is confined to one thread; with() shuts out every other user of the record, in
//           this process and others.
// Test seam: QuotaBook.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <type_traits>

namespace falaj::http {

// What a request is for; the first comes first.
enum class Share : uint8_t { kChanges, kDeepening, kBackfill };
constexpr size_t kShares = 3;
constexpr size_t kQuotaMembers = 128;
constexpr size_t kQuotaSilent = 64;

// To be raised with every change of the records: processes of two versions share nothing.
constexpr int kQuotaRecordVersion = 2;

struct QuotaRecord {
  int64_t has_answer = 0;    // 1: the server has answered once
  int64_t limit = 0;         // a window's requests; 0: none announced
  int64_t remaining = 0;     // requests of the window not known to be used; in flight included
  int64_t reset = 0;         // when the server says that the window ends; 0: it does not say
  int64_t window_end = 0;    // the same moment in our time
  int64_t server_ahead = 0;  // the server's clock minus ours
  int64_t knows_server = 0;  // 1: server_ahead is known
  int64_t probe_at = 0;  // since when one request finds out whether a new window began; 0: nobody
  int64_t is_new_window = 0;  // 1: begun by our clock, not yet confirmed by an answer
  int64_t paused_until = 0;
  int64_t without_headers = 0;  // answers in a row that announced no limit
  int64_t next_unlimited = 0;   // when the next may go while no limit is announced
  int64_t last_answer = 0;
  int64_t tail_refused_at = 0;  // when a request beyond the limit was last refused
  int64_t touched_at = 0;       // when a permit was last asked for
  int64_t told_at = 0;          // when `remaining` was last set
  int64_t end_later = 0;    // a window ends so much later than `reset` and the server's clock say
  int64_t refusals = 0;     // 429s with a wait after each, and no other answer since
  int64_t unaccounted = 0;  // used of this window before we counted
  int64_t foreign = 0;      // used of this window by nobody that keeps this record
  int64_t foreign_before = 0;                // the same of the window before
  std::array<int64_t, kShares> used{};       // in this window
  std::array<int64_t, kShares> wanted_at{};  // when somebody last asked for a permit
  std::array<int32_t, kQuotaMembers> in_flight{};
  std::array<int64_t, kQuotaSilent> silent_at{};  // when the latest answers without a count came
  int64_t next_silent = 0;
};

// A second more than the API's ten minutes: requests may overtake each other on their way.
constexpr std::chrono::microseconds kCustomersSpan = std::chrono::seconds(601);

// Times of the latest requests to a bucket that is counted over a sliding span.
struct SpanRecord {
  static constexpr size_t kRequests = 500;
  int64_t next = 0;
  int64_t paused_until = 0;
  int64_t refusals = 0;                 // as above
  std::array<int64_t, kRequests> at{};  // a ring; 0: unused
};

static_assert(std::is_trivially_copyable_v<QuotaRecord> &&
              std::is_trivially_copyable_v<SpanRecord>);

template <typename Record>
class SharedBook {
 public:
  virtual ~SharedBook() = default;
  virtual void with(const std::function<void(Record&)>& work) = 0;
  // Which of the record's members this client is.
  virtual size_t member() const = 0;
  // False once the client that was this member has ended.
  virtual bool is_alive(size_t member) const = 0;
};
using QuotaBook = SharedBook<QuotaRecord>;
using SpanBook = SharedBook<SpanRecord>;

// A record of one client alone.
template <typename Record>
class OwnBook final : public SharedBook<Record> {
 public:
  void with(const std::function<void(Record&)>& work) override { work(record_); }
  size_t member() const override { return 0; }
  bool is_alive(size_t) const override { return true; }

 private:
  Record record_;
};

}  // namespace falaj::http
