// What a run or a backfill of one store will ask for, before anything runs: requests and rows of
// every stream, from control state, what is known, and a few first pages.
// Shape:    makes the decisions that the extractor makes, with the same parts; nothing is landed and
//           no cursor is set. Counts are exact where that tells, ranges where it does not.
// Threads:  confined to one.
// Errors:   of the page loop; kUsage for a backfill of a stream that has no days.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/count_range.hpp"
#include "extract/extractor.hpp"
#include "extract/order_plan.hpp"

namespace falaj::extract {

struct StreamPlan {
  std::string stream;
  std::string part;  // of orders: "list", "details" or "confirmations"; else empty
  CountRange requests;
  std::optional<CountRange> rows;  // nothing: unknown before they are there
  std::string why;
  bool is_of_customers = false;  // draws on the customers' limit too
};

// A part of a list that is paged on its own.
struct WindowPlan {
  std::string stream;
  WindowTotal part;
  int64_t requests = 0;
};

struct ExtractPlan {
  std::vector<StreamPlan> streams;  // in the order of the report of a run
  std::vector<WindowPlan> windows;  // of lists that are cut, and of a backfill's days
  std::vector<std::string> notes;
};

struct PlanContext {
  Source& source;
  Clock& clock;
  CursorStore cursors;  // set() is not called
  ReadKnownStore read_known;
  std::stop_token stop;
};

class Planner {
 public:
  Planner(PlanContext context, ExtractOptions options, PlanLimits limits = {});
  Result<ExtractPlan> plan();

 private:
  Status plan_run();
  Status plan_backfill();
  Status plan_statuses();
  Status plan_orders();
  Status plan_customers();
  Status plan_products();
  Status plan_more();
  void add_order_lines(const OrderPlan& orders);
  std::string reason_of_list(const OrderPlan& orders) const;
  std::string reason_of_details(const OrderPlan& orders) const;
  // A list read whole: its line, and the entities that it seems to lack or that events have named.
  void add_list(const std::string& stream, const Result<SweepPlan>& plan, int64_t known);
  void add_windows(const std::string& stream, const SweepPlan& plan, int64_t page_size);
  void add_refusal(const std::string& stream, const std::string& scope, const ListRefusal& refusal);
  int64_t named(const std::string& stream) const;
  Result<const KnownStore*> known();

  PlanContext context_;
  ExtractOptions options_;
  PlanLimits limits_;
  PageLoop loop_;
  std::optional<KnownStore> known_;
  std::vector<std::string> statuses_;
  std::map<std::string, CountRange> parents_;  // entities whose children are asked for
  ExtractPlan plan_;
};

}  // namespace falaj::extract
