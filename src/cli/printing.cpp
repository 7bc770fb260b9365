#include "cli/printing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "base/counted.hpp"
#include "base/printable_text.hpp"
#include "cli/progress_line.hpp"
#include "cli/text_table.hpp"

namespace falaj::cli {
namespace {

// Of the store's own words: a name must not look like lines of ours.
std::string one_line(const std::string& text) {
  return printable(text, Lines::kEscaped);
}

std::string megabytes(int64_t bytes) {
  return fmt::format("{:.0f} MB", static_cast<double>(bytes) / 1e6);
}

std::string stream_table(const operate::RunReport& report) {
  TextTable table({{"stream"},
                   {"requests", Align::kRight},
                   {"pages", Align::kRight},
                   {"fetched", Align::kRight},
                   {"loaded", Align::kRight},
                   {"unchanged", Align::kRight},
                   {"quarantined", Align::kRight}});
  for (const auto& stream : report.streams) {
    table.add_row({stream.stream, with_thousands(stream.requests), with_thousands(stream.pages),
                   with_thousands(stream.fetched), with_thousands(stream.loaded),
                   with_thousands(stream.unchanged), with_thousands(stream.quarantined)});
  }
  return table.render();
}

std::string model_table(const operate::RunReport& report) {
  TextTable table({{"model"},
                   {"rows in", Align::kRight},
                   {"inserted", Align::kRight},
                   {"updated", Align::kRight},
                   {"closed", Align::kRight},
                   {"deleted", Align::kRight},
                   {"ms", Align::kRight}});
  for (const auto& model : report.models) {
    table.add_row({model.model, with_thousands(model.rows_in), with_thousands(model.inserted),
                   with_thousands(model.updated), with_thousands(model.closed),
                   with_thousands(model.deleted), with_thousands(model.duration_ms)});
  }
  return table.render();
}

std::string stores_line(const operate::RunReport& report) {
  if (report.stores.size() != 1) return counted(std::ssize(report.stores), "store");
  return fmt::format("Store {} ({})", one_line(report.stores.front().name),
                     report.stores.front().store_id);
}

std::string store_problems(const operate::RunReport& report) {
  std::string text;
  for (const auto& store : report.stores) {
    if (!store.error.empty())
      text += fmt::format("Could not be read: {}: {}\n", one_line(store.name), store.error);
  }
  return text;
}

}  // namespace

std::string duration_text(int64_t milliseconds) {
  if (milliseconds < 1000) return fmt::format("{} ms", milliseconds);
  const double seconds = static_cast<double>(milliseconds) / 1000.0;
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const int64_t whole = milliseconds / 1000;
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string to_text(const operate::RunReport& report) {
  auto text = fmt::format("{} -> {}\n\n", stores_line(report), report.warehouse);
  text += stream_table(report) + "\n";
  if (report.models.empty()) {
    text += "No model was touched: nothing new in bronze.\n\n";
  } else {
    text += model_table(report) + "\n";
  }
  for (const auto& note : report.notes) text += "Note: " + note + "\n";
  text += store_problems(report);
  text += report.verdict() + "\n";
  if (report.usage.statements > 0) {
    text += fmt::format(
        "Snowflake was asked {} and answered in {}; {} with {:.1f} MB went up.\n",
        counted(report.usage.statements, "statement"),
        duration_text(
            std::chrono::duration_cast<std::chrono::milliseconds>(report.usage.waited).count()),
        counted(report.usage.files, "file"), static_cast<double>(report.usage.bytes) / 1e6);
  }
  text += fmt::format("Run {} took {}, peak memory {}.\n", report.run_id,
                      duration_text(report.duration_ms), megabytes(report.peak_rss_bytes));
  return text;
}

std::string to_text(const std::vector<operate::CheckItem>& items) {
  std::string text;
  for (const auto& item : items) {
    const char* mark = item.state == operate::CheckItem::State::kOk        ? "ok     "
                       : item.state == operate::CheckItem::State::kWarning ? "warning"
                                                                           : "FAILED ";
    text += fmt::format("{}  {}: {}\n", mark, item.name, one_line(item.detail));
    if (!item.remedy.empty()) text += fmt::format("         -> {}\n", item.remedy);
  }
  return text;
}

namespace {

// What is going on, or what is to be done about the newest run.
std::string state_text(const operate::StatusReport& status) {
  if (status.current) {
    const auto& current = *status.current;
    if (current.task.empty()) return fmt::format("Going on: {}\n", current.holder);
    auto progress = current.progress;
    auto text = fmt::format("Going on: {} ({})\n", current.task, current.holder);
    for (auto& wait : std::exchange(progress.waits, {})) {
      // Written down a moment ago.
      if (wait.left_seconds >= 0)
        wait.left_seconds = std::max(0.0, wait.left_seconds - current.seconds_ago);
      wait.waited_seconds += current.seconds_ago;
      text += fmt::format("  waiting {}\n", operate::to_text(wait));
    }
    return text + fmt::format("  {} ({} ago)\n", progress_line(progress),
                              duration_text(static_cast<int64_t>(current.seconds_ago * 1000)));
  }
  const auto& newest = status.runs.front();
  std::string text;
  if (!newest.verdict.empty()) text = newest.verdict + "\n";
  if (newest.status == "interrupted")
    text += "The newest run was killed. `falaj run` goes on with what it has landed.\n";
  if (newest.status == "failed" || newest.status == "stopped")
    text += "`falaj run` goes on where the newest run ended.\n";
  return text;
}

int64_t percent(int64_t part, int64_t whole) {
  return whole > 0 ? 100 * part / whole : 0;
}

}  // namespace

std::string to_text(const operate::StatusReport& status) {
  auto text =
      fmt::format("Home {}{}\n", status.home, status.is_home_there ? "" : ", not there yet");
  if (status.runs.empty()) {
    text += status.current ? fmt::format("Going on: {}\n", status.current->holder)
                           : std::string("No run yet. Start one with: falaj run\n");
  } else {
    TextTable table(
        {{"run"}, {"what"}, {"status"}, {"started"}, {"finished"}, {"rows loaded", Align::kRight}});
    for (const auto& run : status.runs) {
      table.add_row({run.run_id, run.task, run.status, run.started_at,
                     run.status == "running" ? "" : run.finished_at,
                     run.rows_loaded < 0 ? "-" : with_thousands(run.rows_loaded)});
    }
    text += table.render() + "\n" + state_text(status);
    for (const auto& line : status.depth) {
      text += fmt::format("{} of store {}: {} known, {} of them at full depth ({} %)\n",
                          line.stream, line.store_id, with_thousands(line.known),
                          with_thousands(line.deep), percent(line.deep, line.known));
    }
  }
  text += fmt::format("Landing: {}, {}.\n", counted(status.packages_on_disk, "package"),
                      megabytes(status.landing_bytes));
  if (!status.layers.empty()) {
    TextTable table({{"layer"}, {"table"}, {"rows", Align::kRight}, {"last change"}});
    for (const auto& layer : status.layers) {
      table.add_row({layer.layer, layer.table, with_thousands(layer.rows), layer.last_change});
    }
    text += "\n" + table.render();
  }
  return text;
}

std::string to_text(const operate::QuotaReport& report) {
  const auto seconds = [](double time) {
    return time <= 0 ? std::string("-") : duration_text(static_cast<int64_t>(time * 1000));
  };
  std::string text;
  if (report.stores.empty()) text = "No store was read from this home yet.\n";
  TextTable table({{"store"},
                   {"a minute", Align::kRight},
                   {"left", Align::kRight},
                   {"changes", Align::kRight},
                   {"deepening", Align::kRight},
                   {"backfill", Align::kRight},
                   {"others", Align::kRight},
                   {"under way", Align::kRight},
                   {"clients", Align::kRight},
                   {"minute ends in", Align::kRight},
                   {"waits", Align::kRight}});
  for (const auto& store : report.stores) {
    table.add_row({fmt::format("{} ({})", store.name, store.store_id),
                   store.limit ? with_thousands(*store.limit) : "none said",
                   store.limit ? with_thousands(store.remaining) : "-",
                   with_thousands(store.changes), with_thousands(store.deepening),
                   with_thousands(store.backfill), with_thousands(store.used_by_others),
                   with_thousands(store.in_flight), with_thousands(store.clients),
                   seconds(store.window_ends_in), seconds(store.waits_for)});
  }
  if (!report.stores.empty()) text += table.render() + "\n";
  return text + fmt::format("Customers' requests of this machine: {} of {} in ten minutes{}.\n",
                            report.customers_used, report.customers_limit,
                            report.customers_wait > 0
                                ? ", the next in " + seconds(report.customers_wait)
                                : "");
}

std::string to_text(const std::vector<run::Coverage>& coverage) {
  if (coverage.empty()) return "Nothing is known yet. Start with: falaj run\n";
  std::map<std::pair<int64_t, std::string>, int64_t> all;
  std::map<int64_t, int64_t> shallow;  // orders, by store
  for (const auto& row : coverage) {
    all[{row.store_id, row.stream}] += row.entities;
    if (row.stream == "orders" && row.depth != "items") shallow[row.store_id] += row.entities;
  }
  TextTable table({{"store", Align::kRight},
                   {"stream"},
                   {"depth"},
                   {"entities", Align::kRight},
                   {"of all", Align::kRight},
                   {"oldest"},
                   {"newest"},
                   {"as of (UTC)"}});
  for (const auto& row : coverage) {
    table.add_row({std::to_string(row.store_id), row.stream, row.depth,
                   with_thousands(row.entities),
                   fmt::format("{} %", percent(row.entities, all[{row.store_id, row.stream}])),
                   row.oldest_day, row.newest_day, row.as_of.substr(0, 19)});
  }
  auto text = table.render();
  for (const auto& [store, orders] : shallow) {
    text += fmt::format(
        "\n{} of {} of store {} {} not at full depth yet: `falaj plan` says what that takes, "
        "`falaj run` goes on with them.",
        with_thousands(orders), counted(all[{store, "orders"}], "order"), store,
        orders == 1 ? "is" : "are");
  }
  return text + (shallow.empty() ? "" : "\n");
}

std::string to_text(const std::vector<operate::SettingView>& settings) {
  TextTable table({{"setting"}, {"value"}, {"from"}, {"what it is"}});
  for (const auto& setting : settings) {
    table.add_row({setting.name, setting.value, setting.origin, setting.help});
  }
  return table.render();
}

std::string to_text(const std::vector<operate::StreamView>& streams) {
  if (streams.size() != 1) {
    TextTable table({{"stream"}, {"path"}, {"paging"}, {"requests"}, {"changes"}, {"table"}});
    for (const auto& stream : streams) {
      table.add_row({stream.is_enabled ? stream.name : stream.name + " (off)",
                     stream.path.empty() ? "-" : stream.path, stream.paging, stream.cost,
                     stream.changes, stream.table});
    }
    return table.render() + "\n`falaj catalog show STREAM` lists its columns.\n";
  }
  const auto& stream = streams.front();
  auto text = fmt::format("{}{}\n", stream.name, stream.is_enabled ? "" : " (off)");
  const std::pair<const char*, const std::string&> lines[] = {
      {"path", stream.path},       {"paging", stream.paging},   {"parent", stream.parent},
      {"requests", stream.cost},   {"changes", stream.changes}, {"scope", stream.scope},
      {"quota of", stream.bucket}, {"table", stream.table},     {"note", stream.note},
      {"facts", stream.document}};
  for (const auto& [name, value] : lines) {
    if (!value.empty()) text += fmt::format("  {:<9} {}\n", name, value);
  }
  TextTable table({{"column"}, {"kind"}, {"[] {}"}, {"''"}, {"important"}, {"from"}});
  for (const auto& column : stream.columns) {
    table.add_row({column.name, column.kind, column.empty, column.empty_text,
                   column.is_important ? "yes" : "", column.paths});
  }
  return text + "\n" + table.render();
}

std::string checked_streams_text(const std::vector<operate::StreamView>& streams) {
  return fmt::format("{}, and nothing to say against {}.\n", counted(std::ssize(streams), "stream"),
                     streams.size() == 1 ? "it" : "them");
}

std::string to_text(const operate::Done& done) {
  return done.message + "\n";
}

std::string to_text(const operate::InitAnswer& answer) {
  if (answer.sql) return *answer.sql;
  const auto& report = *answer.home;
  auto text = fmt::format("Home {}\n", report.home);
  for (const auto& path : report.created) text += fmt::format("  created  {}\n", path);
  for (const auto& path : report.kept) text += fmt::format("  kept     {}\n", path);
  text +=
      "\nNext: set SALLA_API_TOKEN (environment, or .env in the home), then\n"
      "  falaj check   to see that everything is reachable\n"
      "  falaj run     to load the store\n";
  return text;
}

namespace {

// "-12345.60" with its thousands marked.
std::string amount_text(const std::string& decimal) {
  const auto point = std::min(decimal.find('.'), decimal.size());
  const bool is_negative = decimal.starts_with('-');
  const auto whole = std::strtoll(decimal.substr(0, point).c_str(), nullptr, 10);
  const auto text = with_thousands(std::abs(whole)) + decimal.substr(point);
  return is_negative ? "-" + text : text;
}

}  // namespace

std::string to_text(const operate::AcceptReport& report) {
  std::string text;
  if (report.contract) text += report.contract->to_text() + "\n";
  if (report.models) {
    TextTable table({{"table"}, {"rows", Align::kRight}, {"outcome"}});
    for (const auto& one : report.models->tables) {
      table.add_row({one.table, with_thousands(one.rows_actual),
                     one.is_same() ? "same"
                                   : fmt::format("{} missing, {} unexpected", one.rows_missing,
                                                 one.rows_unexpected)});
    }
    text += table.render() + "\n";
  }
  for (const auto& one : report.measures)
    text += fmt::format("{}: {:.1f} {}\n", one.what, one.value, one.unit);
  return text + fmt::format("{}\n{}: {}. The report is {}.\n", report.verdict(), report.database,
                            report.cleanup, report.file);
}

std::string to_text(const operate::DemoAnswer& demo) {
  const auto& report = demo.report;
  auto text = to_text(report.first);
  text += fmt::format(
      "\nThe same again: {} loaded, {} touched, {}.\n", counted(report.second.rows_loaded(), "row"),
      counted(std::ssize(report.second.models), "model"), duration_text(report.second.duration_ms));
  std::string currency;
  std::vector<Bar> bars;
  for (const auto& month : report.months) {
    currency = month.currency;
    bars.push_back(
        {month.month, std::strtod(month.revenue.c_str(), nullptr),
         fmt::format("{} ({})", amount_text(month.revenue), counted(month.orders, "order"))});
  }
  text += fmt::format("\nRevenue by month, {}\n{}", currency, bar_chart(bars));
  const bool has_part = std::any_of(report.months.begin(), report.months.end(),
                                    [](const auto& month) { return month.month.ends_with('*'); });
  if (has_part) text += "* with a day that is not known whole, such as today\n";
  text += fmt::format(
      "\nTry next:\n"
      "  falaj sql --home {0} \"SELECT * FROM GOLD.mv_daily_sales ORDER BY full_date DESC LIMIT "
      "5\"\n"
      "  falaj sql --home {0} \"SELECT order_status, COUNT(*) FROM GOLD.gold_fact_orders GROUP BY "
      "1\"\n"
      "  falaj status --home {0} --live\n"
      "\nThe demo is in {0}, which nothing else uses, and goes with it: rm -r {0}\n"
      "For a real store: set SALLA_API_TOKEN and start `falaj run`; its home is ./falaj-home.\n",
      demo.home);
  return text;
}

}  // namespace falaj::cli
