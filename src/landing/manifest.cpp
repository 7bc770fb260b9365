#include "landing/manifest.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace falaj::landing {
namespace {

int64_t micros(UtcTime time) {
  return time.time_since_epoch().count();
}

}  // namespace

std::string to_json(const Manifest& manifest) {
  Json json;
  json.set("format_version", kFormatVersion);
  json.set("package_id", manifest.identity.package_id.value());
  json.set("run_id", manifest.identity.run_id.value());
  json.set("store_id", manifest.identity.store_id.value());
  json.set("stream", manifest.identity.stream);
  json.set("pages", manifest.pages);
  json.set("requests", manifest.pages);
  json.set("frames", manifest.frames);
  json.set("raw_bytes", manifest.raw_bytes);
  json.set("file_bytes", manifest.file_bytes);
  json.set("first_fetched_at", to_iso8601(manifest.first_fetched_at, true));
  json.set("last_fetched_at", to_iso8601(manifest.last_fetched_at, true));
  json.set("first_fetched_us", micros(manifest.first_fetched_at));
  json.set("last_fetched_us", micros(manifest.last_fetched_at));
  json.set("is_recovered", manifest.is_recovered);
  return json.dump(2) + "\n";
}

Result<Manifest> parse_manifest(std::string_view text) {
  FALAJ_ASSIGN(const Json json, Json::parse(text));
  const int64_t version = json["format_version"].as_int();
  if (version != kFormatVersion) {
    return Error(ErrorKind::kStorageFailed,
                 fmt::format("landing format {} is not known here: expected {}; "
                             "use the program that wrote it",
                             version, kFormatVersion));
  }
  Manifest manifest;
  manifest.identity.package_id = PackageId(json["package_id"].as_string());
  manifest.identity.run_id = RunId(json["run_id"].as_string());
  manifest.identity.store_id = StoreId(json["store_id"].as_int());
  manifest.identity.stream = json["stream"].as_string();
  manifest.pages = json["pages"].as_int(-1);
  manifest.frames = json["frames"].as_int(-1);
  manifest.raw_bytes = json["raw_bytes"].as_int(-1);
  manifest.file_bytes = json["file_bytes"].as_int(-1);
  manifest.first_fetched_at = UtcTime(Micros(json["first_fetched_us"].as_int()));
  manifest.last_fetched_at = UtcTime(Micros(json["last_fetched_us"].as_int()));
  manifest.is_recovered = json["is_recovered"].as_bool();
  if (manifest.identity.package_id.value().empty() || manifest.identity.stream.empty() ||
      manifest.pages < 0 || manifest.frames < 0 || manifest.file_bytes < 0) {
    return Error(ErrorKind::kStorageFailed,
                 "a member is missing: expected package_id, stream, "
                 "pages, frames and file_bytes");
  }
  return manifest;
}

Status seal_package(FileStore& files, const std::string& landing_dir, const Manifest& manifest) {
  const std::string sealed = landing_dir + "/" + manifest.identity.package_id.value();
  const std::string open = fmt::format("{}{}", sealed, kOpenSuffix);
  const std::string aside = fmt::format("{}/{}.tmp", open, kManifestName);
  FALAJ_TRY(files.remove_all(aside));
  {
    FALAJ_ASSIGN(auto file, files.create(aside));
    FALAJ_TRY(file->append(to_json(manifest)));
    FALAJ_TRY(file->sync());
  }
  FALAJ_TRY(files.rename(aside, fmt::format("{}/{}", open, kManifestName)));
  FALAJ_TRY(files.sync_directory(open));
  FALAJ_TRY(files.rename(open, sealed));
  return files.sync_directory(landing_dir);
}

}  // namespace falaj::landing
