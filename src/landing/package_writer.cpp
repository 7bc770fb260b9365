#include "landing/package_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "landing/frame.hpp"

namespace falaj::landing {

struct PackageWriter::Core : std::enable_shared_from_this<Core> {
  FileStore& files;
  const Clock& clock;
  PackageThreads& threads;
  const std::string landing_dir;
  const std::string open_dir;
  const PackageWriterOptions options;
  // Of the task that writes a frame, one at a time; of the caller once there is none.
  Manifest manifest;
  std::unique_ptr<AppendFile> file;  // made for the first frame
  bool is_directory_synced = false;  // of the task that flushes

  mutable std::mutex mutex;
  std::condition_variable progress;  // callers wait for the tasks
  // Guarded by mutex:
  std::deque<PageRecord> queue;
  size_t queue_bytes = 0;  // bodies in the queue and in the frame being written
  Micros oldest_queued{};  // steady time at which the queue's first page came
  int64_t appended = 0;
  int64_t taken = 0;
  int64_t written = 0;
  int64_t landed = 0;
  int64_t wanted = 0;  // land at least so many without waiting for a full frame
  size_t raw_bytes = 0;
  // Whether a task for it was given to the threads and has not ended.
  bool is_writing = false;
  bool is_syncing = false;
  bool is_watched = false;
  bool is_ending = false;
  bool is_closed = false;  // a seal was asked for
  std::optional<std::promise<Result<SealedPackage>>> seal_wanted;
  std::optional<Error> write_error;  // becomes the failure once what was written before has landed
  std::optional<Error> failure;
  bool is_keeping = false;
  std::vector<PageRecord> kept;

  Core(FileStore& file_store, const Clock& package_clock, PackageThreads& package_threads,
       std::string dir, PackageIdentity identity, PackageWriterOptions writer_options)
      : files(file_store),
        clock(package_clock),
        threads(package_threads),
        landing_dir(std::move(dir)),
        open_dir(fmt::format("{}/{}{}", landing_dir, identity.package_id.value(), kOpenSuffix)),
        options(std::move(writer_options)),
        is_keeping(options.keep_pages) {
    manifest.identity = std::move(identity);
  }

  // Lands what was appended, gives up what cannot be, and lets go of the file: another may recover
  // the package then.
  void end() {
    std::unique_lock lock(mutex);
    is_ending = true;
    want_all();
    progress.wait(lock,
                  [this] { return !is_writing && !is_syncing && has_ended() && !seal_wanted; });
    queue.clear();
    lock.unlock();
    file.reset();
  }

  // What was appended lands without waiting for a full frame. Holds the mutex.
  void want_all() {
    wanted = appended;
    schedule();
  }

  // Nothing that was appended is still to be landed. Holds the mutex.
  bool has_ended() const { return failure || landed == appended; }

  // Pages wait that can still be written. Holds the mutex.
  bool is_waiting() const { return !queue.empty() && !failure && !write_error; }

  // A frame is due. Holds the mutex.
  bool is_due() const {
    if (!is_waiting()) return false;
    return wanted > taken || queue.size() >= options.frame_pages ||
           queue_bytes >= options.frame_raw_bytes ||
           clock.steady_now() - oldest_queued >= options.frame_age_max;
  }

  // Gives the threads what is to be done. Holds the mutex.
  void schedule() {
    if (!is_writing && is_due()) {
      is_writing = true;
      threads.write([core = shared_from_this()](FrameEncoder& encoder) { core->write(encoder); });
    }
    if (!is_syncing && written > landed && !failure) {
      is_syncing = true;
      threads.sync([core = shared_from_this()] { core->sync(); });
    }
    if (!is_writing && !is_syncing && seal_wanted && has_ended()) {
      is_syncing = true;
      threads.sync([core = shared_from_this()] { core->seal(); });
    }
    if (!is_watched && needs_watching()) {
      is_watched = true;
      threads.watch([core = shared_from_this()] { return core->has_come_of_age(); });
    }
  }

