// One frame of a package file: an index of requests that can be read without the bodies, and the
// bodies, compressed.
// Shape:    a zstd skippable frame (text lines: docs/landing-format.md), then a zstd frame of the
//           bodies, each followed by a line feed. `zstd -dc frames.zst` prints the pages.
// Threads:  a codec is confined to one thread.
// Errors:   kStorageFailed with file, frame and byte.
// Facts:    RFC 8878 (skippable frames 3.1.2, content checksum 3.1.1)
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "landing/file_store.hpp"
#include "landing/manifest.hpp"
#include "landing/package_reader.hpp"
#include "landing/page_record.hpp"

namespace falaj::landing {

// vendor_code of errors about a damaged package.
constexpr std::string_view kDamaged = "damaged";

struct FrameIndex {
  PackageIdentity identity;
  int64_t frame_no = 0;
  uint64_t offset = 0;       // of the frame in the file
  uint64_t data_offset = 0;  // of its compressed bodies
  uint64_t data_bytes = 0;
  uint64_t raw_bytes = 0;  // of the bodies with their line feeds
  std::vector<LandedRequest> requests;

  uint64_t end() const { return data_offset + data_bytes; }
};

class FrameEncoder {
 public:
  FrameEncoder();
  ~FrameEncoder();
  // The frame's bytes; valid until the next call.
  Result<std::string_view> encode(const PackageIdentity& identity, int64_t frame_no,
                                  int64_t first_page_no, const std::vector<PageRecord>& pages);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class FrameDecoder {
 public:
  // Borrows `file`; `path` is for messages.
  FrameDecoder(ReadFile& file, std::string path);
  ~FrameDecoder();
  // The index of the frame at `offset`; nothing exactly at the end of the file.
  Result<std::optional<FrameIndex>> index_at(uint64_t offset, int64_t frame_no);
  // All bodies of a frame; checked against its checksum.
  Result<std::shared_ptr<const char[]>> bodies_of(const FrameIndex& frame);

 private:
  struct State;
  Error damaged(int64_t frame_no, uint64_t offset, std::string_view why) const;
  std::unique_ptr<State> state_;
};

// The page that `request` describes, its body a part of the frame's bodies.
PageRecord page_of(const LandedRequest& request, const std::shared_ptr<const char[]>& bodies);

}  // namespace falaj::landing
