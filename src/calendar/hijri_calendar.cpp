#include "calendar/hijri_calendar.hpp"

#include <unicode/calendar.h>

#include <string_view>
#include <utility>

namespace falaj::calendar {

struct HijriCalendar::Icu {
  std::unique_ptr<icu::Calendar> calendar;
};

HijriCalendar::HijriCalendar(std::unique_ptr<Icu> icu) : icu_(std::move(icu)) {}
HijriCalendar::HijriCalendar(HijriCalendar&&) noexcept = default;
HijriCalendar& HijriCalendar::operator=(HijriCalendar&&) noexcept = default;
HijriCalendar::~HijriCalendar() = default;

Result<HijriCalendar> HijriCalendar::open() {
  UErrorCode status = U_ZERO_ERROR;
  auto icu = std::make_unique<Icu>();
  icu->calendar.reset(icu::Calendar::createInstance(icu::TimeZone::createTimeZone("UTC"),
                                                    icu::Locale("ar_SA@calendar=islamic-umalqura"),
                                                    status));
  if (U_FAILURE(status) != 0 || std::string_view(icu->calendar->getType()) != "islamic-umalqura") {
    return Error(ErrorKind::kBug, "ICU has no Umm al-Qura calendar");
  }
  return HijriCalendar(std::move(icu));
}

// Asked day by day, ICU is needed from the 29th on only: no month is shorter.
Result<HijriDay> HijriCalendar::of(std::chrono::sys_days day) {
  constexpr int kShortestMonth = 29;
  if (last_ && day == last_day_ + std::chrono::days(1) && last_->day < kShortestMonth) {
    ++last_->day;
  } else {
    FALAJ_ASSIGN(last_, ask(day));
  }
  last_day_ = day;
  return *last_;
}

Result<HijriDay> HijriCalendar::ask(std::chrono::sys_days day) {
  UErrorCode status = U_ZERO_ERROR;
  constexpr double kMillisecondsADay = 86'400'000.0;
  auto& calendar = *icu_->calendar;
  calendar.setTime(static_cast<double>(day.time_since_epoch().count()) * kMillisecondsADay, status);
  const HijriDay hijri{calendar.get(UCAL_YEAR, status), calendar.get(UCAL_MONTH, status) + 1,
                       calendar.get(UCAL_DATE, status)};
  if (U_FAILURE(status) != 0) return Error(ErrorKind::kBug, "ICU cannot convert a date");
  return hijri;
}

}  // namespace falaj::calendar