  // Nothing but time will make a frame of the pages that wait. Holds the mutex.
  bool needs_watching() const { return is_waiting() && !is_writing && !is_ending; }

  // Whether they need no watching any more.
  bool has_come_of_age() {
    const std::lock_guard lock(mutex);
    if (needs_watching() && !is_due()) return false;
    is_watched = false;
    schedule();
    return true;
  }

  std::vector<PageRecord> take_frame() {
    std::vector<PageRecord> frame;
    size_t bytes = 0;
    while (!queue.empty() && frame.size() < options.frame_pages &&
           (frame.empty() || bytes < options.frame_raw_bytes)) {
      bytes += queue.front().body.size();
      frame.push_back(std::move(queue.front()));
      queue.pop_front();
    }
    oldest_queued = clock.steady_now();
    taken += static_cast<int64_t>(frame.size());
    return frame;
  }

  // One frame: the other packages' come in between.
  void write(FrameEncoder& encoder) {
    std::unique_lock lock(mutex);
    if (is_due()) {
      const std::vector<PageRecord> frame = take_frame();
      progress.notify_all();
      lock.unlock();
      Status status = write_frame(encoder, frame);
      size_t bytes = 0;
      for (const PageRecord& page : frame) bytes += page.body.size();
      lock.lock();
      queue_bytes -= bytes;
      if (status.ok()) {
        written += static_cast<int64_t>(frame.size());
      } else {
        write_error = std::move(status).error();
      }
    }
    is_writing = false;
    end_task();
  }

  void sync() {
    std::unique_lock lock(mutex);
    const int64_t target = written;
    lock.unlock();
    Status status = sync_file();
    lock.lock();
    if (status.ok()) {
      landed = target;
      progress.notify_all();
      if (options.on_landed) {
        lock.unlock();
        options.on_landed(target);
        lock.lock();
      }
    } else {
      failure = std::move(status).error();
    }
    is_syncing = false;
    end_task();
  }

  void seal() {
    auto sealed = make_sealed();
    std::unique_lock lock(mutex);
    if (!sealed.ok() && !failure) failure = sealed.error();
    auto wanted_by = std::move(*seal_wanted);
    seal_wanted.reset();
    is_syncing = false;
    progress.notify_all();
    lock.unlock();
    wanted_by.set_value(std::move(sealed));
  }

  Result<SealedPackage> make_sealed() {
    file.reset();
    if (failure) return *failure;
    if (manifest.pages == 0) return SealedPackage{manifest, {}};
    FALAJ_TRY(seal_package(files, landing_dir, manifest));
    const std::lock_guard lock(mutex);
    return SealedPackage{manifest, std::move(kept)};
  }

  // Holds the mutex.
  void end_task() {
    if (write_error && !failure && landed == written) failure = write_error;
    schedule();
    progress.notify_all();
  }

  Status sync_file() {
    FALAJ_TRY(file->sync());
    if (is_directory_synced) return {};
    FALAJ_TRY(files.sync_directory(open_dir));
    FALAJ_TRY(files.sync_directory(landing_dir));
    is_directory_synced = true;
    return {};
  }

  Status open_file() {
    const std::string frames_path = fmt::format("{}/{}", open_dir, kFramesName);
    FALAJ_TRY(files.make_directory(open_dir));
    auto made = files.create(frames_path);
    if (!made.ok() && made.error().kind() == ErrorKind::kNotFound) {
      // Another process' recovery took the directory, still empty, for a dead writer's.
      FALAJ_TRY(files.make_directory(open_dir));
      made = files.create(frames_path);
    }
    FALAJ_ASSIGN(file, std::move(made));
    return {};
  }

