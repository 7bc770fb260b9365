// Puts pages into landing packages, one open package a stream, and hands each sealed one on, so
// that loading runs beside extraction.
// Shape:    a full package is sealed beside what is appended next, and handed on with a later append,
//           in the order in which they were full; deletions after all that was landed before them.
//           No page's fetched_at is before that of a page appended earlier.
// Owns:     the open packages and those being sealed. With options.keep_pages the pages of all of
//           them together stay in memory up to twice options.raw_bytes_max; the open package that
//           holds most then gives its own back, and is loaded from landing.
// Threads:  confined to one; the callback runs on the caller's thread and may wait (back-pressure).
// Errors:   kStorageFailed of landing; what was landed before stays.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>

#include "base/ulid.hpp"
#include "landing/landing.hpp"

namespace falaj::extract {

class PackageSink {
 public:
  using OnSealed = std::function<Status(landing::SealedPackage)>;
  PackageSink(landing::Landing& landing, UlidGenerator& ulids, RunId run, StoreId store,
              landing::PackageWriterOptions options, OnSealed on_sealed);

  Status append(landing::PageRecord page);
  // Seals every open package, and hands on all.
  Status seal_all();
  // Lets everything appended become durable now; does not wait for it.
  void start_flush();

 private:
  struct Sealing {
    std::unique_ptr<landing::PackageWriter> writer;
    std::future<Result<landing::SealedPackage>> sealed;
  };

  void start_seal(std::unique_ptr<landing::PackageWriter> writer);
  // What is sealed; waits until at most so many are still being sealed.
  Status hand_on(size_t left);
  void bound_memory();

  landing::Landing& landing_;
  UlidGenerator& ulids_;
  RunId run_;
  StoreId store_;
  landing::PackageWriterOptions options_;
  OnSealed on_sealed_;
  UtcTime newest_at_{};
  std::map<std::string, std::unique_ptr<landing::PackageWriter>> open_;
  std::deque<Sealing> sealing_;
};

}  // namespace falaj::extract
