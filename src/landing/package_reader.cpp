#include "landing/package_reader.hpp"

#include <fmt/format.h>

#include "landing/frame.hpp"

namespace falaj::landing {

bool is_damage(const Error& error) {
  return error.vendor_code == kDamaged;
}

struct PackageReader::Core {
  std::unique_ptr<ReadFile> file;
  std::string path;
  FrameDecoder decoder;
  uint64_t offset = 0;
  int64_t frame_no = 0;
  FrameIndex frame;  // being read by next()
  std::shared_ptr<const char[]> bodies;
  size_t position = 0;  // of the next page in frame.requests
  // The frame that read_page() used last: a list's pages are asked for one after the other.
  std::optional<FrameIndex> cached;
  std::shared_ptr<const char[]> cached_bodies;

  Core(std::unique_ptr<ReadFile> opened, std::string file_path)
      : file(std::move(opened)), path(file_path), decoder(*file, std::move(file_path)) {}

  Result<std::optional<FrameIndex>> advance() {
    FALAJ_ASSIGN(auto found, decoder.index_at(offset, frame_no));
    if (found) {
      offset = found->end();
      ++frame_no;
    }
    return found;
  }

  Error stale(const LandedRequest& request) const {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("landing package {} has no page at byte {} of frame {}: it is not the "
                             "package whose requests were read; read them again",
                             path, request.body_offset, request.frame_no));
  }
};

PackageReader::PackageReader(std::unique_ptr<Core> core) : core_(std::move(core)) {}
PackageReader::~PackageReader() = default;

Result<std::unique_ptr<PackageReader>> PackageReader::open(FileStore& files,
                                                           const std::string& frames_path) {
  FALAJ_ASSIGN(auto file, files.open_read(frames_path));
  return std::unique_ptr<PackageReader>(
      new PackageReader(std::make_unique<Core>(std::move(file), frames_path)));
}

Result<std::optional<PageRecord>> PackageReader::next() {
  Core& core = *core_;
  while (core.position == core.frame.requests.size()) {
    FALAJ_ASSIGN(auto frame, core.advance());
    if (!frame) return std::optional<PageRecord>();
    core.bodies.reset();
    FALAJ_ASSIGN(core.bodies, core.decoder.bodies_of(*frame));
    core.frame = std::move(*frame);
    core.position = 0;
  }
  return std::optional<PageRecord>(page_of(core.frame.requests[core.position++], core.bodies));
}

Result<std::optional<std::vector<LandedRequest>>> PackageReader::next_index() {
  FALAJ_ASSIGN(auto frame, core_->advance());
  if (!frame) return std::optional<std::vector<LandedRequest>>();
  return std::optional<std::vector<LandedRequest>>(std::move(frame->requests));
}

Result<PageRecord> PackageReader::read_page(const LandedRequest& request) {
  Core& core = *core_;
  if (!core.cached || core.cached->offset != request.frame_offset) {
    core.cached.reset();
    FALAJ_ASSIGN(auto frame, core.decoder.index_at(request.frame_offset, request.frame_no));
    if (!frame) return core.stale(request);
    FALAJ_ASSIGN(core.cached_bodies, core.decoder.bodies_of(*frame));
    core.cached = std::move(*frame);
  }
  if (request.body_offset + request.body_bytes > core.cached->raw_bytes) return core.stale(request);
  return page_of(request, core.cached_bodies);
}

}  // namespace falaj::landing
