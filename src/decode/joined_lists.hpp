// Pages of one list as one answer: the rows of all of them, each once, in the order in which they came.
// Shape:    a row is its bytes as received; a row of a later page with the bytes of an earlier page's row is
//           that row again. The answer that joined() makes has a pagination of what was announced.
// Threads:  confined to one.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.hpp"

namespace falaj::decode {

class JoinedLists {
 public:
  // The number of rows that were not there yet. A body that PageIndex::read() takes.
  int64_t add(std::string_view body);
  int64_t rows() const { return rows_; }
  // `total`: rows that the list is said to have, at least.
  std::string joined(int64_t total) const;

 private:
  std::set<Sha256Digest> seen_;
  std::string text_;  // rows with commas between them
  int64_t rows_ = 0;
};

}  // namespace falaj::decode
