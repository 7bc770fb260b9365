// Turns raw JSON pages into column batches, by a table spec, in one pass over the text.
// Shape:    a page is an envelope {data: [entity, ...]} or {data: entity}. Each entity becomes a
//           row, or a Rejection when it cannot (never both, never neither). raw_data is its
//           bytes as received; payload_sha256 is over them without the volatile members.
//           A value that its column cannot take is NULL there and a LostValue, unless the column is
//           important: then the entity is rejected.
// Units:    package_row = page_no * 1,000,000 + position of the entity in the page.
// Owns:     nothing of the page: the batches pin its owner.
// Threads:  a PageDecoder is confined to one thread; make one per thread of the same spec.
// Errors:   none: bad input becomes rejections and lost values. A page that is not JSON is one rejection.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "decode/table_spec.hpp"
#include "rows/row_batch.hpp"

namespace falaj::decode {

// A landed page, seen by decode.
struct SourcePage {
  std::string_view shape;
  std::string_view source;
  std::string_view request;  // for messages
  // Found to be no answer of the API's form: what has no rows is a rejection then.
  bool is_unreadable = false;
  int64_t parent_id = 0;
  int64_t page_no = 0;  // position in the package
  UtcTime fetched_at{};
  std::string_view body;
  std::shared_ptr<const void> owner;  // keeps body valid
};

// One row of SILVER.quarantine in the making.
struct Rejection {
  std::string table;
  std::string stream;
  std::optional<int64_t> entity_id;
  std::string rule;      // "bad_page", "missing_id", "wrong_type", "out_of_range", "bad_date", ...
  std::string message;   // path, what was found, what was expected
  std::string raw_data;  // valid UTF-8
  int64_t package_row = 0;
  UtcTime extracted_at{};
  std::string shape;
  std::optional<int64_t> parent_id;  // of lines: what they belong to
};

// What kept values from their column: the same for many rows, so a row's loss refers to it.
struct LossKind {
  size_t column = 0;
  std::string rule;     // as of a Rejection
  std::string message;  // of the first one
};

// A value that is NULL in its row because the column cannot take it.
struct LostValue {
  uint32_t row = 0;   // of the batch
  uint32_t kind = 0;  // of TableBatch::loss_kinds
};

struct TableBatch {
  std::string table;
  rows::RowBatch rows;
  int64_t fetched = 0;  // rows + rejected
  int64_t rejected = 0;
  std::vector<LossKind> loss_kinds;
  std::vector<LostValue> losses;  // by row
};

// What decode() appends to. Tables are in the order of schemas_of().
struct DecodedBatches {
  std::vector<TableBatch> tables;
  std::vector<Rejection> rejections;

  size_t bytes() const;
  // Empties rows, counts and rejections; capacity stays.
  void clear();
};

class PageDecoder {
 public:
  PageDecoder(const TableSpec& spec, StoreId store, PackageId package);
  ~PageDecoder();
  PageDecoder(PageDecoder&&) noexcept;
  PageDecoder& operator=(PageDecoder&&) noexcept;

  DecodedBatches make_batches() const;
  // Appends the page's rows and rejections.
  void decode(const SourcePage& page, DecodedBatches& out);

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace falaj::decode
