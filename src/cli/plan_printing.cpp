// The text form of a plan.
#include <fmt/format.h>

#include <algorithm>

#include "cli/printing.hpp"
#include "cli/text_table.hpp"

namespace falaj::cli {
namespace {

constexpr size_t kWindowsShown = 24;

// "40", "40 to 52", "at least 40"
std::string range_text(const CountRange& range) {
  if (range.is_exact()) return with_thousands(range.least);
  if (!range.most) return "at least " + with_thousands(range.least);
  return fmt::format("{} to {}", with_thousands(range.least), with_thousands(*range.most));
}

std::string minutes_text(const operate::PlanReport& plan, const CountRange& requests) {
  const auto least = plan.quota_minutes(requests.least);
  if (!least) return "-";
  if (requests.is_exact()) return fmt::format("{:.1f}", *least);
  if (!requests.most) return fmt::format("at least {:.1f}", *least);
  return fmt::format("{:.1f} to {:.1f}", *least, plan.quota_minutes(*requests.most).value_or(0));
}

std::string window_table(const operate::PlanReport& plan) {
  TextTable table({{"stream"},
                   {"from"},
                   {"to"},
                   {"status"},
                   {"rows", Align::kRight},
                   {"requests", Align::kRight}});
  for (size_t i = 0; i < std::min(plan.windows.size(), kWindowsShown); ++i) {
    const auto& window = plan.windows[i];
    table.add_row({window.stream, window.from.empty() ? "all" : window.from, window.to,
                   window.status, with_thousands(window.rows), with_thousands(window.requests)});
  }
  auto text = table.render();
  if (plan.windows.size() > kWindowsShown)
    text += fmt::format("... and {} more; --json has all\n", plan.windows.size() - kWindowsShown);
  return text;
}

std::string customers_line(const operate::PlanReport& plan) {
  const auto requests = plan.customers_requests();
  if (requests == CountRange()) return "";
  auto text = fmt::format(
      "Of them to /customers: {}; all stores behind this address may make {} in "
      "ten minutes, {} of these are used",
      range_text(requests), plan.customers_limit, plan.customers_used);
  if (plan.customers_minutes() > 0)
    text += fmt::format(": at least {:.0f} minutes, beside the rest", plan.customers_minutes());
  return text + ".\n";
}

}  // namespace

std::string to_text(const operate::PlanReport& plan) {
  const auto quota = plan.limit_per_minute
                         ? fmt::format("{} a minute (plan {})",
                                       counted(*plan.limit_per_minute, "request"), plan.store_plan)
                         : std::string("no limit announced");
  auto text = fmt::format("Store {} ({}), quota: {}\n\n", plan.store_name, plan.store_id, quota);
  TextTable table({{"stream"},
                   {"requests", Align::kRight},
                   {"quota min", Align::kRight},
                   {"rows", Align::kRight},
                   {"why"}});
  for (const auto& item : plan.items) {
    table.add_row({name_of(item), range_text(item.requests), minutes_text(plan, item.requests),
                   item.rows ? range_text(*item.rows) : "?", item.reason});
  }
  text += table.render();
  if (!plan.windows.empty()) text += "\n" + window_table(plan);
  const auto all = plan.requests();
  const bool is_one = range_text(all) == "1";
  text += fmt::format("\nA {} takes {} {}", plan.task, range_text(all),
                      is_one ? "request" : "requests");
  text += plan.limit_per_minute ? fmt::format(", {} minutes of quota.\n", minutes_text(plan, all))
                                : std::string(".\n");
  text += customers_line(plan);
  for (const auto& note : plan.notes) text += "Note: " + note + "\n";
  return text + fmt::format("This plan took {}.\n", counted(plan.requests_made, "request"));
}

std::string to_text(const std::vector<operate::PlanReport>& plans) {
  std::string text;
  for (const auto& plan : plans) text += (text.empty() ? "" : "\n") + to_text(plan);
  return text;
}

}  // namespace falaj::cli
