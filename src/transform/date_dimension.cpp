#include "transform/date_dimension.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <memory>

#include "calendar/hijri_calendar.hpp"

namespace falaj::transform {
namespace {

using rows::ColumnType;

constexpr std::array<const char*, 7> kDaysEn = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                "Friday", "Saturday", "Sunday"};
constexpr std::array<const char*, 7> kDaysAr = {"الاثنين", "الثلاثاء", "الأربعاء", "الخميس",
                                                "الجمعة",  "السبت",    "الأحد"};
constexpr std::array<const char*, 12> kMonthsEn = {"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
constexpr std::array<const char*, 12> kMonthsAr = {"يناير",  "فبراير", "مارس",   "أبريل",
                                                   "مايو",   "يونيو",  "يوليو",  "أغسطس",
                                                   "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"};
constexpr std::array<const char*, 12> kHijriEn = {
    "Muharram", "Safar",   "Rabi al-Awwal", "Rabi al-Thani", "Jumada al-Ula", "Jumada al-Akhirah",
    "Rajab",    "Shaaban", "Ramadan",       "Shawwal",       "Dhu al-Qadah",  "Dhu al-Hijjah"};
constexpr std::array<const char*, 12> kHijriAr = {
    "محرم", "صفر",   "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة",
    "رجب",  "شعبان", "رمضان",      "شوال",       "ذو القعدة",    "ذو الحجة"};

const std::vector<rows::Column>& columns() {
  constexpr auto kInt = ColumnType::kBigInt;
  constexpr auto kText = ColumnType::kText;
  constexpr auto kBool = ColumnType::kBool;
  static const std::vector<rows::Column> list = {{"date_key", kInt},
                                                 {"full_date", ColumnType::kDate},
                                                 {"day_of_week", kInt},
                                                 {"day_name_en", kText},
                                                 {"day_name_ar", kText},
                                                 {"day_of_month", kInt},
                                                 {"day_of_year", kInt},
                                                 {"week_of_year", kInt},
                                                 {"month_number", kInt},
                                                 {"month_name_en", kText},
                                                 {"month_name_ar", kText},
                                                 {"quarter", kInt},
                                                 {"year", kInt},
                                                 {"is_weekend", kBool},
                                                 {"hijri_year", kInt},
                                                 {"hijri_month", kInt},
                                                 {"hijri_day", kInt},
                                                 {"hijri_month_name_en", kText},
                                                 {"hijri_month_name_ar", kText},
                                                 {"hijri_date_text", kText},
                                                 {"is_ramadan", kBool},
                                                 {"ramadan_day", kInt},
                                                 {"is_eid_al_fitr", kBool},
                                                 {"is_eid_al_adha", kBool},
                                                 {"is_founding_day", kBool},
                                                 {"is_flag_day", kBool},
                                                 {"is_national_day", kBool},
                                                 {"is_white_friday", kBool},
                                                 {"is_holiday", kBool},
                                                 {"is_salary_day", kBool},
                                                 {"fiscal_year", kInt},
                                                 {"fiscal_quarter", kInt}};
  return list;
}

// ISO 8601: the week that has the year's first Thursday is week 1.
int64_t iso_week(std::chrono::sys_days day, unsigned iso_weekday) {
  const auto thursday = day + std::chrono::days(4 - static_cast<int>(iso_weekday));
  const auto year = std::chrono::year_month_day(thursday).year();
  const std::chrono::sys_days first(year / std::chrono::January / 1);
  return (thursday - first).count() / 7 + 1;
}

// Fills a row column by column, in the order of columns().
class RowWriter {
 public:
  explicit RowWriter(rows::RowBatch& batch) : batch_(batch) {}
  void number(int64_t value) { batch_.set_number(at_++, value); }
  void flag(bool value) { batch_.set_bool(at_++, value); }
  void text(std::string_view value) { batch_.add_text(at_++, value); }
  void none() { ++at_; }

 private:
  rows::RowBatch& batch_;
  size_t at_ = 0;
};

void write_day(rows::RowBatch& batch, std::chrono::sys_days day, const calendar::HijriDay& hijri) {
  using namespace std::chrono;
  const year_month_day date(day);
  const auto month = static_cast<unsigned>(date.month());
  const auto day_of_month = static_cast<unsigned>(date.day());
  const auto year = static_cast<int>(date.year());
  const unsigned weekday_number = weekday(day).iso_encoding();
  const bool is_ramadan = hijri.month == 9;
  const bool is_fitr = hijri.month == 10 && hijri.day <= 4;
  const bool is_adha = hijri.month == 12 && hijri.day >= 10 && hijri.day <= 13;
  const bool is_founding = month == 2 && day_of_month == 22;
  const bool is_flag = month == 3 && day_of_month == 11;
  const bool is_national = month == 9 && day_of_month == 23;
  const bool is_white_friday = month == 11 && weekday_number == 5 && day_of_month + 7 > 30;
  RowWriter row(batch);
  row.number(static_cast<int64_t>(year) * 10000 + month * 100 + day_of_month);
  row.number(day.time_since_epoch().count());
  row.number(weekday_number);
  row.text(kDaysEn[weekday_number - 1]);
  row.text(kDaysAr[weekday_number - 1]);
  row.number(day_of_month);
  row.number((day - sys_days(date.year() / January / 1)).count() + 1);
  row.number(iso_week(day, weekday_number));
  row.number(month);
  row.text(kMonthsEn[month - 1]);
  row.text(kMonthsAr[month - 1]);
  row.number((month + 2) / 3);
  row.number(year);
  row.flag(weekday_number == 5 || weekday_number == 6);
  row.number(hijri.year);
  row.number(hijri.month);
  row.number(hijri.day);
  row.text(kHijriEn[static_cast<size_t>(hijri.month) - 1]);
  row.text(kHijriAr[static_cast<size_t>(hijri.month) - 1]);
  row.text(fmt::format("{} {} {}", hijri.day, kHijriAr[static_cast<size_t>(hijri.month) - 1],
                       hijri.year));
  row.flag(is_ramadan);
  is_ramadan ? row.number(hijri.day) : row.none();
  row.flag(is_fitr);
  row.flag(is_adha);
  row.flag(is_founding);
  row.flag(is_flag);
  row.flag(is_national);
  row.flag(is_white_friday);
  row.flag(is_fitr || is_adha || is_founding || is_national);
  row.flag(day_of_month == 27);
  row.number(year);
  row.number((month + 2) / 3);
  batch.finish_row();
}

}  // namespace

warehouse::TableDefinition date_dimension_definition() {
  warehouse::TableDefinition definition;
  definition.schema = "GOLD";
  definition.name = "gold_dim_date";
  definition.columns.columns = columns();
  definition.comment = "one row a day";
  return definition;
}

Result<rows::RowBatch> date_dimension(YearRange years) {
  using namespace std::chrono;
  auto schema = std::make_shared<rows::Schema>();
  schema->columns = columns();
  rows::RowBatch batch(std::move(schema));
  FALAJ_ASSIGN(auto hijri_calendar, calendar::HijriCalendar::open());
  const sys_days last(year(years.last) / December / 31);
  for (sys_days day(year(years.first) / January / 1); day <= last; day += days(1)) {
    FALAJ_ASSIGN(const auto hijri, hijri_calendar.of(day));
    write_day(batch, day, hijri);
  }
  return batch;
}

rows::RowBatch unknown_date() {
  auto schema = std::make_shared<rows::Schema>();
  schema->columns = columns();
  rows::RowBatch batch(schema);
  batch.set_number(0, -1);
  for (size_t i = 0; i < schema->columns.size(); ++i) {
    const auto& name = schema->columns[i].name;
    if (name.find("_name_") != std::string::npos) batch.add_text(i, "unknown");
  }
  batch.finish_row();
  return batch;
}

}  // namespace falaj::transform
