#include "run/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/counted.hpp"
#include "base/error.hpp"

namespace falaj::run {

int RunReport::exit_status() const {
  if (!mismatches.empty()) return exit_code(ErrorKind::kRowsRejected);
  for (const auto& store : stores) {
    if (store.exit_status != 0) return store.exit_status;
  }
  return 0;
}

int64_t RunReport::rows_loaded() const {
  int64_t rows = 0;
  for (const auto& stream : streams) rows += stream.loaded;
  return rows;
}

int64_t RunReport::rows_quarantined() const {
  int64_t rows = 0;
  for (const auto& stream : streams) rows += stream.quarantined;
  return rows;
}

std::string RunReport::verdict() const {
  if (!mismatches.empty()) {
    std::string text = "Does not reconcile: ";
    for (size_t i = 0; i < mismatches.size(); ++i) {
      if (i > 0) text += "; ";
      text += mismatches[i];
    }
    return text + ".";
  }
  int64_t fetched = 0;
  int64_t unchanged = 0;
  for (const auto& stream : streams) {
    fetched += stream.fetched;
    unchanged += stream.unchanged;
  }
  std::string missing;
  for (const auto& difference : differences) missing += difference + "; ";
  if (!missing.empty()) {
    missing.resize(missing.size() - 2);
    missing = fmt::format("Not everything is here: {}. ", missing);
  }
  auto text = fmt::format(
      "{}: {} rows fetched = {} loaded + {} unchanged + {} quarantined, and bronze, silver and "
      "gold agree.",
      missing.empty() ? "Everything reconciles" : missing + "The books balance", fetched,
      rows_loaded(), unchanged, rows_quarantined());
  if (orders_to_deepen > 0) {
    text += fmt::format(
        " {} not yet at full depth; the next run goes on with {}.",
        orders_to_deepen == 1 ? "1 order is" : with_thousands(orders_to_deepen) + " orders are",
        orders_to_deepen == 1 ? "it" : "them");
  }
  const auto failed = std::count_if(stores.begin(), stores.end(),
                                    [](const auto& store) { return !store.error.empty(); });
  if (failed > 0) {
    text +=
        fmt::format(" {} of {} could not be read.", failed, counted(std::ssize(stores), "store"));
  }
  return text;
}

}  // namespace falaj::run
