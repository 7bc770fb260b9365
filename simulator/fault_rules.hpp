// Trouble on request: rules that spoil chosen answers.
// Shape:    docs/salla-sim.md, "Faults". A rule looks at each API request whose path it matches;
//           the first rule that strikes wins, all that match count.
// Threads:  confined to one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "simulator/random_stream.hpp"

namespace falaj::simulator {

enum class FaultAction {
  kStatus,
  kDelay,
  kCutBody,
  kReset,
  kStall,
  kDrip,
  kWrongLength,
  kCutChunks,
  kBadGzip,
  kHttp10,
  kHtml,
  kTruncate,
  kInvalidUtf8,
  kHugeBody,
  kMalformedValue,
  kWrongType,
  kEmpty,
  kSet,
  kRemove,
  kOtherPage,
  kPrepend,  // text before the body, such as a notice of PHP
};

struct FaultRule {
  std::string match;     // prefix of the path below /admin/v2
  std::string contains;  // and a text anywhere in the whole target
  uint32_t store = 0;    // and the token's store; 0: any
  FaultAction action = FaultAction::kStatus;
  int status = 500;
  std::optional<std::string> body;  // status: instead of an error envelope; prepend: the text
  std::vector<std::pair<std::string, std::string>> headers;  // of any answer: added, or replaced
  std::chrono::milliseconds delay{0};
  std::optional<int64_t> bytes;  // what it counts depends on the action
  std::string pointer;           // set, remove
  std::string value;             // set: JSON text
  int64_t page = 1;              // other_page
  int64_t nth = 1;
  int64_t times = 1;
  double rate = 0;         // > 0: by chance instead of by number
  bool is_sticky = false;  // after its first strike: that same target, every time
  RandomStream random{0, 0, 0};
  int64_t seen = 0;
  int64_t struck = 0;
  std::vector<std::string> targets;  // struck, the first kTargetsMax
};

class FaultRules {
 public:
  static constexpr size_t kTargetsMax = 100;

  // A rule, a list of rules, {"rules": [...]} or {"clear": true}; kUsage says what is wrong.
  Status add(const Json& body);
  void clear() { rules_.clear(); }
  Json to_json() const;

  // The rule that strikes this request, or none. `path` is below /admin/v2, `store` 1 or more, 0 for
  // a token of none.
  const FaultRule* strike(std::string_view path, std::string_view target, uint32_t store);

 private:
  std::vector<FaultRule> rules_;
};

}  // namespace falaj::simulator
