#include "extract/extractor.hpp"

#include <algorithm>
#include <set>

#include "extract/catalogue_list.hpp"
#include "extract/deletion_page.hpp"

namespace falaj::extract {
namespace {

constexpr auto kProgressEvery = std::chrono::milliseconds(100);
// Totals are shown before single orders are asked for when that takes longer than this.
constexpr auto kLongWork = std::chrono::seconds(30);

}  // namespace

Extractor::Extractor(ExtractContext context, ExtractOptions options)
    : context_(std::move(context)), options_(std::move(options)) {}

Result<ExtractReport> Extractor::run(const RunId& run, const StoreInfo& store, Answer info_answer) {
  // Of this store: the token may be another's since the run was interrupted.
  const auto store_id = store.id > 0 ? StoreId(store.id) : StoreId();
  FALAJ_ASSIGN(auto landed, LandedAnswers::of_run(context_.landing, run, store_id));
  if (landed.size() > 0) {
    report_.notes.push_back(
        fmt::format("resumed run {}: {} answers had landed and were not asked for again",
                    run.value(), landed.size()));
  }
  const bool has_info = landed.take(kStoreInfoRequest).has_value();
  PackageSink sink(context_.landing, context_.ulids, run, store_id, options_.package,
                   context_.on_sealed);
  auto last_shown = context_.clock.steady_now() - kProgressEvery;
  PageLoop* shown = nullptr;
  PageLoop::Options loop_options;
  loop_options.stop = context_.stop;
  loop_options.on_page = [&](const std::string& stream) {
    const auto now = context_.clock.steady_now();
    if (!context_.on_progress || now - last_shown < kProgressEvery) return;
    last_shown = now;
    ExtractProgress progress;
    progress.stream = stream;
    const auto& tally = shown->tallies().at(stream);
    progress.pages = tally.pages;
    progress.rows = tally.rows;
    progress.counters = context_.source.counters();
    if (orders_ != nullptr) std::tie(progress.done, progress.all) = orders_->deepening();
    if (progress.all > 0) progress.requests_left = requests_left();
    context_.on_progress(progress);
  };
  PageLoop loop(context_.source, context_.landing, std::move(landed), sink,
                std::move(loop_options));
  shown = &loop;
  if (!has_info) {
    landing::PageRecord page{"store_info",
                             "full",
                             "list",
                             kStoreInfoRequest,
                             0,
                             info_answer.status,
                             info_answer.received_at,
                             landing::PageBody(std::move(info_answer.body))};
    FALAJ_TRY(loop.land(std::move(page)));
  }
  auto done = read_streams(loop);
  // Whatever happened: what was fetched is sealed and loaded.
  auto sealed = sink.seal_all();
  if (!done.ok()) return std::move(done).error();
  if (!sealed.ok()) return std::move(sealed).error();
  for (const auto& [stream, tally] : loop.tallies()) {
    auto found =
        std::find_if(report_.streams.begin(), report_.streams.end(),
                     [&name = stream](const auto& outcome) { return outcome.stream == name; });
    if (found == report_.streams.end()) {
      report_.streams.push_back({stream, tally, -1});
    } else {
      found->tally = tally;
    }
  }
  report_.codes_cut = loop.codes_cut();
  report_.broken_pages = loop.broken_pages();
  return report_;
}

Status Extractor::read_streams(PageLoop& loop) {
  started_ = context_.clock.steady_now();
  next_refresh_ = started_ + std::min<Micros>(kLongWork, options_.refresh_every);
  // What is known is asked for as late as can be: the warehouse opens beside the first requests.
  read_once_ = [this]() -> Result<KnownStore> {
    if (!known_) {
      FALAJ_ASSIGN(known_, context_.read_known());
    }
    return *known_;
  };
  if (options_.backfill) return read_backfill(loop);
  FALAJ_TRY(read_small_list(loop, "order_statuses", "/orders/statuses"));
  // Customers may have to wait for a limit that all stores of this machine share: they are read
  // beside everything else, and do not hold up what sales totals need.
  loop.start_side([&]() -> Status {
    FALAJ_ASSIGN(seen_customers_, read_list(loop, customers()));
    FALAJ_TRY(ask_named(loop, customers(), seen_customers_));
    return read_more(loop, true, {{"customers", seen_customers_.ids}});
  });
  auto main = read_products_and_orders(loop);
  auto side = loop.finish_side(!main.ok());
  FALAJ_TRY(std::move(main));
  FALAJ_TRY(std::move(side));
  FALAJ_ASSIGN(const auto known, read_once_());
  FALAJ_TRY(land_missing(loop, customers(), seen_customers_, known.customers, "/customers"));
  return land_missing(loop, products(), seen_products_, known.products, "/products");
}

ListSpec Extractor::customers() const {
  ListSpec list;
  list.stream = "customers";
  list.path = "/customers";
  list.from_parameter = "date_from";
  list.to_parameter = "date_to";
  list.page_size = options_.page_size;
  list.purpose = Purpose::kDeepening;
  return list;
}

ListSpec Extractor::products() const {
  ListSpec list;
  list.stream = "products";
  list.path = "/products";
  list.page_size = options_.page_size;
  return list;
}

// The first time totals by day and status come first; later products do, so that facts find their
// dimension and the warehouse opens meanwhile.
Status Extractor::read_products_and_orders(PageLoop& loop) {
  FALAJ_ASSIGN(const bool is_first, OrderStream::is_first(context_.cursors));
  if (is_first) {
    const auto totals_then_products = [this, &loop]() -> Status {
      FALAJ_TRY(refresh_if_long(loop));
      return read_products(loop);
    };
    return read_orders(loop, totals_then_products);
  }
  FALAJ_TRY(read_products(loop));
  return read_orders(loop, [this, &loop] { return refresh_if_long(loop); });
}

Status Extractor::read_products(PageLoop& loop) {
  FALAJ_ASSIGN(seen_products_, read_list(loop, products()));
  FALAJ_TRY(ask_named(loop, products(), seen_products_));
  FALAJ_TRY(read_more(loop, false, {{"products", seen_products_.ids}}));
  // Frames that these lists have begun would otherwise wait beside those of the orders.
  return loop.flush();
}

Status Extractor::read_orders(PageLoop& loop, std::function<Status()> before_deepening) {
  OrderOptions options;
  options.is_summary_only = options_.is_summary_only;
  options.is_reconciling = options_.is_reconciling;
  if (options_.backfill) options.range = options_.backfill->days;
  options.page_size = options_.page_size;
  options.statuses = statuses_;
  options.named = named_of("orders");
  options.volatile_members = options_.order_volatile_members;
  options.before_deepening = std::move(before_deepening);
  options.between_orders = [this, &loop]() -> Status {
    return context_.clock.steady_now() < next_refresh_ ? Status() : refresh(loop);
  };
  if (options_.budget) {
    options.is_budget_spent = [this] {
      return context_.clock.steady_now() - started_ >= *options_.budget;
    };
  }
  orders_ = std::make_unique<OrderStream>(loop, context_.clock, read_once_, context_.cursors,
                                          std::move(options));
  FALAJ_ASSIGN(report_.orders, orders_->run());
  for (const int64_t id : report_.orders.named_left) report_.named_left.push_back({"orders", id});
  report_.streams.push_back({"orders", {}, options_.backfill ? -1 : report_.orders.announced});
  for (const auto& note : report_.orders.notes) report_.notes.push_back(note);
  return {};
}

Status Extractor::read_backfill(PageLoop& loop) {
  const auto& wanted = *options_.backfill;
  const auto is_wanted = [&wanted](const std::string& stream) {
    return wanted.stream.empty() || wanted.stream == stream;
  };
  bool is_any = false;
  std::vector<ListSpec> lists{customers()};
  for (const auto& stream : options_.more_streams) {
    if (stream.from_parameter.empty() || !stream.parent.empty()) continue;
    ListSpec list;
    list.stream = stream.name;
    list.path = stream.path;
    list.from_parameter = stream.from_parameter;
    list.to_parameter = stream.to_parameter;
    list.page_size = options_.page_size;
    lists.push_back(std::move(list));
  }
  for (auto& list : lists) {
    if (!is_wanted(list.stream)) continue;
    list.purpose = Purpose::kBackfill;
    list.range = wanted.days;
    FALAJ_TRY(read_list(loop, list));
    report_.streams.back().announced = -1;
    is_any = true;
  }
  if (is_wanted("orders")) {
    is_any = true;
    FALAJ_TRY(read_small_list(loop, "order_statuses", "/orders/statuses"));
    FALAJ_TRY(read_orders(loop, [this, &loop] { return refresh_if_long(loop); }));
  }
  if (is_any) return {};
  return Error(ErrorKind::kUsage,
               fmt::format("{0} cannot be asked for by day; `falaj catalog show {0}` tells how it "
                           "is read, and `falaj run` reads it whole",
                           wanted.stream));
}

int64_t Extractor::requests_left() const {
  if (orders_ == nullptr || options_.is_summary_only) return 0;
  const auto [done, all] = orders_->deepening();
  constexpr int64_t kCallsPerOrder = 2;
  return kCallsPerOrder * (all - done);
}

// Without an announced limit nobody knows how long it will take: then time tells.
Status Extractor::refresh_if_long(PageLoop& loop) {
  const auto limit = context_.source.counters().limit_per_minute;
  if (!limit) return {};
  const auto left = std::chrono::minutes(1) * requests_left() / std::max<int64_t>(1, *limit);
  return left < kLongWork ? Status() : refresh(loop);
}

Status Extractor::refresh(PageLoop& loop) {
  next_refresh_ = context_.clock.steady_now() + options_.refresh_every;
  if (!context_.on_refresh) return {};
  FALAJ_TRY(loop.hand_on());
  context_.on_refresh();
  return {};
}

// A list without pagination (salla-api.md 2.1, fourth shape).
Status Extractor::read_small_list(PageLoop& loop, const std::string& stream,
                                  const std::string& path) {
  PageAsk ask;
  ask.stream = stream;
  ask.request = path;
  FALAJ_ASSIGN(const auto index, loop.ask_one(std::move(ask)));
  if (stream == "order_statuses") {
    for (const auto& row : index.rows) {
      if (!row.slug.empty()) statuses_.push_back(row.slug);
    }
    std::sort(statuses_.begin(), statuses_.end());
    statuses_.erase(std::unique(statuses_.begin(), statuses_.end()), statuses_.end());
  }
  return {};
}

Status Extractor::read_more(PageLoop& loop, bool of_customers,
                            std::map<std::string, std::vector<int64_t>> ids) {
  std::set<std::string> customers = {"customers"};
  for (const auto& stream : options_.more_streams) {
    const bool is_of_customers =
        stream.path.starts_with("/customers") || customers.contains(stream.parent);
    if (is_of_customers) customers.insert(stream.name);
    if (is_of_customers != of_customers) continue;
    FALAJ_ASSIGN(auto read,
                 read_catalogue_list(loop, stream, options_.page_size, ids[stream.parent]));
    report_.streams.push_back({stream.name, {}, read.announced});
    for (auto& note : read.notes) report_.notes.push_back(std::move(note));
    ids[stream.name] = std::move(read.ids);
  }
  return {};
}

Result<SweepResult> Extractor::read_list(PageLoop& loop, const ListSpec& list) {
  FALAJ_ASSIGN(auto seen, sweep_list(loop, list, [](const decode::IndexRow&) {}));
  report_.streams.push_back({list.stream, {}, seen.announced});
  return seen;
}

std::vector<int64_t> Extractor::named_of(const std::string& stream) const {
  std::vector<int64_t> ids;
  for (const auto& entity : options_.named) {
    if (entity.stream == stream) ids.push_back(entity.id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

Status Extractor::ask_named(PageLoop& loop, const ListSpec& list, const SweepResult& seen) {
  auto ids = named_of(list.stream);
  std::erase_if(
      ids, [&](int64_t id) { return std::binary_search(seen.ids.begin(), seen.ids.end(), id); });
  return ask_for_named(loop, context_.clock, list.stream, list.path + "/{id}", ids);
}

// Known entities that a complete list no longer has: asked one by one, 404 means deleted.
Status Extractor::land_missing(PageLoop& loop, const ListSpec& list, const SweepResult& seen,
                               const std::vector<int64_t>& known, const std::string& entity_path) {
  std::vector<int64_t> missing;
  std::set_difference(known.begin(), known.end(), seen.ids.begin(), seen.ids.end(),
                      std::back_inserter(missing));
  size_t at = 0;
  return loop.run(
      [&]() -> std::optional<PageAsk> {
        if (at >= missing.size()) return std::nullopt;
        PageAsk ask;
        ask.stream = list.stream;
        ask.source = "sweep";
        ask.is_list = false;
        ask.entity_id = missing[at++];
        ask.request = fmt::format("{}/{}", entity_path, ask.entity_id);
        return ask;
      },
      [&](const PageAsk& ask, PageResult index) -> Status {
        if (index.ok() || index.error().kind() != ErrorKind::kNotFound) return {};
        return loop.land(deletion_page(list.stream, ask.entity_id, "sweep", context_.clock.now()));
      });
}

Status Extractor::remember() {
  return orders_ == nullptr ? Status() : orders_->remember();
}

}  // namespace falaj::extract
