#include "calendar/zone_file.hpp"

#include <array>
#include <chrono>
#include <fstream>
#include <iterator>

#include "calendar/offset_text.hpp"

namespace falaj::calendar {
namespace {

constexpr size_t kHeaderBytes = 44;
constexpr size_t kFileBytesMax = 1 << 20;
constexpr int kLastYear = 2200;
constexpr int64_t kDaySecs = 86'400;

int64_t big_endian(std::string_view bytes) {
  uint64_t value = (bytes.front() & 0x80) != 0 ? ~uint64_t{0} : 0;
  for (const char c : bytes) value = (value << 8U) | static_cast<unsigned char>(c);
  return static_cast<int64_t>(value);
}

struct Counts {
  size_t is_utc = 0;
  size_t is_standard = 0;
  size_t leaps = 0;
  size_t times = 0;
  size_t types = 0;
  size_t letters = 0;

  size_t bytes(size_t time_bytes) const {
    return times * (time_bytes + 1) + types * 6 + letters + leaps * (time_bytes + 4) + is_standard +
           is_utc;
  }
};

std::optional<Counts> read_header(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || !bytes.starts_with("TZif") || bytes[4] < '2') {
    return std::nullopt;
  }
  std::array<size_t, 6> counts{};
  for (size_t i = 0; i < counts.size(); ++i) {
    const auto count = big_endian(bytes.substr(20 + i * 4, 4));
    if (count < 0 || count > static_cast<int64_t>(kFileBytesMax)) return std::nullopt;
    counts[i] = static_cast<size_t>(count);
  }
  return Counts{counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
}

// "M4.5.5/0": the last Friday of April, at midnight. Other forms are in no zone of today.
struct YearlyChange {
  int month = 0;
  int week = 0;
  int weekday = 0;
  int32_t secs = 2 * 3600;

  // On the clock that it changes.
  int64_t local_secs(int year_number) const {
    using namespace std::chrono;
    const year_month date = year(year_number) / std::chrono::month(static_cast<unsigned>(month));
    const std::chrono::weekday day(static_cast<unsigned>(weekday));
    const sys_days found =
        week == 5 ? sys_days(date / day[last]) : sys_days(date / day[static_cast<unsigned>(week)]);
    return found.time_since_epoch().count() * kDaySecs + secs;
  }
};

// The text in the file's last line: "EET-2EEST,M4.5.5/0,M10.5.4/24".
class Footer {
 public:
  explicit Footer(std::string_view text) : rest_(text) {}

  // Changes after the last one in the file.
  bool append(ZoneHistory& history) {
    int32_t standard = 0;
    int32_t summer = 0;
    if (!skip_name() || !take_offset(standard)) return false;
    if (rest_.empty()) return true;
    if (!skip_name()) return false;
    summer = standard + 3600;
    if (!rest_.starts_with(",") && !take_offset(summer)) return false;
    YearlyChange start;
    YearlyChange end;
    if (!take_change(start) || !take_change(end) || !rest_.empty()) return false;
    const int64_t known = history.changes.empty() ? 0 : history.changes.back().at_secs;
    for (int year = 1970; year <= kLastYear; ++year) {
      std::array<ZoneHistory::Change, 2> both{
          {{start.local_secs(year) - standard, summer}, {end.local_secs(year) - summer, standard}}};
      if (both[1].at_secs < both[0].at_secs) std::swap(both[0], both[1]);
      for (const auto& change : both) {
        if (change.at_secs > known) history.changes.push_back(change);
      }
    }
    return true;
  }

 private:
  bool skip_name() {
    if (rest_.starts_with("<")) {
      const auto end = rest_.find('>');
      if (end == std::string_view::npos) return false;
      rest_.remove_prefix(end + 1);
      return true;
    }
    const auto end = std::min(rest_.find_first_of("+-0123456789,"), rest_.size());
    rest_.remove_prefix(end);
    return end > 0;
  }

  // West is positive in this text.
  bool take_offset(int32_t& east_secs) {
    int32_t west = 0;
    if (!take_time(west)) return false;
    east_secs = -west;
    return true;
  }

  bool take_time(int32_t& secs) {
    const bool is_negative = rest_.starts_with("-");
    if (is_negative || rest_.starts_with("+")) rest_.remove_prefix(1);
    int part = 0;
    if (!take_digits(rest_, 3, part)) return false;
    secs = part * 3600;
    for (const int32_t unit : {60, 1}) {
      if (!rest_.starts_with(":")) break;
      rest_.remove_prefix(1);
      if (!take_digits(rest_, 2, part)) return false;
      secs += part * unit;
    }
    if (is_negative) secs = -secs;
    return true;
  }

  bool take_change(YearlyChange& change) {
    if (!rest_.starts_with(",M")) return false;
    rest_.remove_prefix(2);
    for (int* number : {&change.month, &change.week, &change.weekday}) {
      if (!take_digits(rest_, 2, *number)) return false;
      if (number != &change.weekday) {
        if (!rest_.starts_with(".")) return false;
        rest_.remove_prefix(1);
      }
    }
    if (change.month < 1 || change.month > 12 || change.week < 1 || change.week > 5 ||
        change.weekday > 6) {
      return false;
    }
    if (!rest_.starts_with("/")) return true;
    rest_.remove_prefix(1);
    return take_time(change.secs);
  }

  std::string_view rest_;
};

// Of the 64-bit block that begins with `bytes`.
std::optional<ZoneHistory> read_block(std::string_view bytes, const Counts& counts) {
  if (counts.types == 0 || bytes.size() < counts.bytes(8)) return std::nullopt;
  const auto offset_of = [&](size_t type) -> std::optional<int32_t> {
    if (type >= counts.types) return std::nullopt;
    return static_cast<int32_t>(big_endian(bytes.substr(counts.times * 9 + type * 6, 4)));
  };
  ZoneHistory history;
  history.first_offset_secs = *offset_of(0);
  int32_t before = history.first_offset_secs;
  for (size_t i = 0; i < counts.times; ++i) {
    const auto offset = offset_of(static_cast<unsigned char>(bytes[counts.times * 8 + i]));
    if (!offset) return std::nullopt;
    if (*offset != before) history.changes.push_back({big_endian(bytes.substr(i * 8, 8)), *offset});
    before = *offset;
  }
  return history;
}

}  // namespace

std::optional<ZoneHistory> parse_zone_file(std::string_view bytes) {
  const auto first = read_header(bytes);
  if (!first) return std::nullopt;
  const size_t second_at = kHeaderBytes + first->bytes(4);
  if (second_at >= bytes.size()) return std::nullopt;
  bytes.remove_prefix(second_at);
  const auto counts = read_header(bytes);
  if (!counts) return std::nullopt;
  bytes.remove_prefix(kHeaderBytes);
  auto history = read_block(bytes, *counts);
  if (!history) return std::nullopt;
  auto footer = bytes.substr(counts->bytes(8));
  if (!footer.starts_with("\n") || !footer.ends_with("\n") || footer.size() < 2) return history;
  footer = footer.substr(1, footer.size() - 2);
  if (!footer.empty() && !Footer(footer).append(*history)) return std::nullopt;
  return history;
}

std::optional<ZoneHistory> read_zone_file(const std::string& folder, std::string_view name) {
  std::ifstream file(folder + "/" + std::string(name), std::ios::binary);
  if (!file) return std::nullopt;
  std::string bytes(kFileBytesMax, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(std::max<std::streamsize>(0, file.gcount())));
  return parse_zone_file(bytes);
}

}  // namespace falaj::calendar
