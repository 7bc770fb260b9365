// Trouble on request: rules that spoil chosen answers.
// Shape:    docs/salla-sim.md, "Faults". A rule looks at each API request whose path it matches;
//           the first rule that strikes wins, all that match count.
// Threads:  confined to one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "http_server/response.hpp"
#include "simulator/random_stream.hpp"

namespace falaj::simulator {

enum class FaultAction {
  kStatus,
  kDelay,
  kCutBody,
  kReset,
  kHtml,
  kTruncate,
  kInvalidUtf8,
  kHugeBody,
  kMalformedValue,
  kWrongType,
  kEmpty,
};

struct FaultRule {
  std::string match;     // prefix of the path below /admin/v2
  std::string contains;  // and a text anywhere in the whole target
  FaultAction action = FaultAction::kStatus;
  int status = 500;
  std::chrono::milliseconds delay{0};
  size_t bytes = 0;  // cut_body: kept; huge_body: added
  int64_t nth = 1;
  int64_t times = 1;
  double rate = 0;  // > 0: by chance instead of by number
  RandomStream random{0, 0, 0};
  int64_t seen = 0;
  int64_t struck = 0;
};

class FaultRules {
 public:
  // A rule, a list of rules, {"rules": [...]} or {"clear": true}; kUsage says what is wrong.
  Status add(const Json& body);
  void clear() { rules_.clear(); }
  Json to_json() const;

  // The rule that strikes this request, or none. `path` is below /admin/v2.
  const FaultRule* strike(std::string_view path, std::string_view target);

 private:
  std::vector<FaultRule> rules_;
};

// Spoils an answer as the rule says.
void apply_fault(const FaultRule& rule, http_server::Response& response);

}  // namespace falaj::simulator
