#include "extract/order_plan.hpp"

#include <algorithm>

#include "extract/order_stream.hpp"

namespace falaj::extract {

Result<OrderPlan> OrderStream::plan(PlanLimits limits) {
  OrderPlan plan;
  FALAJ_ASSIGN(plan.is_first, is_first(cursors_));
  FALAJ_ASSIGN(auto first, find_shape());
  if (!first.rows.empty()) outcome_.is_expanded = first.first_row_has("amounts");
  plan.is_expanded = outcome_.is_expanded;
  FALAJ_TRY(plan_list(plan, std::move(first), limits));
  FALAJ_TRY(plan_details(plan));
  return plan;
}

// The walk is made as the run makes it; of a sweep only the first pages are asked for.
Status OrderStream::plan_list(OrderPlan& plan, decode::PageIndex first, PlanLimits limits) {
  const auto on_row = [this](const decode::IndexRow& row) { take(row); };
  const auto has_come = [this] {
    const auto& tally = loop_.tallies().at("orders");
    return std::pair(CountRange::exactly(tally.requests), CountRange::exactly(tally.rows));
  };
  if (options_.range) {
    FALAJ_TRY(read_known());
    std::tie(plan.list_requests, plan.list_rows) = has_come();
    FALAJ_ASSIGN(plan.sweep, plan_sweep(loop_, list(), on_row, limits.first_pages));
    keep_range();
    plan.is_sweep = true;
    plan.announced = plan.sweep.announced;
  } else {
    FALAJ_ASSIGN(plan.is_sweep, walk_changes(std::move(first), limits.walk_pages));
    plan.is_walk_cut = walk_->was_stopped();
    plan.announced = outcome_.announced;
    std::tie(plan.list_requests, plan.list_rows) = has_come();
    if (plan.is_walk_cut) {
      plan.is_sweep = false;  // nobody knows yet
      plan.list_requests.most.reset();
      plan.list_rows.most.reset();
      return {};
    }
    if (!plan.is_sweep) return {};
    FALAJ_ASSIGN(plan.sweep, plan_sweep(loop_, list(), on_row, limits.first_pages));
    // The top of the list in reverse, and again when all is read; the totals of the statuses.
    const auto page_rows = std::min(options_.page_size, plan.announced);
    const auto totals =
        options_.is_reconciling ? static_cast<int64_t>(options_.statuses.size()) : int64_t{0};
    plan.list_requests += CountRange::exactly(2 + totals);
    plan.list_rows += CountRange::exactly(2 * page_rows);
    if (totals > 0) plan.list_rows += CountRange{0, totals};
  }
  plan.list_requests += plan.sweep.requests;
  plan.list_rows += plan.sweep.rows;
  return {};
}

// What is known of rows that the plan has not looked at: their number.
OrderStream::Unseen OrderStream::count_unseen(int64_t announced) const {
  std::vector<int64_t> seen;
  for (const auto& row : listed_) seen.push_back(row.id);
  std::sort(seen.begin(), seen.end());
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  auto live = static_cast<int64_t>(known_.orders.size());
  for (const int64_t id : seen) live += known_.find_order(id) == nullptr ? 1 : 0;
  Unseen unseen;
  unseen.missing = std::max<int64_t>(0, live - (announced - unlisted_));
  unseen.added = std::max<int64_t>(0, announced - unlisted_ - live);
  unseen.deep = std::count_if(known_.orders.begin(), known_.orders.end(), [&](const auto& order) {
    return order.is_deep && !std::binary_search(seen.begin(), seen.end(), order.id);
  });
  return unseen;
}

Status OrderStream::plan_details(OrderPlan& plan) {
  const auto unseen = count_unseen(plan.announced);
  if (plan.is_sweep) plan.to_confirm = CountRange::exactly(unseen.missing);
  if (plan.is_walk_cut) plan.to_confirm = CountRange::at_least(0);
  plan.backlog = std::count_if(known_.orders.begin(), known_.orders.end(),
                               [](const auto& order) { return !order.is_deep; });
  collect_work();
  FALAJ_TRY(collect_rereads());
  plan.again =
      std::count_if(work_.begin(), work_.end(), [](const Work& each) { return each.is_again; });
  auto least = static_cast<int64_t>(work_.size());
  // Full rows are deep as they are; a whole list brings those that were not.
  if (plan.is_sweep && plan.is_expanded) least = 0;
  if (plan.is_sweep && !plan.is_expanded)
    least += unseen.added - std::min(unseen.missing, plan.backlog);
  plan.to_deepen = CountRange::exactly(least);
  // Rows that were not looked at may have changed.
  const bool is_open = plan.is_walk_cut || (plan.is_sweep && !plan.is_expanded && unseen.deep > 0);
  if (is_open) plan.to_deepen.most.reset();
  if (is_open && options_.range) plan.to_deepen.most = least + unseen.deep;
  if (options_.is_summary_only) plan.to_deepen = CountRange::exactly(0);
  plan.touched = plan.to_deepen;
  if (!plan.is_expanded) return {};
  plan.touched = plan.is_sweep
                     ? CountRange::exactly(plan.announced - unlisted_)
                     : plan.to_deepen + CountRange::exactly(static_cast<int64_t>(forced_.size()));
  return {};
}

}  // namespace falaj::extract
