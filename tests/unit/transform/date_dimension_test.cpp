#include "transform/date_dimension.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>
#include <map>
#include <set>

namespace falaj::transform {
namespace {

class DateDimensionTest : public ::testing::Test {
 protected:
  // 2009 to 2050, made once.
  static void SetUpTestSuite() {
    auto made = date_dimension({2009, 2050});
    ASSERT_TRUE(made.ok()) << made.error().to_text();
    batch_ = new rows::RowBatch(std::move(*made));
    for (size_t row = 0; row < batch_->row_count(); ++row) {
      row_of_[batch_->number(column("date_key"), row)] = row;
    }
  }
  static void TearDownTestSuite() {
    delete batch_;
    batch_ = nullptr;
  }

  static size_t column(const std::string& name) { return batch_->schema().find(name).value(); }
  static int64_t number(const std::string& name, int64_t day) {
    return batch_->number(column(name), row_of_.at(day));
  }
  static std::string text(const std::string& name, int64_t day) {
    return std::string(batch_->text(column(name), row_of_.at(day)));
  }
  static bool flag(const std::string& name, int64_t day) { return number(name, day) != 0; }
  // "1447-09-01"
  static std::string hijri(int64_t day) {
    return fmt::format("{}-{:02}-{:02}", number("hijri_year", day), number("hijri_month", day),
                       number("hijri_day", day));
  }
  // The days with this flag, as date keys.
  static std::vector<int64_t> days_with(const std::string& name, int64_t year) {
    std::vector<int64_t> days;
    for (const auto& [key, row] : row_of_) {
      if (key / 10000 == year && flag(name, key)) days.push_back(key);
    }
    return days;
  }

