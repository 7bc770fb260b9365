// What is in a sealed package: manifest.json.
// Units:    bytes; times UTC.
// Threads:  values.
// Facts:    docs/landing-format.md
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "landing/file_store.hpp"

namespace falaj::landing {

constexpr int kFormatVersion = 1;

// Whose pages a package holds; repeated in each frame, so that a torn package knows it too.
struct PackageIdentity {
  PackageId package_id;
  RunId run_id;
  StoreId store_id;
  std::string stream;
};

struct Manifest {
  PackageIdentity identity;
  int64_t pages = 0;  // = requests
  int64_t frames = 0;
  int64_t raw_bytes = 0;   // sum of the bodies
  int64_t file_bytes = 0;  // size of frames.zst
  UtcTime first_fetched_at{};
  UtcTime last_fetched_at{};
  bool is_recovered = false;  // sealed after its writer died
};

std::string to_json(const Manifest& manifest);
Result<Manifest> parse_manifest(std::string_view text);

// Turns <landing_dir>/<package_id>.open into <landing_dir>/<package_id>, durably. Its frames.zst
// must be durable already.
Status seal_package(FileStore& files, const std::string& landing_dir, const Manifest& manifest);

constexpr std::string_view kOpenSuffix = ".open";
constexpr std::string_view kRemovedSuffix = ".removed";
constexpr std::string_view kCorruptSuffix = ".corrupt";
constexpr std::string_view kFramesName = "frames.zst";
constexpr std::string_view kManifestName = "manifest.json";

}  // namespace falaj::landing
