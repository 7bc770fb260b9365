// Reads the pages of one package in the order in which they were appended.
// Owns:     the file; memory of one frame, plus frames that handed-out bodies still hold.
// Threads:  confined to one.
// Errors:   kStorageFailed names the file, the frame and the byte where it is damaged; the caller
//           moves the package aside with Landing::quarantine() when is_damage() and goes on with
//           the others.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "landing/file_store.hpp"
#include "landing/manifest.hpp"
#include "landing/page_record.hpp"

namespace falaj::landing {

// A landed page without its body, and where the body is: what resuming needs.
struct LandedRequest {
  std::string request;
  std::string stream;
  std::string shape;
  std::string source;
  int64_t parent_id = 0;
  int http_status = 0;
  UtcTime fetched_at{};
  int64_t page_no = 0;  // position in the package, from 0
  PackageId package_id;
  int64_t frame_no = 0;
  uint64_t frame_offset = 0;  // of its frame in frames.zst
  uint64_t body_offset = 0;   // in the frame's raw text
  uint64_t body_bytes = 0;
};

// The package itself is broken (not the disk, nor a permission): it may be moved aside.
bool is_damage(const Error& error);

class PackageReader {
 public:
  // Made by Landing::open_package().
  static Result<std::unique_ptr<PackageReader>> open(FileStore& files,
                                                     const std::string& frames_path);
  ~PackageReader();

  // The next page, or nothing at the end.
  Result<std::optional<PageRecord>> next();
  // The index of the next frame, skipping its bodies (nothing at the end): cheap.
  Result<std::optional<std::vector<LandedRequest>>> next_index();
  // The body that an index names.
  Result<PageRecord> read_page(const LandedRequest& request);

 private:
  struct Core;
  explicit PackageReader(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace falaj::landing
