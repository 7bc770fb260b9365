#include "landing/landing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/ulid.hpp"
#include "landing/frame.hpp"

namespace falaj::landing {
namespace {

bool ends_with(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

// What the whole frames at the start of a file add up to.
struct Scan {
  Manifest manifest;
  std::optional<Error> damage;  // why the scan ended before the end of the file
};

enum class Depth { kIndexOnly, kBodiesToo };

Result<Scan> scan(FileStore& files, const std::string& path, Depth depth) {
  FALAJ_ASSIGN(const auto file, files.open_read(path));
  FrameDecoder decoder(*file, path);
  Scan result;
  Manifest& manifest = result.manifest;
  uint64_t offset = 0;
  while (true) {
    auto frame = decoder.index_at(offset, manifest.frames);
    if (frame.ok() && !*frame) break;
    Status bodies;
    if (frame.ok() && depth == Depth::kBodiesToo) {
      if (auto read = decoder.bodies_of(**frame); !read.ok()) bodies = std::move(read).error();
    }
    if (!frame.ok() || !bodies.ok()) {
      Error error = frame.ok() ? std::move(bodies).error() : std::move(frame).error();
      if (!is_damage(error)) return error;  // a disk that cannot be read is no reason to cut
      result.damage = std::move(error);
      break;
    }
    manifest.identity = (*frame)->identity;
    for (const LandedRequest& request : (*frame)->requests) {
      const bool is_first = manifest.pages++ == 0;
      manifest.raw_bytes += static_cast<int64_t>(request.body_bytes);
      manifest.first_fetched_at =
          is_first ? request.fetched_at : std::min(manifest.first_fetched_at, request.fetched_at);
      manifest.last_fetched_at =
          is_first ? request.fetched_at : std::max(manifest.last_fetched_at, request.fetched_at);
    }
    ++manifest.frames;
    offset = (*frame)->end();
  }
  manifest.file_bytes = static_cast<int64_t>(offset);
  manifest.is_recovered = true;
  return result;
}

Result<std::string> read_whole(FileStore& files, const std::string& path) {
  FALAJ_ASSIGN(const auto file, files.open_read(path));
  std::string text(file->size(), '\0');
  FALAJ_ASSIGN(const size_t got, file->read_at(0, text.data(), text.size()));
  text.resize(got);
  return text;
}

}  // namespace

Result<Landing> Landing::open(FileStore& files, const Clock& clock, std::string directory) {
  FALAJ_TRY(files.make_directory(directory));
  return Landing(files, clock, std::move(directory));
}

std::unique_ptr<PackageWriter> Landing::create_package(PackageIdentity identity,
                                                       PackageWriterOptions options) {
  FALAJ_CHECK(is_ulid(identity.package_id.value()), "package id {} is not a ULID",
              identity.package_id.value());
  return std::make_unique<PackageWriter>(*files_, *clock_, directory_, std::move(identity),
                                         std::move(options), threads_);
}

Result<RecoveryReport> Landing::recover() {
  RecoveryReport report;
  FALAJ_ASSIGN(const auto names, files_->list(directory_));
  for (const std::string& name : names) {
    if (ends_with(name, kRemovedSuffix)) FALAJ_TRY(files_->remove_all(directory_ + "/" + name));
    if (!ends_with(name, kOpenSuffix)) continue;
    FALAJ_TRY(recover_one(name, report).while_doing("recovering landing package " + name));
  }
  return report;
}

Status Landing::recover_one(const std::string& name, RecoveryReport& report) {
  const std::string open_dir = directory_ + "/" + name;
  const std::string frames_path = fmt::format("{}/{}", open_dir, kFramesName);
  auto file = files_->open_append(frames_path);
  if (!file.ok() && file.error().kind() == ErrorKind::kConflict) {
    ++report.packages_alive;
    return {};
  }
  if (!file.ok() && file.error().kind() != ErrorKind::kNotFound) return std::move(file).error();
  Scan whole;
  if (file.ok()) {
    FALAJ_ASSIGN(whole, scan(*files_, frames_path, Depth::kBodiesToo));
  }
  if (whole.manifest.frames == 0) {
    ++report.packages_removed;
    return files_->remove_all(open_dir);
  }
  Manifest& manifest = whole.manifest;
  if (whole.damage) {
    FALAJ_ASSIGN(const auto reader, files_->open_read(frames_path));
    const int64_t cut = static_cast<int64_t>(reader->size()) - manifest.file_bytes;
    log_info("landing package {}: cut {} bytes after frame {}: {}", name, cut, manifest.frames - 1,
             whole.damage->message());
    FALAJ_TRY((*file)->truncate(static_cast<uint64_t>(manifest.file_bytes)));
    FALAJ_TRY((*file)->sync());
    ++report.frames_cut;
    report.bytes_cut += cut;
  }
  FALAJ_TRY(seal_package(*files_, directory_, manifest));
  ++report.packages_sealed;
  report.sealed.push_back(std::move(manifest));
  return {};
}

Result<Manifest> Landing::read_or_rebuild_manifest(const std::string& name) const {
  const std::string directory = directory_ + "/" + name;
  const std::string manifest_path = fmt::format("{}/{}", directory, kManifestName);
  const std::string frames_path = fmt::format("{}/{}", directory, kFramesName);
  auto text = read_whole(*files_, manifest_path);
  if (text.ok()) {
    auto manifest = parse_manifest(*text);
    FALAJ_ASSIGN(const auto frames, files_->open_read(frames_path));
    if (manifest.ok() && static_cast<int64_t>(frames->size()) == manifest->file_bytes &&
        manifest->identity.package_id.value() == name) {
      return manifest;
    }
    log_warn("landing: {} does not fit its package: {}; made again from the frames", manifest_path,
             manifest.ok() ? "size or package id differ" : manifest.error().to_text());
  }
  FALAJ_ASSIGN(Scan whole, scan(*files_, frames_path, Depth::kIndexOnly));
  if (whole.damage) return *std::move(whole.damage);
  if (whole.manifest.frames == 0) {
    Error error(ErrorKind::kStorageFailed, "landing package " + directory + " has no frames");
    error.vendor_code = kDamaged;
    return error;
  }
  return std::move(whole.manifest);
}

Result<PackageList> Landing::list() const {
  PackageList result;
  FALAJ_ASSIGN(const auto names, files_->list(directory_));
  for (const std::string& name : names) {
    if (!is_ulid(name)) continue;
    auto manifest = read_or_rebuild_manifest(name);
    if (manifest.ok()) {
      result.packages.push_back(*std::move(manifest));
      continue;
    }
    Error error = std::move(manifest).error();
    if (!files_->list(directory_ + "/" + name).ok()) continue;  // removed meanwhile
    if (!is_damage(error) && error.kind() != ErrorKind::kNotFound) {
      result.damaged.push_back(std::move(error).while_doing("looking at landing package " + name));
      continue;
    }
    FALAJ_ASSIGN(const std::string aside, quarantine(PackageId(name)));
    result.damaged.push_back(
        Error(ErrorKind::kStorageFailed,
              fmt::format("{}; moved aside to {}: its pages are fetched again by the next run",
                          error.message(), aside)));
  }
  return result;
}

Result<std::unique_ptr<PackageReader>> Landing::open_package(const PackageId& id) const {
  return PackageReader::open(*files_, fmt::format("{}/{}", package_path(id), kFramesName));
}

Result<std::vector<LandedRequest>> Landing::requests(const PackageId& id) const {
  FALAJ_ASSIGN(const auto reader, open_package(id));
  std::vector<LandedRequest> all;
  while (true) {
    FALAJ_ASSIGN(auto some, reader->next_index());
    if (!some) return all;
    std::move(some->begin(), some->end(), std::back_inserter(all));
  }
}

Result<std::vector<LandedRequest>> Landing::requests_of_run(const RunId& run, StoreId store) const {
  FALAJ_ASSIGN(const PackageList packages, list());
  std::vector<LandedRequest> all;
  for (const Manifest& manifest : packages.packages) {
    if (manifest.identity.run_id != run || manifest.identity.store_id != store) continue;
    FALAJ_ASSIGN(auto some, requests(manifest.identity.package_id));
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  return all;
}

Result<PageRecord> Landing::read_page(const LandedRequest& request) const {
  FALAJ_ASSIGN(const auto reader, open_package(request.package_id));
  return reader->read_page(request);
}

Status Landing::remove(const PackageId& id) {
  // Renamed first: a package that is half removed must not look like a damaged one.
  const std::string aside = fmt::format("{}{}", package_path(id), kRemovedSuffix);
  FALAJ_TRY(files_->rename(package_path(id), aside));
  return files_->remove_all(aside);
}

Result<std::string> Landing::quarantine(const PackageId& id) const {
  const std::string path = package_path(id);
  std::string aside = fmt::format("{}{}", path, kCorruptSuffix);
  FALAJ_TRY(files_->remove_all(aside));
  FALAJ_TRY(files_->rename(path, aside));
  FALAJ_TRY(files_->sync_directory(directory_));
  return aside;
}

}  // namespace falaj::landing
