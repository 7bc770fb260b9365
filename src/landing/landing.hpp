// The landing directory: immutable packages of raw pages. A page that is landed is never fetched
// again, and a package is what load commits exactly once.
// Shape:    <dir>/<package_id>/{frames.zst, manifest.json}; <package_id>.open while being written;
//           <package_id>.corrupt when moved aside.
// Threads:  safe; several processes may share the directory.
// Errors:   kStorageFailed with path, the system's text and what to do.
// Facts:    docs/landing-format.md
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "landing/file_store.hpp"
#include "landing/manifest.hpp"
#include "landing/package_reader.hpp"
#include "landing/package_writer.hpp"

namespace falaj::landing {

struct RecoveryReport {
  int64_t packages_sealed = 0;
  int64_t packages_removed = 0;  // nothing whole in them
  int64_t packages_alive = 0;    // another process is writing them
  int64_t frames_cut = 0;
  int64_t bytes_cut = 0;
  std::vector<Manifest> sealed;
};

struct PackageList {
  std::vector<Manifest> packages;  // sealed, by package id = by age
  std::vector<Error> damaged;      // packages moved aside or unreadable, with the reason
};

class Landing {
 public:
  // Creates the directory if need be. `files` and `clock` must outlive it.
  static Result<Landing> open(FileStore& files, const Clock& clock, std::string directory);

  std::unique_ptr<PackageWriter> create_package(PackageIdentity identity,
                                                PackageWriterOptions options = {});
  // Seals the packages of dead writers: the torn tail is cut at the last whole frame.
  Result<RecoveryReport> recover();
  // All sealed packages. A lost or damaged manifest is made again from the frames.
  Result<PackageList> list() const;
  Result<std::unique_ptr<PackageReader>> open_package(const PackageId& id) const;
  // The requests of one package / of all sealed packages of a run, without their bodies.
  Result<std::vector<LandedRequest>> requests(const PackageId& id) const;
  Result<std::vector<LandedRequest>> requests_of_run(const RunId& run, StoreId store) const;
  // The landed page again, with its body.
  Result<PageRecord> read_page(const LandedRequest& request) const;
  Status remove(const PackageId& id);
  // Moves a damaged package aside: <package_id>.corrupt; returns its new path.
  Result<std::string> quarantine(const PackageId& id) const;

  const std::string& directory() const { return directory_; }
  std::string package_path(const PackageId& id) const { return directory_ + "/" + id.value(); }

 private:
  // A flush is waiting, not work: a disk takes several at once.
  static constexpr size_t kSyncers = 8;
  Landing(FileStore& files, const Clock& clock, std::string directory)
      : files_(&files),
        clock_(&clock),
        directory_(std::move(directory)),
        threads_(std::make_shared<PackageThreads>(std::thread::hardware_concurrency(), kSyncers)) {}
  Status recover_one(const std::string& name, RecoveryReport& report);
  Result<Manifest> read_or_rebuild_manifest(const std::string& name) const;

  FileStore* files_;
  const Clock* clock_;
  std::string directory_;
  std::shared_ptr<PackageThreads> threads_;  // packages may outlive this
};

}  // namespace falaj::landing
