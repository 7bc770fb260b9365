// Writes one landing package: pages go in, frames become durable in the background.
// Shape:    a frame closes at 16 pages, 4 MB of raw text or one second, whichever comes first.
// Owns:     its pages until they are written, by threads that all packages share; at most one frame
//           and `queue_bytes` of pages wait for them, then append() waits.
// Threads:  append/flush/seal/forget_pages from one thread at a time; landed_pages() and full() from any;
//           on_landed is called on the fsyncing thread, which also seals.
// Errors:   kStorageFailed, from the append, flush or seal after the one that failed, and from all
//           later ones. What was landed before stays: Landing::recover() seals it.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "landing/file_store.hpp"
#include "landing/manifest.hpp"
#include "landing/package_threads.hpp"
#include "landing/page_record.hpp"

namespace falaj::landing {

struct PackageWriterOptions {
  size_t raw_bytes_max = size_t{32} << 20U;  // full() from here on; contract: at most 64 MB
  size_t frame_pages = 16;
  size_t frame_raw_bytes = size_t{4} << 20U;
  Micros frame_age_max = std::chrono::seconds(1);
  size_t queue_bytes = size_t{12} << 20U;  // append() waits when more than this is not yet written
  bool keep_pages = false;                 // seal() hands the pages over, still in memory
  // Total of pages landed (durable) so far.
  std::function<void(int64_t landed_pages)> on_landed;
};

struct SealedPackage {
  Manifest manifest;              // pages = 0: nothing was appended and nothing is on disk
  std::vector<PageRecord> pages;  // with keep_pages and never forgotten: all, in order; else none
};

class PackageWriter {
 public:
  // Made by Landing::create_package(). Touches the disk with the first frame.
  PackageWriter(FileStore& files, const Clock& clock, std::string landing_dir,
                PackageIdentity identity, PackageWriterOptions options,
                std::shared_ptr<PackageThreads> threads);
  // Without seal(): what is landed stays in the .open directory, for recover().
  ~PackageWriter();
  PackageWriter(const PackageWriter&) = delete;
  PackageWriter& operator=(const PackageWriter&) = delete;

  Status append(PageRecord page);
  // Lands every page appended so far without waiting for a full frame; returns at once.
  void start_flush();
  // Returns when every page appended so far is landed.
  Status flush();
  // Lands the rest, writes the manifest and renames; nothing can be appended afterwards. The
  // destructor waits for its end.
  std::future<Result<SealedPackage>> start_seal();
  Result<SealedPackage> seal() { return start_seal().get(); }

  // Of what is kept for seal(), in bytes of raw text; 0 after forget_pages().
  size_t kept_bytes() const;
  // Gives the memory of the kept pages back and keeps no more: seal() hands over none of them.
  void forget_pages();

  bool full() const;
  int64_t appended_pages() const;
  int64_t landed_pages() const;
  const PackageIdentity& identity() const;

 private:
  struct Core;
  std::shared_ptr<PackageThreads> threads_;
  std::shared_ptr<Core> core_;  // a task that has just ended may hold it a moment longer
};

}  // namespace falaj::landing
