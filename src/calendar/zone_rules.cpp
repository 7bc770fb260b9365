#include "calendar/zone_rules.hpp"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "calendar/offset_text.hpp"
#include "calendar/zone_file.hpp"

namespace falaj::calendar {
namespace {

constexpr int32_t kHour = 3600;
constexpr double kFirstInstant = -2'208'988'800'000.0;  // 1900, in milliseconds
constexpr double kLastInstant = 7'258'118'400'000.0;    // 2200
constexpr size_t kNameBytesMax = 64;

// Abbreviations that mean one offset wherever they are used; AST, CST and IST do not, and Salla's own
// AST is Arabia's.
constexpr std::array<std::pair<std::string_view, int32_t>, 27> kAbbreviations{{
    {"UTC", 0},          {"GMT", 0},          {"Z", 0},
    {"UT", 0},           {"WET", 0},          {"WEST", kHour},
    {"BST", kHour},      {"CET", kHour},      {"CEST", 2 * kHour},
    {"MET", kHour},      {"MEST", 2 * kHour}, {"EET", 2 * kHour},
    {"EEST", 3 * kHour}, {"CAT", 2 * kHour},  {"SAST", 2 * kHour},
    {"EAT", 3 * kHour},  {"MSK", 3 * kHour},  {"AST", 3 * kHour},
    {"TRT", 3 * kHour},  {"GST", 4 * kHour},  {"PKT", 5 * kHour},
    {"EST", -5 * kHour}, {"EDT", -4 * kHour}, {"MST", -7 * kHour},
    {"MDT", -6 * kHour}, {"PST", -8 * kHour}, {"PDT", -7 * kHour},
}};

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool same_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return upper(x) == upper(y); });
}

// A name of the tz database: letters, digits and a few marks, which ICU would otherwise guess about.
bool may_be_name(std::string_view text) {
  if (text.empty() || text.size() > kNameBytesMax || text.front() == '/' ||
      text.starts_with("right/") || text == "Etc/Unknown" || text == "localtime") {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (upper(c) >= 'A' && upper(c) <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  });
}

}  // namespace

int32_t ZoneRules::offset_at_local(int64_t local_micros) const {
  if (changes_.empty()) return first_offset_;
  const int64_t local_secs = local_micros / 1'000'000 - (local_micros % 1'000'000 < 0 ? 1 : 0);
  const auto after = std::upper_bound(
      changes_.begin(), changes_.end(), local_secs,
      [](int64_t secs, const Change& change) { return secs < change.from_local_secs; });
  return after == changes_.begin() ? first_offset_ : std::prev(after)->offset_secs;
}

// All rules that were asked for. Names of no zone are not kept: they are whatever somebody sends.
class ZoneBook {
 public:
  const ZoneRules* find(std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto found = rules_.find(name);
    if (found != rules_.end()) return &found->second;
    ZoneRules rules;
    if (!compute(name, rules)) return nullptr;
    return &rules_.emplace(std::string(name), std::move(rules)).first->second;
  }

 private:
  static bool compute(std::string_view name, ZoneRules& rules) {
    if (read_offset(name, rules.first_offset_)) return true;
    for (const auto& [abbreviation, offset] : kAbbreviations) {
      if (!same_letters(name, abbreviation)) continue;
      rules.first_offset_ = offset;
      return true;
    }
    // "GMT+3" and "UTC+03:00"; the tz database has "Etc/GMT+3" too, which is west.
    if (name.size() > 3 &&
        (same_letters(name.substr(0, 3), "GMT") || same_letters(name.substr(0, 3), "UTC")) &&
        read_offset(name.substr(3), rules.first_offset_)) {
      return true;
    }
    if (!may_be_name(name)) return false;
    // The system's tz data are updated more often than those that ICU was built with.
    auto history = read_zone_file(kZoneFolder, name);
    if (!history) history = history_by_icu(name);
    if (!history) return false;
    int32_t offset = rules.first_offset_ = history->first_offset_secs;
    for (const auto& change : history->changes) {
      rules.changes_.push_back(
          {change.at_secs + std::max(offset, change.offset_secs), change.offset_secs});
      offset = change.offset_secs;
    }
    return true;
  }

  static std::optional<ZoneHistory> history_by_icu(std::string_view name) {
    const auto wanted = icu::UnicodeString::fromUTF8(
        icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
    const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(wanted));
    if (!zone || *zone == icu::TimeZone::getUnknown()) return std::nullopt;
    UErrorCode status = U_ZERO_ERROR;
    int32_t raw = 0;
    int32_t summer = 0;
    zone->getOffset(kFirstInstant, false, raw, summer, status);
    if (U_FAILURE(status) != 0) return std::nullopt;
    ZoneHistory history;
    history.first_offset_secs = (raw + summer) / 1000;
    const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(zone.get());
    if (basic == nullptr) return history;
    icu::TimeZoneTransition transition;
    int32_t offset = history.first_offset_secs;
    double at = kFirstInstant;
    while (basic->getNextTransition(at, false, transition) && transition.getTime() < kLastInstant) {
      at = transition.getTime();
      const auto* rule = transition.getTo();
      const int32_t next = (rule->getRawOffset() + rule->getDSTSavings()) / 1000;
      if (next != offset) history.changes.push_back({static_cast<int64_t>(at / 1000), next});
      offset = next;
    }
    return history;
  }

  std::mutex mutex_;
  std::map<std::string, ZoneRules, std::less<>> rules_;  // nodes stay where they are
};

const ZoneRules* rules_of(std::string_view zone) {
  static ZoneBook book;
  while (!zone.empty() && zone.front() == ' ') zone.remove_prefix(1);
  while (!zone.empty() && zone.back() == ' ') zone.remove_suffix(1);
  return book.find(zone);
}

const ZoneRules* ZoneMemory::find(std::string_view zone) {
  for (size_t i = 0; i < used_; ++i) {
    if (known_[i].name == zone) return known_[i].rules;
  }
  auto& known = known_[next_];
  next_ = (next_ + 1) % kRemembered;
  used_ = std::max(used_, next_ == 0 ? kRemembered : next_);
  known.name.assign(zone);
  known.rules = rules_of(zone);
  return known.rules;
}

}  // namespace falaj::calendar
