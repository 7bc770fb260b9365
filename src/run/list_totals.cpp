#include "run/list_totals.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <map>

namespace falaj::run {
namespace {

struct Known {
  int64_t facts = 0;
  int64_t quarantined = 0;  // orders, not lines, that gold lacks
};

// Yields store_id, facts, quarantined.
constexpr const char* kKnown = R"(
SELECT store_id, CAST(SUM(facts) AS BIGINT), CAST(SUM(quarantined) AS BIGINT) FROM (
  SELECT store_id, COUNT(*) AS facts, 0 AS quarantined FROM GOLD.gold_fact_orders GROUP BY store_id
  UNION ALL
  SELECT q.store_id, 0, COUNT(DISTINCT q.entity_id) FROM SILVER.quarantine q
  LEFT JOIN GOLD.gold_fact_orders f ON f.store_id = q.store_id AND f.order_id = q.entity_id
  WHERE q.stream IN ('orders', 'silver_orders') AND q.parent_id IS NULL AND q.resolved_at IS NULL AND f.order_id IS NULL
  GROUP BY q.store_id
) t GROUP BY store_id)";

std::string reasons(const ListTotal& total, const Known& known) {
  std::string text;
  const auto add = [&text](const std::string& reason) {
    text += (text.empty() ? "" : ", ") + reason;
  };
  if (known.quarantined > 0) add(fmt::format("{} are in quarantine", known.quarantined));
  if (total.unlisted > 0) add(fmt::format("{} are in no page of the list", total.unlisted));
  const auto left = total.announced - total.unlisted - known.quarantined - known.facts;
  if (left > 0 && total.is_partial) add("the others were not asked for: `falaj run` reads them");
  if (left != 0 && !total.is_partial) {
    add("the store changed while it was read, or an answer could not be used; the next run "
        "compares "
        "again");
  }
  if (left < 0 && total.is_partial) add("`falaj run` finds what is gone");
  return text;
}

int64_t number(const std::optional<std::string>& cell) {
  return cell ? std::strtoll(cell->c_str(), nullptr, 10) : 0;
}

}  // namespace

Result<std::vector<ListDifference>> compare_with_lists(warehouse::Session& session,
                                                       const std::vector<ListTotal>& totals) {
  std::vector<ListDifference> differences;
  if (totals.empty()) return differences;
  FALAJ_ASSIGN(const auto table, session.query(kKnown).while_doing("counting the orders in gold"));
  std::map<int64_t, Known> stores;
  for (const auto& row : table.rows) {
    stores[number(row[0])] = {number(row[1]), number(row[2])};
  }
  for (const auto& total : totals) {
    const auto& known = stores[total.store_id];
    if (known.facts == total.announced) continue;
    ListDifference difference;
    difference.result = {total.store_id, "orders",
                         "orders that the list announces and facts in gold",
                         std::to_string(total.announced), std::to_string(known.facts)};
    const auto why = reasons(total, known);
    difference.text = fmt::format("{}the order list announces {} orders, gold has {}{}",
                                  total.name.empty() ? "" : total.name + ": ", total.announced,
                                  known.facts, why.empty() ? "" : " (" + why + ")");
    differences.push_back(std::move(difference));
  }
  return differences;
}

}  // namespace falaj::run
