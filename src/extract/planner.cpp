#include "extract/planner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/counted.hpp"
#include "extract/product_list.hpp"

namespace falaj::extract {
namespace {

PageLoop::Options loop_options(std::stop_token stop) {
  PageLoop::Options options;
  options.stop = std::move(stop);
  return options;
}

int64_t pages_of(int64_t rows, int64_t page_size) {
  return std::max<int64_t>(1, (rows + page_size - 1) / page_size);
}

std::string reason_of_stream(const StreamSpec& stream, const CatalogueListPlan& plan,
                             bool is_later) {
  if (!stream.parent.empty()) return fmt::format("one call for each of {}", stream.parent);
  if (stream.paging == Paging::kNone) return "one answer";
  if (stream.changes == Changes::kNewestFirst && is_later) {
    return fmt::format("new ones, and the last {} before again",
                       counted(stream.reread_days, "day"));
  }
  if (!plan.requests.is_exact()) return "read whole; the list does not say how long it is";
  return "read whole";
}

}  // namespace

Planner::Planner(PlanContext context, ExtractOptions options, PlanLimits limits)
    : context_(std::move(context)),
      options_(std::move(options)),
      limits_(limits),
      loop_(context_.source, loop_options(context_.stop)) {}

Result<ExtractPlan> Planner::plan() {
  plan_.streams.push_back({"store_info", "", CountRange::exactly(1), CountRange::exactly(1),
                           "who the token belongs to", false});
  FALAJ_TRY(options_.backfill ? plan_backfill() : plan_run());
  return std::move(plan_);
}

Status Planner::plan_run() {
  FALAJ_TRY(plan_statuses());
  FALAJ_TRY(plan_customers());
  FALAJ_TRY(plan_products());
  FALAJ_TRY(plan_orders());
  return plan_more();
}

Status Planner::plan_backfill() {
  const auto& wanted = *options_.backfill;
  const auto lists = backfill_lists(wanted, options_.more_streams, options_.page_size);
  if (lists.empty() && !wanted.wants("orders")) return cannot_be_asked_by_day(wanted.stream);
  for (const auto& list : lists) {
    const auto swept = plan_sweep(
        loop_, list, [](const decode::IndexRow&) {}, limits_.first_pages);
    if (!swept.ok()) return swept.error();
    plan_.streams.push_back({list.stream, "", swept->requests, swept->rows,
                             fmt::format("{} of these days", swept->announced),
                             list.bucket == "customers"});
    add_windows(list.stream, *swept, options_.page_size);
  }
  if (!wanted.wants("orders")) return {};
  FALAJ_TRY(plan_statuses());
  return plan_orders();
}

Result<const KnownStore*> Planner::known() {
  if (!known_) {
    FALAJ_ASSIGN(known_, context_.read_known());
  }
  return &*known_;
}

Status Planner::plan_statuses() {
  PageAsk ask;
  ask.stream = "order_statuses";
  ask.request = "/orders/statuses";
  FALAJ_ASSIGN(const auto index, loop_.ask_one(std::move(ask)));
  for (const auto& row : index.rows) {
    if (!row.slug.empty()) statuses_.push_back(row.slug);
  }
  plan_.streams.push_back({"order_statuses", "", CountRange::exactly(1),
                           CountRange::exactly(static_cast<int64_t>(index.rows.size())),
                           "one answer", false});
  return {};
}

int64_t Planner::named(const std::string& stream) const {
  return std::count_if(options_.named.begin(), options_.named.end(),
                       [&](const auto& entity) { return entity.stream == stream; });
}

void Planner::add_refusal(const std::string& stream, const std::string& scope,
                          const ListRefusal& refusal) {
  using Reason = ListRefusal::Reason;
  const auto why =
      refusal.reason == Reason::kNoScope    ? fmt::format("left out: the token lacks {}", scope)
      : refusal.reason == Reason::kNotThere ? std::string("left out: the store has no such list")
      : refusal.reason == Reason::kRefused  ? std::string("left out: the store refuses it")
                                            : std::string("the store does not answer it now");
  plan_.streams.push_back(
      {stream, "", CountRange::exactly(1), CountRange::exactly(0), why, stream == "customers"});
  parents_[stream] = CountRange::exactly(0);
}

void Planner::add_windows(const std::string& stream, const SweepPlan& plan, int64_t page_size) {
  for (const auto& part : plan.parts)
    plan_.windows.push_back({stream, part, pages_of(part.total, page_size)});
  if (plan.parts_unseen > 0) {
    plan_.notes.push_back(fmt::format(
        "{}: {} more windows of days were not looked at; their requests count as the pages that "
        "their rows fill at least",
        stream, plan.parts_unseen));
  }
}

void Planner::add_list(const std::string& stream, const Result<SweepPlan>& plan, int64_t known) {
  const bool is_of_customers = stream == "customers";
  StreamPlan line{stream, "", plan->requests, plan->rows, "read whole", is_of_customers};
  const auto missing = plan->is_cut ? int64_t{0} : std::max<int64_t>(0, known - plan->announced);
  line.requests += CountRange::exactly(missing);
  if (missing > 0) line.why += fmt::format("; {} that it lacks are asked after", missing);
  if (const auto events = named(stream); events > 0) {
    line.requests += CountRange{0, events};
    line.why += fmt::format("; {} named by events, if the list does not show them", events);
  }
  plan_.streams.push_back(std::move(line));
  parents_[stream] = plan->is_cut ? CountRange::at_least(0) : CountRange::exactly(plan->announced);
  if (plan->parts.size() > 1) add_windows(stream, *plan, options_.page_size);
}

Status Planner::plan_customers() {
  const auto swept = plan_sweep(
      loop_, customers_list(options_.page_size), [](const decode::IndexRow&) {},
      limits_.first_pages);
  if (!swept.ok()) {
    const auto refusal = refusal_of(swept.error());
    if (!refusal || refusal->reason == ListRefusal::Reason::kBroken) return swept.error();
    add_refusal("customers", "customers.read", *refusal);
    return {};
  }
  FALAJ_ASSIGN(const auto* known_store, known());
  add_list("customers", swept, static_cast<int64_t>(known_store->customers.size()));
  return {};
}

Status Planner::plan_products() {
  ProductList list;
  list.page_size = options_.page_size;
  if (options_.light_products) list.light = &*options_.light_products;
  const auto swept = extract::plan_products(loop_, list, limits_.first_pages);
  if (!swept.ok()) {
    const auto refusal = refusal_of(swept.error());
    if (!refusal || refusal->reason == ListRefusal::Reason::kBroken) return swept.error();
    add_refusal("products", "products.read", *refusal);
    return {};
  }
  FALAJ_ASSIGN(const auto* known_store, known());
  add_list("products", swept, static_cast<int64_t>(known_store->products.size()));
  return {};
}

Status Planner::plan_orders() {
  OrderOptions options;
  options.is_summary_only = options_.is_summary_only;
  options.is_reconciling = options_.is_reconciling;
  if (options_.backfill) options.range = options_.backfill->days;
  options.page_size = options_.page_size;
  options.statuses = statuses_;
  options.volatile_members = options_.order_volatile_members;
  for (const auto& entity : options_.named) {
    if (entity.stream == "orders") options.named.push_back(entity.id);
  }
  std::sort(options.named.begin(), options.named.end());
  const ReadKnownStore read_once = [this]() -> Result<KnownStore> {
    FALAJ_ASSIGN(const auto* known_store, known());
    return *known_store;
  };
  OrderStream stream(loop_, context_.clock, read_once, context_.cursors, std::move(options));
  FALAJ_ASSIGN(const auto orders, stream.plan(limits_));
  add_order_lines(orders);
  parents_["orders"] = orders.touched;
  if (orders.is_sweep && (options_.backfill || orders.sweep.parts.size() > 1))
    add_windows("orders", orders.sweep, options_.page_size);
  return {};
}

std::string Planner::reason_of_list(const OrderPlan& orders) const {
  const auto all = counted(orders.announced, "order", "orders");
  if (options_.backfill) return fmt::format("{} of these days", all);
  if (orders.is_walk_cut) {
    return fmt::format(
        "more of {} changed than this plan has looked at; down to the last run's "
        "orders, or all of the list",
        all);
  }
  if (orders.is_first) return fmt::format("{}: the first run reads the whole list", all);
  if (orders.is_sweep) return fmt::format("{}: the whole list, to find what differs", all);
  return fmt::format("of {}: by latest change, down to what the last run saw", all);
}

std::string Planner::reason_of_details(const OrderPlan& orders) const {
  if (options_.is_summary_only) return "left for later (--depth summary)";
  std::vector<std::string> parts;
  const auto least = orders.to_deepen.least;
  const auto backlog = std::min(orders.backlog, least);
  if (orders.is_first && backlog == 0) return "one call an order";
  if (backlog > 0) parts.push_back(fmt::format("{} known from lists only", backlog));
  const auto again = std::min(orders.again, least - backlog);
  if (least > backlog + again)
    parts.push_back(fmt::format("{} new or changed", least - backlog - again));
  if (again > 0)
    parts.push_back(fmt::format("{} to be read again in their turn (extract.reread_days)", again));
  if (!orders.to_deepen.is_exact()) parts.emplace_back("more if rows not looked at have changed");
  std::string text = "one call an order";
  for (const auto& part : parts) text += (&part == parts.data() ? ": " : ", ") + part;
  return text;
}

void Planner::add_order_lines(const OrderPlan& orders) {
  plan_.streams.push_back(
      {"orders", "list", orders.list_requests, orders.list_rows, reason_of_list(orders), false});
  if (orders.to_confirm != CountRange::exactly(0)) {
    plan_.streams.push_back({"orders", "confirmations", orders.to_confirm,
                             CountRange{0, orders.to_confirm.most},
                             "known orders that the list lacks are asked after", false});
  }
  const bool has_calls = orders.to_deepen != CountRange::exactly(0);
  if (!has_calls && orders.is_expanded) return;
  plan_.streams.push_back(
      {"orders", "details", orders.to_deepen, orders.to_deepen, reason_of_details(orders), false});
  const auto deeper = options_.is_summary_only ? "left for later (--depth summary)"
                                               : "one call an order: its lines";
  plan_.streams.push_back({"order_items", "", orders.to_deepen,
                           has_calls ? std::nullopt : std::optional(CountRange::exactly(0)), deeper,
                           false});
}

// In the two places of a run; a summary leaves out what grows with the orders.
Status Planner::plan_more() {
  std::vector<StreamSpec> streams;
  const auto find = [this](const std::string& name) {
    return std::find_if(options_.more_streams.begin(), options_.more_streams.end(),
                        [&](const auto& stream) { return stream.name == name; });
  };
  const auto grows = [&](const StreamSpec& stream) {
    if (stream.parent == "orders") return true;
    const auto parent = find(stream.parent);
    const auto& decisive = parent == options_.more_streams.end() ? stream : *parent;
    return decisive.changes == Changes::kNewestFirst;
  };
  for (const auto& stream : options_.more_streams) {
    if (!options_.is_summary_only || !grows(stream)) streams.push_back(stream);
  }
  MoreStreams more(loop_, context_.clock, context_.cursors, streams, options_.page_size);
  FALAJ_ASSIGN(const auto plans, more.plan(parents_, limits_.first_pages));
  FALAJ_ASSIGN(const bool is_first, OrderStream::is_first(context_.cursors));
  for (const auto& stream : streams) {
    const auto& plan = plans.at(stream.name);
    if (plan.refusal) {
      add_refusal(stream.name, stream.scope, *plan.refusal);
      continue;
    }
    plan_.streams.push_back({stream.name, "", plan.requests, plan.rows,
                             reason_of_stream(stream, plan, !is_first),
                             stream.bucket == "customers"});
  }
  return {};
}

}  // namespace falaj::extract