  Status write_frame(FrameEncoder& encoder, const std::vector<PageRecord>& frame) {
    if (file == nullptr) FALAJ_TRY(open_file());
    FALAJ_ASSIGN(const std::string_view bytes,
                 encoder.encode(manifest.identity, manifest.frames, manifest.pages, frame));
    FALAJ_TRY(file->append(bytes));
    for (const PageRecord& page : frame) {
      const bool is_first = manifest.pages++ == 0;
      manifest.raw_bytes += static_cast<int64_t>(page.body.size());
      manifest.first_fetched_at =
          is_first ? page.fetched_at : std::min(manifest.first_fetched_at, page.fetched_at);
      manifest.last_fetched_at =
          is_first ? page.fetched_at : std::max(manifest.last_fetched_at, page.fetched_at);
    }
    ++manifest.frames;
    manifest.file_bytes += static_cast<int64_t>(bytes.size());
    return {};
  }
};

PackageWriter::PackageWriter(FileStore& files, const Clock& clock, std::string landing_dir,
                             PackageIdentity identity, PackageWriterOptions options,
                             std::shared_ptr<PackageThreads> threads)
    : threads_(std::move(threads)),
      core_(std::make_shared<Core>(files, clock, *threads_, std::move(landing_dir),
                                   std::move(identity), std::move(options))) {}

PackageWriter::~PackageWriter() {
  core_->end();
}

Status PackageWriter::append(PageRecord page) {
  Core& core = *core_;
  std::unique_lock lock(core.mutex);
  // At most one frame waits beside the one being written: a kill loses no more than that.
  core.progress.wait(lock, [&core] {
    return core.failure || (core.queue.size() < core.options.frame_pages &&
                            core.queue_bytes <= core.options.queue_bytes);
  });
  if (core.failure) return *core.failure;
  FALAJ_CHECK(!core.is_closed, "append to a sealed package");
  if (!page.stream.empty() && page.stream != core.manifest.identity.stream) {
    return Error(ErrorKind::kBug, fmt::format("a page of {} for a package of {}", page.stream,
                                              core.manifest.identity.stream));
  }
  page.stream = core.manifest.identity.stream;
  core.queue_bytes += page.body.size();
  core.raw_bytes += page.body.size();
  ++core.appended;
  if (core.queue.empty()) core.oldest_queued = core.clock.steady_now();
  if (core.is_keeping) core.kept.push_back(page);
  core.queue.push_back(std::move(page));
  core.schedule();
  return {};
}

void PackageWriter::start_flush() {
  const std::lock_guard lock(core_->mutex);
  core_->want_all();
}

Status PackageWriter::flush() {
  start_flush();
  std::unique_lock lock(core_->mutex);
  core_->progress.wait(lock, [this] { return core_->has_ended(); });
  if (core_->failure) return *core_->failure;
  return {};
}

std::future<Result<SealedPackage>> PackageWriter::start_seal() {
  Core& core = *core_;
  const std::lock_guard lock(core.mutex);
  std::promise<Result<SealedPackage>> wanted;
  auto sealed = wanted.get_future();
  if (core.failure) {
    wanted.set_value(*core.failure);
    return sealed;
  }
  FALAJ_CHECK(!core.is_closed, "seal of a sealed package");
  core.is_closed = true;
  core.seal_wanted = std::move(wanted);
  core.want_all();
  return sealed;
}

size_t PackageWriter::kept_bytes() const {
  const std::lock_guard lock(core_->mutex);
  return core_->is_keeping ? core_->raw_bytes : 0;
}

void PackageWriter::forget_pages() {
  const std::lock_guard lock(core_->mutex);
  core_->is_keeping = false;
  core_->kept = {};
}

bool PackageWriter::full() const {
  const std::lock_guard lock(core_->mutex);
  return core_->raw_bytes >= core_->options.raw_bytes_max;
}

int64_t PackageWriter::appended_pages() const {
  const std::lock_guard lock(core_->mutex);
  return core_->appended;
}

int64_t PackageWriter::landed_pages() const {
  const std::lock_guard lock(core_->mutex);
  return core_->landed;
}

const PackageIdentity& PackageWriter::identity() const {
  return core_->manifest.identity;
}

}  // namespace falaj::landing
