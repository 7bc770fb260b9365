#include "app/extract_options.hpp"

namespace falaj::app {

extract::ExtractOptions extract_options(const config::Settings& settings,
                                        const operate::RunRequest& request,
                                        const connectors::salla::Streams& streams,
                                        const std::vector<extract::NamedEntity>& named) {
  extract::ExtractOptions options;
  options.is_summary_only = request.depth == "summary";
  options.is_reconciling = request.task == operate::RunRequest::Task::kReconcile;
  options.refresh_every = std::chrono::seconds(settings.refresh_secs);
  if (request.task == operate::RunRequest::Task::kBackfill) {
    const extract::DayWindow days{extract::parse_day(request.from).value_or(0),
                                  extract::parse_day(request.to).value_or(0)};
    options.backfill = extract::Backfill{days, request.stream};
  }
  options.page_size = settings.page_size;
  options.reread_days = settings.reread_days;
  for (const auto& stream : streams) {
    if (stream.name == "orders") options.order_volatile_members = stream.table.volatile_members;
    if (stream.name == "products_light") options.light_products = stream;
  }
  options.more_streams = connectors::salla::more_streams(streams);
  if (!options.backfill) options.named = named;
  return options;
}

}  // namespace falaj::app
