// The receiver's end of the inbox: appends events to a file of its own and says when each one is
// durable. Many events share one write and one fdatasync: what arrives while the disk works waits
// for its next turn, all together.
// Shape:    <directory>/<ulid>.open while being written, <ulid>.events once sealed (by rename, at
//           segment_bytes_max, when a run asks by `seal.request`, and at the end).
// Owns:     a thread. At most pending_bytes_max wait; more are refused.
// Threads:  append() from any; callbacks run on the writer's thread.
// Errors:   kStorageFailed to whoever waits: the file is cut back to what was durable, and the next
//           events try again. kConflict when too much waits already, kCancelled after stop().
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/ulid.hpp"
#include "landing/file_store.hpp"
#include "webhooks/inbox_segment.hpp"

namespace falaj::webhooks {

constexpr std::string_view kOpenSegment = ".open";
constexpr std::string_view kSealedSegment = ".events";
constexpr std::string_view kSealRequest = "seal.request";

struct InboxWriterOptions {
  std::string directory;
  size_t segment_bytes_max = size_t{16} << 20U;
  size_t pending_bytes_max = size_t{64} << 20U;
  bool is_durable = true;  // false: for measuring what durability costs, and nothing else
};

class InboxWriter {
 public:
  using Done = std::function<void(const Status&)>;

  // Makes the directory if need be. Everything must outlive the writer.
  static Result<std::unique_ptr<InboxWriter>> open(landing::FileStore& files, UlidGenerator& ulids,
                                                   InboxWriterOptions options);
  ~InboxWriter();  // stops
  InboxWriter(const InboxWriter&) = delete;
  InboxWriter& operator=(const InboxWriter&) = delete;

  // `record` is what append_record() makes. `done` is called once, when it is durable or cannot be.
  void append(std::string_view record, Done done);
  // Writes what waits, seals, ends the thread.
  void stop();

 private:
  struct Batch {
    std::string bytes;
    std::vector<Done> waiting;
  };
  InboxWriter(landing::FileStore& files, UlidGenerator& ulids, InboxWriterOptions options);
  void work();
  Status write(const std::string& bytes);
  Status open_segment();
  Status seal();
  bool is_seal_requested();
  std::string path(std::string_view suffix) const;

  landing::FileStore& files_;
  UlidGenerator& ulids_;
  const InboxWriterOptions options_;
  // Of the writer's thread:
  std::unique_ptr<landing::AppendFile> file_;
  std::string name_;
  uint64_t durable_bytes_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  Batch pending_;  // under mutex_
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace falaj::webhooks
