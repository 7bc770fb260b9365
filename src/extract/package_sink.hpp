// Puts pages into landing packages, one open package a stream, and hands each sealed one on, so
// that loading runs beside extraction.
// Owns:     the open packages. With options.keep_pages the pages of all of them together stay in
//           memory up to twice options.raw_bytes_max; the package that holds most then gives its
//           own back, and is loaded from landing. Threads: confined to one; the callback runs on the caller's thread
//           and may wait (back-pressure).
// Errors:   kStorageFailed of landing; what was landed before stays.
#pragma once

#include <functional>
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
  // Seals every open package.
  Status seal_all();
  // Waits until everything appended is durable.
  Status flush();

 private:
  Status seal(landing::PackageWriter& writer);
  void bound_memory();

  landing::Landing& landing_;
  UlidGenerator& ulids_;
  RunId run_;
  StoreId store_;
  landing::PackageWriterOptions options_;
  OnSealed on_sealed_;
  std::map<std::string, std::unique_ptr<landing::PackageWriter>> open_;
};

}  // namespace falaj::extract
