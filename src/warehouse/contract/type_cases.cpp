#include <fmt/format.h>

#include <cstdint>

#include "warehouse/contract/case_groups.hpp"

namespace falaj::warehouse::contract {
namespace {

constexpr const char* kArabic = "طلب رقم ١٢٣ «خاص» — ﷼";

std::string cell(const std::string& column, const std::string& id) {
  return fmt::format("SELECT {} FROM BRONZE.bronze_orders WHERE order_id = {}", column, id);
}

Status stores_numbers_and_times(ContractRun& run) {
  constexpr int64_t kMost = 999'999'999'999'999'999;
  constexpr int64_t kFirstDay = -719'162;  // 0001-01-01
  constexpr int64_t kLastDay = 2'932'896;  // 9999-12-31
  auto batch = orders_batch(0, 0);
  const auto add = [&](int64_t id, int64_t number, int64_t micros, int64_t day) {
    batch->set_number(0, id == 1 ? INT64_MAX : INT64_MIN);
    batch->set_number(1, id);
    batch->set_number(3, number);
    batch->set_number(4, number);
    batch->set_number(5, micros);
    batch->set_number(6, day);
    batch->set_bool(7, id == 1);
    batch->finish_row();
  };
  add(1, kMost, 1'700'000'000'123'456, kFirstDay);
  add(2, -kMost, -1, kLastDay);
  add(3, 0, 0, 0);
  add(INT64_MIN, -1, 253'402'300'799'999'999, 1);
  FALAJ_TRY(run.load(batch));
  run.expect_value(cell("total_amount", "1"), "99999999999999.9999");
  run.expect_value(cell("exchange_rate", "1"), "9999999999.99999999");
  run.expect_value(cell("created_at", "1"), "2023-11-14 22:13:20.123456");
  run.expect_value(cell("store_id", "1"), "9223372036854775807");
  run.expect_value(cell("birthday", "1"), "0001-01-01");
  run.expect_value(cell("is_draft", "1"), "true");
  run.expect_value(cell("total_amount", "2"), "-99999999999999.9999");
  run.expect_value(cell("exchange_rate", "2"), "-9999999999.99999999");
  run.expect_value(cell("created_at", "2"), "1969-12-31 23:59:59.999999");
  run.expect_value(cell("store_id", "2"), "-9223372036854775808");
  run.expect_value(cell("birthday", "2"), "9999-12-31");
  run.expect_value(cell("is_draft", "2"), "false");
  run.expect_value(cell("total_amount", "3"), "0.0000");
  run.expect_value(cell("created_at", "3"), "1970-01-01 00:00:00.000000");
  run.expect_value(cell("total_amount", "(-9223372036854775808)"), "-0.0001");
  run.expect_value(cell("exchange_rate", "(-9223372036854775808)"), "-0.00000001");
  run.expect_value(cell("created_at", "(-9223372036854775808)"), "9999-12-31 23:59:59.999999");
  return {};
}

Status stores_texts(ContractRun& run) {
  const std::string megabyte(1 << 20, 'x');
  const std::string arabic_megabyte = [] {
    std::string text;
    while (text.size() < (1 << 20)) text += kArabic;
    return text;
  }();
  const std::string odd = "it's \"quoted\"\n\t\\ \x01 $1 {} %s 'SELECT'";
  auto batch = orders_batch(0, 0);
  int64_t id = 0;
  for (const auto& text : {std::string(kArabic), megabyte, std::string(), odd, arabic_megabyte,
                           std::string(" \t "), std::string("null"), std::string("😀e\u0301")}) {
    batch->set_number(0, 1);
    batch->set_number(1, ++id);
    batch->add_text(2, text);
    batch->finish_row();
  }
  FALAJ_TRY(run.load(batch));
  run.expect_value(cell("raw_data", "1"), kArabic);
  run.expect_value(cell("LENGTH(raw_data)", "1"), "21");
  run.expect_value(cell("raw_data", "2"), megabyte);
  run.expect_value(cell("raw_data", "3"), "");
  run.expect_value(cell("raw_data IS NULL", "3"), "false");
  run.expect_value(cell("raw_data", "4"), odd);
  run.expect_value(cell("raw_data", "5"), arabic_megabyte);
  run.expect_value(cell("raw_data", "6"), " \t ");
  run.expect_value(cell("raw_data", "7"), "null");
  run.expect_value(cell("raw_data IS NULL", "7"), "false");
  run.expect_value(cell("raw_data", "8"), "😀e\u0301");
  run.expect_value(cell("SHA2(raw_data, 256) = SHA2('" + std::string(kArabic) + "', 256)", "1"),
                   "true");
  return {};
}

Status stores_null(ContractRun& run) {
  auto batch = orders_batch(0, 0);
  batch->set_number(0, 1);
  batch->set_number(1, 5);
  batch->finish_row();
  FALAJ_TRY(run.load(batch));
  for (const char* column : {"raw_data", "total_amount", "exchange_rate", "birthday", "is_draft"}) {
    run.expect_value(cell(column, "5"), "<null>");
  }
  for (const auto& column : orders_definition().columns.columns) {
    run.expect_value(cell(column.name + " IS NULL", "5"), column.required ? "false" : "true");
  }
  run.expect_unless(Quirk::kNullTimestampsReadAs1970,
                    run.value(cell("created_at", "5")) == "<null>", "a NULL timestamp is NULL");
  run.expect_value("SELECT COUNT(created_at) FROM BRONZE.bronze_orders", "0");
  return {};
}

Status stores_38_digits(ContractRun& run) {
  const std::string nines(38, '9');
  const std::string fraction = "0." + std::string(36, '0') + "1";
  const std::string money = "-" + std::string(34, '9') + ".9999";
  auto& session = run.session();
  FALAJ_TRY(session.execute("CREATE TABLE BRONZE.wide (b DECIMAL(38,37), c DECIMAL(38,4))"));
  FALAJ_TRY(
      session.execute(fmt::format("INSERT INTO BRONZE.wide SELECT CAST('{}' AS "
                                  "DECIMAL(38,37)), CAST('{}' AS DECIMAL(38,4))",
                                  fraction, money)));
  run.expect_value("SELECT b FROM BRONZE.wide", fraction);
  run.expect_value("SELECT c FROM BRONZE.wide", money);
  run.expect_value("SELECT CAST(c + 1 AS DECIMAL(38,4)) FROM BRONZE.wide",
                   "-" + std::string(33, '9') + "8.9999");
  run.expect_unless(Quirk::kIntegersOf64Bits,
                    run.value(fmt::format("SELECT CAST('{}' AS DECIMAL(38,0))", nines)) == nines,
                    "an integer has 38 digits");
  return {};
}

Status sums_exactly(ContractRun& run) {
  auto batch = orders_batch(0, 0);
  for (int64_t id = 1; id <= 1000; ++id) {
    batch->set_number(0, 1);
    batch->set_number(1, id);
    batch->set_number(3, 90'071'992'547'409'931);  // beyond what a double tells apart
    batch->finish_row();
  }
  FALAJ_TRY(run.load(batch));
  run.expect_unless(
      Quirk::kSumsDecimalsAsDouble,
      run.value("SELECT SUM(total_amount) FROM BRONZE.bronze_orders") == "9007199254740993.1000",
      "SUM of a decimal is exact");
  run.expect_value(
      "SELECT COUNT(*) FROM BRONZE.bronze_orders WHERE total_amount = "
      "CAST('9007199254740.9931' AS DECIMAL(18,4))",
      "1000");
  return {};
}

Status rounds_half_away_from_zero(ContractRun& run) {
  run.expect_value("SELECT CAST(ROUND(CAST('2.5' AS DECIMAL(18,4)), 0) AS DECIMAL(18,0))", "3");
  run.expect_value("SELECT CAST(ROUND(CAST('-2.5' AS DECIMAL(18,4)), 0) AS DECIMAL(18,0))", "-3");
  run.expect_value("SELECT CAST(CAST('0.12345' AS DECIMAL(18,5)) AS DECIMAL(18,4))", "0.1235");
  run.expect_value(
      "SELECT CAST(CAST('12.3456' AS DECIMAL(18,4)) * CAST('3.75000000' AS "
      "DECIMAL(18,8)) AS DECIMAL(18,4))",
      "46.2960");
  return {};
}

}  // namespace

std::vector<ContractCase> type_cases() {
  return {
      {"types", "numbers, rates, instants, days and truth values are exact to their ends",
       stores_numbers_and_times},
      {"types", "texts are the same bytes: Arabic, 1 MB, empty, quotes, control characters",
       stores_texts},
      {"types", "NULL stays NULL, and apart from empty text and zero", stores_null},
      {"types", "decimals have 38 digits", stores_38_digits},
      {"types", "sums of money are exact", sums_exactly},
      {"types", "money is rounded half away from zero", rounds_half_away_from_zero},
  };
}

}  // namespace falaj::warehouse::contract
