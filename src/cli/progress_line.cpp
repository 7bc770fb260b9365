#include "cli/progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/counted.hpp"
#include "cli/printing.hpp"
#include "cli/text_table.hpp"

namespace falaj::cli {
namespace {

constexpr const char* kEllipsis = "…";

std::string stage_words(const operate::Progress& progress) {
  const auto steps = [&](const char* doing, const char* of_what) {
    if (progress.steps_all == 0) return std::string(doing);
    return fmt::format("{}: {} of {}", doing, with_thousands(progress.steps_done),
                       counted(progress.steps_all, of_what));
  };
  if (progress.stage == "start") return "starting";
  if (progress.stage == "load") return steps("loading what has landed", "package");
  if (progress.stage == "transform") {
    const auto line = steps("building silver and gold", "model");
    return progress.stream.empty() ? line : fmt::format("{}, now {}", line, progress.stream);
  }
  if (progress.stage == "reconcile") return "comparing what was loaded and built";
  if (progress.stage != "extract") return progress.stage;
  const auto name = progress.stream.empty() ? "extract" : "extract " + progress.stream;
  if (progress.orders_all > 0) {
    return fmt::format("{}: {} of {} at full depth ({} %)", name,
                       with_thousands(progress.orders_done), counted(progress.orders_all, "order"),
                       100 * progress.orders_done / progress.orders_all);
  }
  return fmt::format("{}: {}, {}", name, counted(progress.pages, "page"),
                     counted(progress.rows, "row"));
}

// Waits that nothing goes on beside, and the others.
struct Waits {
  std::string blocking;
  std::vector<std::string> others;
};

Waits sort_waits(const operate::Progress& progress) {
  std::vector<operate::WaitView> stores;
  std::vector<operate::WaitView> rest;
  for (const auto& wait : progress.waits) (wait.is_of_store() ? stores : rest).push_back(wait);
  Waits sorted;
  if (progress.stage != "extract") {
    sorted.blocking = operate::to_text(progress.waits);
    return sorted;
  }
  if (!stores.empty() && std::ssize(stores) >= progress.stores_reading) {
    sorted.blocking = operate::to_text(stores);
  } else if (!stores.empty()) {
    sorted.others.push_back(fmt::format("{} of {} stores wait", stores.size(),
                                        with_thousands(progress.stores_reading)));
  }
  for (const auto& wait : rest) sorted.others.push_back("loading waits " + operate::to_text(wait));
  return sorted;
}

std::vector<std::string> numbers(const operate::Progress& progress) {
  if (progress.stage != "extract") return {};
  std::vector<std::string> parts{counted(progress.requests, "request")};
  if (progress.requests_per_second > 0)
    parts.push_back(fmt::format("{:.1f}/s", progress.requests_per_second));
  if (progress.quota_used_percent >= 0)
    parts.push_back(fmt::format("{:.0f} % of quota", progress.quota_used_percent));
  return parts;
}

}  // namespace

std::string fitted(std::string_view text, size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return "";
  std::string line(text);
  while (!line.empty() && display_width(line) + 1 > columns) {
    while (line.size() > 1 && (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80U)
      line.pop_back();
    line.pop_back();
  }
  return line + kEllipsis;
}

std::string progress_line(const operate::Progress& progress, size_t columns) {
  const auto waits = sort_waits(progress);
  std::vector<std::string> parts;
  if (!waits.blocking.empty()) parts.push_back(waits.blocking);
  // Who is not in a run says nothing but what is waited for.
  if (!progress.stage.empty()) parts.push_back(stage_words(progress));
  if (progress.eta_seconds >= 0) {
    parts.push_back(
        fmt::format("{} left", duration_text(static_cast<int64_t>(progress.eta_seconds * 1000))));
  }
  parts.insert(parts.end(), waits.others.begin(), waits.others.end());
  for (auto& part : numbers(progress)) parts.push_back(std::move(part));
  std::string line;
  for (const auto& part : parts) {
    if (line.empty()) {
      line = fitted(part, columns);
      continue;
    }
    const auto longer = line + ", " + part;
    if (display_width(longer) > columns) break;
    line = longer;
  }
  return line;
}

}  // namespace falaj::cli
