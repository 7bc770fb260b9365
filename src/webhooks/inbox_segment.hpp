// The form of an inbox file: events one after the other, each with checksums, so that whatever a
// crash or a bad disk leaves behind, whole events are told from the rest.
// Shape:    a record is a head of 104 bytes, little-endian, and the body:
//             "FALAJEV1", body bytes (u32), flags (u32), merchant (i64), received at in
//             microseconds of UTC (i64), SHA-256 of what was received, SHA-256 of the body that is
//             kept, and the first 8 bytes of the SHA-256 of all that.
//           The two digests differ where secrets were cut out of the body.
// Threads:  functions; a record of read_segment() borrows the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/sha256.hpp"

namespace falaj::webhooks {

constexpr size_t kRecordHeadBytes = 104;

struct InboxRecord {
  int64_t merchant = 0;  // 0: the body does not say
  UtcTime received_at{};
  Sha256Digest received_sha256{};
  std::string_view body;
};

// Appends one record to `out`.
void append_record(std::string& out, const InboxRecord& record);

struct SegmentContent {
  std::vector<InboxRecord> records;
  size_t whole_bytes = 0;    // up to the end of the last whole record
  size_t damaged_bytes = 0;  // skipped between whole records
};

// Every whole record of a file's text. What lies between two of them is skipped and counted; what
// lies behind the last is a torn tail: text.size() - whole_bytes.
SegmentContent read_segment(std::string_view text);

}  // namespace falaj::webhooks
