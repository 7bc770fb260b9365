#include "connectors/salla/request_paths.hpp"

#include <algorithm>

namespace falaj::connectors::salla {
namespace {

std::vector<std::string> parts_of(std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  std::vector<std::string> parts;
  while (!path.empty()) {
    const auto part = path.substr(0, path.find('/'));
    if (!part.empty()) parts.emplace_back(part);
    path.remove_prefix(std::min(part.size() + 1, path.size()));
  }
  return parts;
}

bool is_any(std::string_view part) {
  return part.starts_with('{') && part.ends_with('}');
}

// How many written parts of the pattern the request has; -1: it is another path.
int fit(const std::vector<std::string>& pattern, const std::vector<std::string>& request) {
  if (pattern.size() != request.size()) return -1;
  int written = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (is_any(pattern[i])) continue;
    if (pattern[i] != request[i]) return -1;
    ++written;
  }
  return written;
}

}  // namespace

RequestPaths::RequestPaths(const Streams& streams) {
  for (const auto& stream : streams) {
    const auto bucket =
        stream.bucket == "customers" ? http::Bucket::kCustomers : http::Bucket::kStore;
    add(stream.path, bucket);
    add(stream.entity_path, bucket);
  }
}

void RequestPaths::add(std::string_view path, http::Bucket bucket) {
  if (!path.empty()) patterns_.push_back({parts_of(path), bucket});
}

http::Bucket RequestPaths::bucket_of(std::string_view request) const {
  const auto parts = parts_of(request);
  auto bucket = http::Bucket::kStore;
  int best = -1;
  for (const auto& pattern : patterns_) {
    const int written = fit(pattern.parts, parts);
    if (written <= best) continue;
    best = written;
    bucket = pattern.bucket;
  }
  return bucket;
}

const RequestPaths& built_in_request_paths() {
  static const RequestPaths kPaths(built_in_streams());
  return kPaths;
}

}  // namespace falaj::connectors::salla
