// The Umm al-Qura calendar, the official one of Saudi Arabia.
// Owns:     ICU's calendar.
// Threads:  confined to one.
// Errors:   kBug when ICU lacks the calendar.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "base/result.hpp"

namespace falaj::calendar {

struct HijriDay {
  int year = 0;
  int month = 0;  // from 1
  int day = 0;
};

class HijriCalendar {
 public:
  static Result<HijriCalendar> open();
  HijriCalendar(HijriCalendar&&) noexcept;
  HijriCalendar& operator=(HijriCalendar&&) noexcept;
  ~HijriCalendar();

  // Quick for days in order.
  Result<HijriDay> of(std::chrono::sys_days day);

 private:
  struct Icu;
  explicit HijriCalendar(std::unique_ptr<Icu> icu);
  Result<HijriDay> ask(std::chrono::sys_days day);

  std::unique_ptr<Icu> icu_;
  std::optional<HijriDay> last_;
  std::chrono::sys_days last_day_{};
};

}  // namespace falaj::calendar
