#include "webhooks/inbox_segment.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace falaj::webhooks {
namespace {

constexpr std::string_view kMark = "FALAJEV1";
constexpr size_t kCheckBytes = 8;
constexpr size_t kChecked = kRecordHeadBytes - kCheckBytes;

template <typename Number>
void put(char*& at, Number value) {
  for (size_t i = 0; i < sizeof(Number); ++i) {
    *at++ = static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
  }
}

template <typename Number>
Number take(const char*& at) {
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(Number); ++i) {
    value |= static_cast<uint64_t>(static_cast<uint8_t>(*at++)) << (8 * i);
  }
  return static_cast<Number>(value);
}

void put(char*& at, const Sha256Digest& digest) {
  std::memcpy(at, digest.data(), digest.size());
  at += digest.size();
}

Sha256Digest take_digest(const char*& at) {
  Sha256Digest digest;
  std::memcpy(digest.data(), at, digest.size());
  at += digest.size();
  return digest;
}

// The record that begins at the start of `text`, if a whole one does; its size in `bytes`.
std::optional<InboxRecord> record_at(std::string_view text, size_t& bytes) {
  if (text.size() < kRecordHeadBytes || !text.starts_with(kMark)) return std::nullopt;
  const auto check = sha256(text.substr(0, kChecked));
  if (std::memcmp(check.data(), text.data() + kChecked, kCheckBytes) != 0) return std::nullopt;
  const char* at = text.data() + kMark.size();
  const auto body_bytes = take<uint32_t>(at);
  at += sizeof(uint32_t);  // flags: none yet
  InboxRecord record;
  record.merchant = take<int64_t>(at);
  record.received_at = UtcTime(Micros(take<int64_t>(at)));
  record.received_sha256 = take_digest(at);
  const auto kept = take_digest(at);
  if (text.size() - kRecordHeadBytes < body_bytes) return std::nullopt;
  record.body = text.substr(kRecordHeadBytes, body_bytes);
  if (sha256(record.body) != kept) return std::nullopt;
  bytes = kRecordHeadBytes + body_bytes;
  return record;
}

}  // namespace

void append_record(std::string& out, const InboxRecord& record) {
  std::array<char, kRecordHeadBytes> head;
  char* at = head.data();
  std::memcpy(at, kMark.data(), kMark.size());
  at += kMark.size();
  put(at, static_cast<uint32_t>(record.body.size()));
  put(at, uint32_t{0});
  put(at, record.merchant);
  put(at, static_cast<int64_t>(record.received_at.time_since_epoch().count()));
  put(at, record.received_sha256);
  put(at, sha256(record.body));
  const auto check = sha256({head.data(), kChecked});
  std::memcpy(at, check.data(), kCheckBytes);
  out.append(head.data(), head.size());
  out.append(record.body);
}

SegmentContent read_segment(std::string_view text) {
  SegmentContent content;
  size_t at = 0;
  while (at < text.size()) {
    size_t bytes = 0;
    if (auto record = record_at(text.substr(at), bytes)) {
      content.damaged_bytes += at - content.whole_bytes;
      content.records.push_back(*record);
      at += bytes;
      content.whole_bytes = at;
      continue;
    }
    at = std::min(text.find(kMark, at + 1), text.size());
  }
  return content;
}

}  // namespace falaj::webhooks
