// The simulated store's imitations of Salla's oddities, each with a name, so that a test can do
// without one or ask for one.
// Threads:  a value.
// Facts:    salla-api.md sections 2 and 3
#pragma once

#include <bitset>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace falaj::simulator {

enum class Quirk : uint8_t {
  kPermutedIds,
  kPerPageClamp,
  kDepthCap,
  kHttpLinks,
  kLinksLoseFilters,
  kEmptyArrayLinks,
  kEmptyContainers,
  kNumbersAsStrings,
  kArabicDigits,
  kNullText,
  kAbsentKeys,
  kPolymorphicOptions,
  kDeletedProducts,
  kFillerBirthday,
  kMixedErrorCodes,
  kArabicErrors,
  kMissingScopeIs401,
  kIgnoredFilters,
  kPythonBooleans,
  kSlowTail,
  kRateHeaders,
  kRetryAfter,
  kCustomersBucket,
  kTopLevelUserInfo,
  kRefuseExpanded,
  kUtcOrderDates,
  kIgnoredSort,
  kWebhookUrlCheck,
  kOddPerPage,
  kNewLightProducts,
  kGapArrays,
  kGapLists,
  kEmptyListsForObjects,
  kEmptyObjectsForLists,
  kIdsAsText,
  kJsonBom,
  kPhpNotices,
  kStaleDetails,
  kPagedLists,
  kTimeOfDayFilters,
  kCount,
};

struct QuirkInfo {
  Quirk quirk;
  std::string_view name;
  bool is_on;  // unless asked otherwise
  std::string_view text;
};

std::span<const QuirkInfo> all_quirks();

class Quirks {
 public:
  Quirks();  // each as all_quirks() says
  bool operator[](Quirk quirk) const { return on_[static_cast<size_t>(quirk)]; }
  // `names`: "depth-cap,slow-tail" or "all".
  Status set(std::string_view names, bool is_on);

 private:
  std::bitset<static_cast<size_t>(Quirk::kCount)> on_;
};

}  // namespace falaj::simulator
