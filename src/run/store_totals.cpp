#include "run/store_totals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "warehouse/books/row_cells.hpp"

namespace falaj::run {
namespace {

// Facts of one day and status.
struct Group {
  int64_t day = 0;  // yyyymmdd
  std::string status;
  int64_t orders = 0;
};

// "2026-11-23" as 20261123.
int64_t day_key(std::string day) {
  day.erase(std::remove(day.begin(), day.end(), '-'), day.end());
  return std::strtoll(day.c_str(), nullptr, 10);
}

int64_t count(const std::vector<Group>& groups, const StoreTotal& total) {
  int64_t orders = 0;
  for (const auto& group : groups) {
    if (!total.status.empty() && group.status != total.status) continue;
    const bool is_inside = total.first_day.empty() || (day_key(total.first_day) <= group.day &&
                                                       group.day <= day_key(total.last_day));
    if (is_inside) orders += group.orders;
  }
  return orders;
}

std::string name_of(const StoreTotal& total) {
  std::string name = "orders that the store counts and facts in gold";
  if (!total.status.empty()) name += ", status " + total.status;
  if (!total.first_day.empty()) name += fmt::format(", {} to {}", total.first_day, total.last_day);
  return name;
}

}  // namespace

Result<StoreComparison> compare_with_store(warehouse::Session& session, int64_t store_id,
                                           const std::vector<StoreTotal>& totals,
                                           int64_t unlisted) {
  FALAJ_ASSIGN(const auto table,
               session.query(fmt::format(
                   "SELECT order_date_key, order_status, COUNT(*) FROM GOLD.gold_fact_orders "
                   "WHERE store_id = {} GROUP BY order_date_key, order_status",
                   store_id)));
  std::vector<Group> groups;
  for (const auto& row : table.rows) {
    groups.push_back({warehouse::number(row[0]), row[1].value_or(""), warehouse::number(row[2])});
  }
  StoreComparison comparison;
  bool is_whole_equal = true;
  std::vector<Reconciliation> by_days;
  for (const auto& total : totals) {
    const bool is_all = total.status.empty() && total.first_day.empty();
    Reconciliation result{store_id, "orders", name_of(total),
                          std::to_string(total.orders - (is_all ? unlisted : 0)),
                          std::to_string(count(groups, total))};
    if (total.first_day.empty()) {
      is_whole_equal = is_whole_equal && result.matches();
      comparison.results.push_back(std::move(result));
    } else {
      by_days.push_back(std::move(result));
    }
  }
  const bool are_days_equal = std::all_of(by_days.begin(), by_days.end(),
                                          [](const auto& result) { return result.matches(); });
  comparison.has_other_days = is_whole_equal && !are_days_equal && !comparison.results.empty();
  if (!comparison.has_other_days) {
    std::move(by_days.begin(), by_days.end(), std::back_inserter(comparison.results));
  }
  return comparison;
}

}  // namespace falaj::run