  static rows::RowBatch* batch_;
  static std::map<int64_t, size_t> row_of_;
};

rows::RowBatch* DateDimensionTest::batch_ = nullptr;
std::map<int64_t, size_t> DateDimensionTest::row_of_;

using Days = std::vector<int64_t>;

TEST_F(DateDimensionTest, HasAnUnknownMemberWithoutADay) {
  const auto unknown = unknown_date();
  ASSERT_EQ(unknown.row_count(), 1U);
  EXPECT_EQ(unknown.number(column("date_key"), 0), -1);
  EXPECT_EQ(unknown.text(column("month_name_ar"), 0), "unknown");
  for (const char* name : {"full_date", "year", "is_weekend", "hijri_year", "hijri_date_text"}) {
    EXPECT_TRUE(unknown.is_null(column(name), 0)) << name;
  }
}

TEST_F(DateDimensionTest, HasTheColumnsOfItsTableAndEveryDayOnce) {
  const auto definition = date_dimension_definition();
  EXPECT_EQ(definition.schema + "." + definition.name, "GOLD.gold_dim_date");
  ASSERT_EQ(definition.columns.columns.size(), batch_->schema().columns.size());
  for (size_t i = 0; i < definition.columns.columns.size(); ++i) {
    EXPECT_EQ(definition.columns.columns[i].name, batch_->schema().columns[i].name);
  }
  EXPECT_EQ(row_of_.size(), batch_->row_count());
  EXPECT_EQ(batch_->row_count(), 42U * 365 + 10) << "10 leap days";
  EXPECT_EQ(row_of_.begin()->first, 20090101);
  EXPECT_EQ(row_of_.rbegin()->first, 20501231);
  const auto usual = date_dimension({});
  ASSERT_TRUE(usual.ok());
  EXPECT_EQ(usual->row_count(), 36U * 365 + 9) << "2015 to 2050";
}

// The C library's calendar says the same, day by day.
TEST_F(DateDimensionTest, GregorianColumnsAgreeWithTheSystem) {
  const auto date = column("full_date");
  for (const auto& [key, row] : row_of_) {
    const std::time_t time = batch_->number(date, row) * 86'400;
    std::tm day{};
    ASSERT_NE(gmtime_r(&time, &day), nullptr);
    std::array<char, 80> expected{};
    std::strftime(expected.data(), expected.size(), "%Y%m%d %u %A %d %j %V %m %B %Y", &day);
    EXPECT_EQ(
        fmt::format("{} {} {} {:02} {:03} {:02} {:02} {} {}", key, number("day_of_week", key),
                    text("day_name_en", key), number("day_of_month", key),
                    number("day_of_year", key), number("week_of_year", key),
                    number("month_number", key), text("month_name_en", key), number("year", key)),
        expected.data());
  }
}

TEST_F(DateDimensionTest, WeeksBeginOnMondayAndBelongToTheYearOfTheirThursday) {
  EXPECT_EQ(number("week_of_year", 20210101), 53);
  EXPECT_EQ(number("week_of_year", 20210104), 1);
  EXPECT_EQ(number("week_of_year", 20201231), 53);
  EXPECT_EQ(number("week_of_year", 20241229), 52);
  EXPECT_EQ(number("week_of_year", 20241230), 1);
  EXPECT_EQ(number("week_of_year", 20260218), 8);
}

TEST_F(DateDimensionTest, QuartersAreThreeMonthsAndTheFiscalYearIsTheCalendarYear) {
  const std::map<int, int> expected = {{1, 1}, {3, 1},  {4, 2},  {6, 2}, {7, 3},
                                       {9, 3}, {10, 4}, {12, 4}, {2, 1}};
  for (const auto& [month, quarter] : expected) {
    const int64_t day = 20260015 + month * 100;
    EXPECT_EQ(number("quarter", day), quarter) << day;
    EXPECT_EQ(number("fiscal_quarter", day), quarter) << day;
    EXPECT_EQ(number("fiscal_year", day), 2026);
  }
}

TEST_F(DateDimensionTest, TheWeekendIsFridayAndSaturday) {
  for (const auto& [key, row] : row_of_) {
    const int64_t weekday = number("day_of_week", key);
    ASSERT_EQ(flag("is_weekend", key), weekday == 5 || weekday == 6) << key;
  }
  EXPECT_TRUE(flag("is_weekend", 20260220));
  EXPECT_TRUE(flag("is_weekend", 20260221));
  EXPECT_FALSE(flag("is_weekend", 20260222)) << "Sunday is a working day";
  EXPECT_EQ(text("day_name_ar", 20260220), "الجمعة");
  EXPECT_EQ(text("month_name_ar", 20260220), "فبراير");
}

// Announced in Umm al-Qura's own calendar.
TEST_F(DateDimensionTest, HijriDatesAreThoseOfUmmAlQura) {
  EXPECT_EQ(hijri(20260218), "1447-09-01");
  EXPECT_EQ(hijri(20250301), "1446-09-01");
  EXPECT_EQ(hijri(20240410), "1445-10-01");
  EXPECT_EQ(hijri(20091127), "1430-12-10");
  EXPECT_EQ(hijri(20240311), "1445-09-01");
  EXPECT_EQ(hijri(20230421), "1444-10-01");
  EXPECT_EQ(hijri(20240616), "1445-12-10");
  EXPECT_EQ(hijri(20240707), "1446-01-01");
  EXPECT_EQ(hijri(20250606), "1446-12-10");
  EXPECT_EQ(hijri(20250626), "1447-01-01");
  EXPECT_EQ(text("hijri_month_name_en", 20260218), "Ramadan");
  EXPECT_EQ(text("hijri_month_name_ar", 20260218), "رمضان");
  EXPECT_EQ(text("hijri_date_text", 20260218), "1 رمضان 1447");
  EXPECT_EQ(text("hijri_month_name_en", 20091127), "Dhu al-Hijjah");
}

TEST_F(DateDimensionTest, HijriMonthsHave29Or30DaysAndFollowEachOther) {
  int64_t before = 0;
  for (const auto& [key, row] : row_of_) {
    SCOPED_TRACE(key);
    if (before != 0 && number("hijri_day", key) == 1) {
      const int64_t length = number("hijri_day", before);
      ASSERT_TRUE(length == 29 || length == 30) << length;
      ASSERT_EQ(number("hijri_month", key), number("hijri_month", before) % 12 + 1);
      ASSERT_EQ(number("hijri_year", key),
                number("hijri_year", before) + (number("hijri_month", before) == 12 ? 1 : 0));
    } else if (before != 0) {
      ASSERT_EQ(number("hijri_day", key), number("hijri_day", before) + 1);
      ASSERT_EQ(number("hijri_month", key), number("hijri_month", before));
    }
    before = key;
  }
}

TEST_F(DateDimensionTest, AYearMadeAloneIsTheSameAsInARange) {
  const auto alone = date_dimension({2033, 2033});
  ASSERT_TRUE(alone.ok());
  ASSERT_EQ(alone->row_count(), 365U);
  const auto& columns = batch_->schema().columns;
  for (size_t row = 0; row < alone->row_count(); ++row) {
    const size_t same = row_of_.at(alone->number(0, row));
    for (size_t i = 0; i < columns.size(); ++i) {
      ASSERT_EQ(alone->is_null(i, row), batch_->is_null(i, same)) << columns[i].name;
      if (columns[i].type == rows::ColumnType::kText) {
        ASSERT_EQ(alone->text(i, row), batch_->text(i, same)) << columns[i].name;
      } else {
        ASSERT_EQ(alone->number(i, row), batch_->number(i, same)) << columns[i].name;
      }
    }
  }
}

TEST_F(DateDimensionTest, RamadanAndTheFeastsFollowTheHijriCalendar) {
  EXPECT_EQ(days_with("is_ramadan", 2026).size(), 30U);
  EXPECT_EQ(days_with("is_ramadan", 2026).front(), 20260218);
  EXPECT_EQ(days_with("is_eid_al_fitr", 2024), (Days{20240410, 20240411, 20240412, 20240413}));
  EXPECT_EQ(days_with("is_eid_al_adha", 2024), (Days{20240616, 20240617, 20240618, 20240619}));
  EXPECT_EQ(number("ramadan_day", 20260218), 1);
  EXPECT_EQ(number("ramadan_day", 20260227), 10);
  EXPECT_TRUE(batch_->is_null(column("ramadan_day"), row_of_.at(20260217)));
  EXPECT_EQ(days_with("is_ramadan", 2030).size(), 30U + 6U) << "two Ramadans in one year";
}

TEST_F(DateDimensionTest, DaysOfTheCountryAndOfTheTrade) {
  EXPECT_EQ(days_with("is_founding_day", 2026), Days{20260222});
  EXPECT_EQ(days_with("is_flag_day", 2026), Days{20260311});
  EXPECT_EQ(days_with("is_national_day", 2026), Days{20260923});
  EXPECT_EQ(days_with("is_white_friday", 2018), Days{20181130}) << "the latest that it can be";
  EXPECT_EQ(days_with("is_white_friday", 2024), Days{20241129});
  EXPECT_EQ(days_with("is_white_friday", 2023), Days{20231124}) << "the earliest";
  EXPECT_EQ(days_with("is_salary_day", 2026).size(), 12U);
  EXPECT_TRUE(flag("is_salary_day", 20260227));
}

TEST_F(DateDimensionTest, HolidaysAreTheFeastsAndTheTwoDaysOff) {
  for (const auto& [key, row] : row_of_) {
    ASSERT_EQ(flag("is_holiday", key), flag("is_eid_al_fitr", key) || flag("is_eid_al_adha", key) ||
                                           flag("is_founding_day", key) ||
                                           flag("is_national_day", key))
        << key;
  }
  EXPECT_FALSE(flag("is_holiday", 20260311)) << "Flag Day is a working day";
}

TEST_F(DateDimensionTest, OnlyTheDayOfRamadanMayBeNull) {
  for (size_t i = 0; i < batch_->schema().columns.size(); ++i) {
    if (batch_->schema().columns[i].name == "ramadan_day") continue;
    for (size_t row = 0; row < batch_->row_count(); ++row) {
      ASSERT_FALSE(batch_->is_null(i, row)) << batch_->schema().columns[i].name;
    }
  }
}

}  // namespace
}  // namespace falaj::transform
