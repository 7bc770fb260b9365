// A landed package as rows: what the unchanged filter and the loader work on.
// Owns:     the decoded rows, which keep the pages' bodies alive.
// Threads:  decoding uses threads of its own; the result is a value.
// Errors:   pages that cannot be decoded are rejections, not errors.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "decode/page_decoder.hpp"
#include "landing/landing.hpp"

namespace falaj::load {

// What the rows of a table are compared by when they come again.
enum class TableRole {
  kEntities,  // by id and shape
  kSets,      // by parent, whatever the shape
  kLines,     // not themselves: they follow their set
};

struct TablePlan {
  std::string table;
  std::string stream;
  std::string key_column;  // the second column: <entity>_id, or the parent's id of a set
  TableRole role = TableRole::kEntities;
  size_t set_index = 0;  // kLines: where their sets are among the plans
};

// The tables that a spec fills, in the order of decode::schemas_of().
std::vector<TablePlan> plans_of(const decode::TableSpec& spec);

struct DecodedPackage {
  landing::Manifest manifest;
  const std::vector<TablePlan>* plans = nullptr;
  // The pages were shared out between threads: one part each, in order of the pages.
  std::vector<std::shared_ptr<decode::DecodedBatches>> parts;

  int64_t fetched(size_t table) const;
  int64_t rejected(size_t table) const;
};

// Decodes packages whose pages are in memory. What it decodes refers to its plans: it must live
// longer. Threads: safe.
class PackageDecoder {
 public:
  explicit PackageDecoder(const std::vector<decode::TableSpec>& specs);
  // kBug for a stream without a spec.
  Result<DecodedPackage> decode(const landing::Manifest& manifest,
                                const std::vector<landing::PageRecord>& pages, int threads) const;

 private:
  struct Stream {
    decode::TableSpec spec;
    std::vector<TablePlan> plans;
  };
  std::map<std::string, Stream> streams_;
};

}  // namespace falaj::load
