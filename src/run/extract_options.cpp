#include "run/extract_options.hpp"

namespace falaj::run {

extract::ExtractOptions extract_options(const config::Settings& settings, const RunRequest& request,
                                        const stores::Streams& streams,
                                        const std::vector<extract::NamedEntity>& named) {
  extract::ExtractOptions options;
  options.is_summary_only = request.depth == Depth::kSummary;
  options.is_reconciling = request.task == Task::kReconcile;
  options.refresh_every = std::chrono::seconds(settings.refresh_secs);
  if (request.task == Task::kBackfill) {
    options.backfill = extract::Backfill{request.days, request.stream};
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

}  // namespace falaj::run
