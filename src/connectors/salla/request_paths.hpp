// Which quota a request draws on: the catalogue says it of each stream, and a request belongs to the
// stream whose path it has.
// Shape:    paths of streams may hold {id} and {parent}; queries do not count. Of several that fit,
//           the one with the most written parts is meant.
// Threads:  a value; reading is safe.
// Facts:    salla-api.md 2.3 (customers' requests of an address have a limit of their own)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connectors/salla/catalogue.hpp"
#include "http/quota_gate.hpp"

namespace falaj::connectors::salla {

class RequestPaths {
 public:
  explicit RequestPaths(const Streams& streams);

  // The store's bucket for a path that no stream has.
  http::Bucket bucket_of(std::string_view request) const;

 private:
  struct Pattern {
    std::vector<std::string> parts;
    http::Bucket bucket = http::Bucket::kStore;
  };
  void add(std::string_view path, http::Bucket bucket);

  std::vector<Pattern> patterns_;
};

// Of the built-in streams.
const RequestPaths& built_in_request_paths();

}  // namespace falaj::connectors::salla
