#include "calendar/offset_text.hpp"

namespace falaj::calendar {
namespace {

constexpr int32_t kHour = 3600;

}  // namespace

bool take_digits(std::string_view& text, size_t most, int& value) {
  size_t taken = 0;
  value = 0;
  while (taken < most && taken < text.size() && text[taken] >= '0' && text[taken] <= '9') {
    value = value * 10 + (text[taken++] - '0');
  }
  text.remove_prefix(taken);
  return taken > 0;
}

bool read_offset(std::string_view text, int32_t& seconds) {
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  int hours = 0;
  int minutes = 0;
  int rest = 0;
  if (!take_digits(text, 2, hours)) return false;
  for (int* part : {&minutes, &rest}) {
    if (text.empty()) break;
    if (text.front() == ':') text.remove_prefix(1);
    const size_t before = text.size();
    if (!take_digits(text, 2, *part) || before - text.size() != 2) return false;
  }
  if (!text.empty() || hours > 14 || minutes > 59 || rest > 59) return false;
  seconds = sign * (hours * kHour + minutes * 60 + rest);
  return true;
}

}  // namespace falaj::calendar
