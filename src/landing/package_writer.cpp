#include "landing/package_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "base/thread_name.hpp"
#include "landing/frame.hpp"

namespace falaj::landing {
namespace {

// How often a waiting frame's age is looked at; real time, whatever the clock.
constexpr auto kAgeCheckEvery = std::chrono::milliseconds(20);

}  // namespace

struct PackageWriter::Core {
  FileStore& files;
  const Clock& clock;
  const std::string landing_dir;
  const std::string open_dir;
  const PackageWriterOptions options;
  Manifest manifest;  // the counts belong to the writer thread until it has been joined
  std::unique_ptr<AppendFile> file;
  std::shared_ptr<EncoderPool> encoders;

  mutable std::mutex mutex;
  std::condition_variable work;      // the writer thread waits for pages
  std::condition_variable unsynced;  // the syncer thread waits for frames
  std::condition_variable progress;  // callers wait for the threads
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
  bool is_stopping = false;
  bool is_writer_done = false;
  bool is_sealed = false;
  std::optional<Error> failure;
  bool is_keeping = false;
  std::vector<PageRecord> kept;

  std::thread writer;  // compresses and writes frames
  std::thread syncer;  // fsyncs what is written: several frames at once when they come fast

  Core(FileStore& file_store, const Clock& package_clock, std::string dir, std::string open,
       PackageWriterOptions writer_options, std::shared_ptr<EncoderPool> pool)
      : files(file_store),
        clock(package_clock),
        landing_dir(std::move(dir)),
        open_dir(std::move(open)),
        options(std::move(writer_options)),
        encoders(std::move(pool)),
        is_keeping(options.keep_pages) {}

  ~Core() { stop(); }

  void stop() {
    {
      const std::lock_guard lock(mutex);
      is_stopping = true;
    }
    work.notify_all();
    if (writer.joinable()) writer.join();
    if (syncer.joinable()) syncer.join();
  }

  // A frame is due. Holds the mutex.
  bool is_due() const {
    if (queue.empty()) return false;
    return is_stopping || wanted > taken || queue.size() >= options.frame_pages ||
           queue_bytes >= options.frame_raw_bytes ||
           clock.steady_now() - oldest_queued >= options.frame_age_max;
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

  void write_frames() {
    std::unique_lock lock(mutex);
    std::optional<Error> error;
    while (!failure && !error) {
      while (!is_due() && !(is_stopping && queue.empty()) && !failure) {
        if (queue.empty()) {
          work.wait(lock);
        } else {
          work.wait_for(lock, kAgeCheckEvery);
        }
      }
      if (queue.empty() || failure) break;
      const std::vector<PageRecord> frame = take_frame();
      progress.notify_all();
      lock.unlock();
      Status status = write_frame(frame);
      size_t bytes = 0;
      for (const PageRecord& page : frame) bytes += page.body.size();
      lock.lock();
      queue_bytes -= bytes;
      if (status.ok()) {
        written += static_cast<int64_t>(frame.size());
        unsynced.notify_one();
      } else {
        error = std::move(status).error();
      }
    }
    is_writer_done = true;
    unsynced.notify_one();
    // What was written before the failure still lands.
    progress.wait(lock, [this] { return landed == written || failure; });
    if (error && !failure) failure = std::move(error);
    queue.clear();
    progress.notify_all();
  }

  void sync_frames() {
    std::unique_lock lock(mutex);
    while (true) {
      unsynced.wait(lock, [this] { return written > landed || is_writer_done; });
      if (written == landed) return;
      const int64_t target = written;
      lock.unlock();
      Status status = file->sync();
      lock.lock();
      if (!status.ok()) {
        failure = std::move(status).error();
        work.notify_all();
        progress.notify_all();
        return;
      }
      landed = target;
      progress.notify_all();
      if (options.on_landed) {
        lock.unlock();
        options.on_landed(target);
        lock.lock();
      }
    }
  }

  Status write_frame(const std::vector<PageRecord>& frame) {
    auto encoder = encoders->take();
    FALAJ_ASSIGN(const std::string_view bytes,
                 encoder->encode(manifest.identity, manifest.frames, manifest.pages, frame));
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

  // Waits until everything appended is landed. Holds the lock.
  Status land_all(std::unique_lock<std::mutex>& lock) {
    wanted = appended;
    work.notify_all();
    progress.wait(lock, [this] { return landed == appended || failure; });
    if (failure) return *failure;
    return {};
  }
};

PackageWriter::PackageWriter(std::unique_ptr<Core> core) : core_(std::move(core)) {}
PackageWriter::~PackageWriter() = default;

Result<std::unique_ptr<PackageWriter>> PackageWriter::create(
    FileStore& files, const Clock& clock, std::string landing_dir, PackageIdentity identity,
    PackageWriterOptions options, std::shared_ptr<EncoderPool> encoders) {
  const std::string open_dir =
      fmt::format("{}/{}{}", landing_dir, identity.package_id.value(), kOpenSuffix);
  auto core = std::make_unique<Core>(files, clock, landing_dir, open_dir, std::move(options),
                                     std::move(encoders));
  core->manifest.identity = std::move(identity);
  const std::string frames_path = fmt::format("{}/{}", open_dir, kFramesName);
  FALAJ_TRY(files.make_directory(open_dir));
  auto file = files.create(frames_path);
  if (!file.ok() && file.error().kind() == ErrorKind::kNotFound) {
    // Another process' recovery took the directory, still empty, for a dead writer's.
    FALAJ_TRY(files.make_directory(open_dir));
    file = files.create(frames_path);
  }
  FALAJ_ASSIGN(core->file, std::move(file));
  FALAJ_TRY(files.sync_directory(open_dir));
  FALAJ_TRY(files.sync_directory(landing_dir));
  core->writer = std::thread([raw = core.get()] {
    name_thread("land");
    raw->write_frames();
  });
  core->syncer = std::thread([raw = core.get()] {
    name_thread("sync");
    raw->sync_frames();
  });
  return std::unique_ptr<PackageWriter>(new PackageWriter(std::move(core)));
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
  FALAJ_CHECK(!core.is_sealed, "append to a sealed package");
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
  lock.unlock();
  core.work.notify_one();
  return {};
}

Status PackageWriter::flush() {
  std::unique_lock lock(core_->mutex);
  return core_->land_all(lock);
}

Result<SealedPackage> PackageWriter::seal() {
  Core& core = *core_;
  {
    std::unique_lock lock(core.mutex);
    FALAJ_TRY(core.land_all(lock));
    FALAJ_CHECK(!core.is_sealed, "seal of a sealed package");
    core.is_sealed = true;
  }
  core.stop();
  Status status = core.manifest.pages == 0
                      ? core.files.remove_all(core.open_dir)
                      : seal_package(core.files, core.landing_dir, core.manifest);
  if (!status.ok()) {
    const std::lock_guard lock(core.mutex);
    core.failure = status.error();
    return std::move(status).error();
  }
  core.file.reset();
  return SealedPackage{core.manifest, std::move(core.kept)};
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
