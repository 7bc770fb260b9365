#include "webhooks/inbox_writer.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/thread_name.hpp"

namespace falaj::webhooks {
namespace {

// How often a run's wish for a sealed file is looked for, while there is something to seal.
constexpr auto kLookEvery = std::chrono::milliseconds(20);
// One buffer that grew large is not kept.
constexpr size_t kBufferBytes = size_t{1} << 20U;

}  // namespace

Result<std::unique_ptr<InboxWriter>> InboxWriter::open(landing::FileStore& files,
                                                       UlidGenerator& ulids,
                                                       InboxWriterOptions options) {
  FALAJ_TRY(files.make_directory(options.directory));
  return std::unique_ptr<InboxWriter>(new InboxWriter(files, ulids, std::move(options)));
}

InboxWriter::InboxWriter(landing::FileStore& files, UlidGenerator& ulids,
                         InboxWriterOptions options)
    : files_(files), ulids_(ulids), options_(std::move(options)), thread_([this] { work(); }) {}

InboxWriter::~InboxWriter() {
  stop();
}

std::string InboxWriter::path(std::string_view suffix) const {
  return fmt::format("{}/{}{}", options_.directory, name_, suffix);
}

void InboxWriter::append(std::string_view record, Done done) {
  {
    std::unique_lock lock(mutex_);
    if (is_stopping_) {
      lock.unlock();
      return done(Error(ErrorKind::kCancelled, "the inbox is being closed"));
    }
    if (pending_.bytes.size() + record.size() > options_.pending_bytes_max) {
      lock.unlock();
      return done(Error(ErrorKind::kConflict, "more events wait for the disk than may"));
    }
    pending_.bytes.append(record);
    pending_.waiting.push_back(std::move(done));
    if (pending_.waiting.size() > 1) return;  // the thread knows already
  }
  changed_.notify_one();
}

void InboxWriter::stop() {
  {
    std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void InboxWriter::work() {
  name_thread("inbox");
  Batch batch;
  while (true) {
    bool is_last = false;
    {
      std::unique_lock lock(mutex_);
      const auto is_due = [this] { return !pending_.waiting.empty() || is_stopping_; };
      if (file_ == nullptr) {
        changed_.wait(lock, is_due);
      } else {
        changed_.wait_for(lock, kLookEvery, is_due);
      }
      std::swap(batch, pending_);
      is_last = is_stopping_ && batch.waiting.empty();
    }
    if (!batch.waiting.empty()) {
      const auto written = write(batch.bytes);
      if (!written.ok()) log_error("webhooks are refused: {}", written.error().to_text());
      for (const auto& done : batch.waiting) done(written);
      batch.waiting.clear();
      batch.bytes.clear();
      if (batch.bytes.capacity() > kBufferBytes) batch.bytes.shrink_to_fit();
    }
    const bool is_full = durable_bytes_ >= options_.segment_bytes_max;
    if (file_ != nullptr && (is_full || is_last || is_seal_requested())) {
      if (auto sealed = seal(); !sealed.ok()) log_error("{}", sealed.error().to_text());
    }
    if (is_last) return;
  }
}

Status InboxWriter::write(const std::string& bytes) {
  if (file_ == nullptr) FALAJ_TRY(open_segment());
  auto done = file_->append(bytes);
  if (done.ok() && options_.is_durable) done = file_->sync();
  if (done.ok()) {
    durable_bytes_ += bytes.size();
    return {};
  }
  // A part may be there. Cut back to what was promised; if even that fails, reading cuts it.
  if (!file_->truncate(durable_bytes_).ok()) file_.reset();
  return std::move(done).while_doing("writing events to the inbox");
}

Status InboxWriter::open_segment() {
  name_ = ulids_.next();
  durable_bytes_ = 0;
  auto file = files_.create(path(kOpenSegment));
  if (!file.ok() && file.error().kind() == ErrorKind::kConflict) {
    // A run looked at the file before it was locked and took it for a dead writer's.
    name_ = ulids_.next();
    file = files_.create(path(kOpenSegment));
  }
  if (!file.ok()) return std::move(file).error();
  FALAJ_TRY(files_.sync_directory(options_.directory));
  file_ = std::move(*file);
  return {};
}

Status InboxWriter::seal() {
  FALAJ_TRY(files_.rename(path(kOpenSegment), path(kSealedSegment)));
  file_.reset();
  FALAJ_TRY(files_.sync_directory(options_.directory));
  if (is_seal_requested()) {
    return files_.remove_all(fmt::format("{}/{}", options_.directory, kSealRequest));
  }
  return {};
}

bool InboxWriter::is_seal_requested() {
  return files_.open_read(fmt::format("{}/{}", options_.directory, kSealRequest)).ok();
}

}  // namespace falaj::webhooks
