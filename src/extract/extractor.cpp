#include "extract/extractor.hpp"

#include <algorithm>

#include "base/counted.hpp"
#include "extract/deletion_page.hpp"
#include "extract/product_list.hpp"

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
    report_.notes.push_back(fmt::format("resumed run {}: {} had landed and {} not asked for again",
                                        run.value(), counted(std::ssize(landed), "answer"),
                                        landed.size() == 1 ? "was" : "were"));
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
    if (progress.all > 0) std::tie(progress.calls_done, progress.calls_left) = calls();
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
  for (auto& note : loop.notes()) report_.notes.push_back(std::move(note));
  report_.codes_cut = loop.codes_cut();
  report_.broken_pages = loop.broken_pages();
  return report_;
}

Status Extractor::read_streams(PageLoop& loop) {
  started_ = context_.clock.steady_now();
  next_refresh_ = started_ + std::min<Micros>(kLongWork, options_.refresh_every);
  more_ = std::make_unique<MoreStreams>(loop, context_.clock, context_.cursors,
                                        options_.more_streams, options_.page_size);
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
  loop.start_side([&] { return take_customers(loop); });
  auto main = read_products_and_orders(loop);
  if (main.ok() && loop.is_side_running() && context_.on_customers_left) {
    main = loop.hand_on();
    context_.on_customers_left();
  }
  auto side = loop.finish_side(!main.ok());
  FALAJ_TRY(std::move(main));
  FALAJ_TRY(std::move(side));
  FALAJ_ASSIGN(const auto known, read_once_());
  FALAJ_TRY(land_missing(loop, "customers", seen_customers_, known.customers));
  FALAJ_TRY(land_missing(loop, "products", seen_products_, known.products));
  FALAJ_TRY(more_->read_named(options_.named));
  FALAJ_TRY(more_->land_vanished(context_.read_known_ids));
  for (const auto& [stream, announced] : more_->announced())
    report_.streams.push_back({stream, {}, announced});
  for (auto& note : more_->notes()) report_.notes.push_back(std::move(note));
  return {};
}

Status Extractor::take_customers(PageLoop& loop) {
  FALAJ_ASSIGN(seen_customers_,
               take_list("customers", sweep_list(loop, customers_list(options_.page_size),
                                                 [](const decode::IndexRow&) {})));
  if (!seen_customers_) return more_->read_of_customers({});
  FALAJ_TRY(ask_named(loop, "customers", *seen_customers_));
  return more_->read_of_customers(seen_customers_->ids);
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
  ProductList list;
  list.page_size = options_.page_size;
  if (options_.light_products) list.light = &*options_.light_products;
  list.known = [this]() -> Result<std::vector<int64_t>> {
    FALAJ_ASSIGN(const auto known, read_once_());
    return known.products;
  };
  FALAJ_ASSIGN(seen_products_,
               take_list("products", extract::read_products(loop, list, report_.notes)));
  if (seen_products_) FALAJ_TRY(ask_named(loop, "products", *seen_products_));
  FALAJ_TRY(more_->read_before_orders(
      {{"products", seen_products_ ? seen_products_->ids : std::vector<int64_t>()}}));
  // Frames that these lists have begun would otherwise wait beside those of the orders.
  loop.start_flush();
  return {};
}

Status Extractor::read_orders(PageLoop& loop, std::function<Status()> before_deepening) {
  OrderOptions options;
  options.is_summary_only = options_.is_summary_only;
  options.is_reconciling = options_.is_reconciling;
  if (options_.backfill) options.range = options_.backfill->days;
  options.page_size = options_.page_size;
  options.reread_days = options_.reread_days;
  options.statuses = statuses_;
  options.named = named_of("orders");
  options.on_whole_days = context_.on_whole_days;
  options.volatile_members = options_.order_volatile_members;
  // Sales totals do not wait for lists that grow with the orders.
  const bool has_more = !options_.is_summary_only && !options_.backfill;
  options.before_deepening = [this, has_more, before = std::move(before_deepening)]() -> Status {
    FALAJ_TRY(before());
    return has_more ? more_->read_before_deepening() : Status();
  };
  options.between_orders = [this, &loop]() -> Status {
    return context_.clock.steady_now() < next_refresh_ ? Status() : refresh(loop);
  };
  if (options_.deadline) {
    options.is_budget_spent = [this] { return context_.clock.steady_now() >= *options_.deadline; };
  }
  orders_ = std::make_unique<OrderStream>(loop, context_.clock, read_once_, context_.cursors,
                                          std::move(options));
  FALAJ_ASSIGN(report_.orders, orders_->run());
  for (const int64_t id : report_.orders.named_left) report_.named_left.push_back({"orders", id});
  report_.streams.push_back({"orders", {}, options_.backfill ? -1 : report_.orders.announced});
  for (const auto& note : report_.orders.notes) report_.notes.push_back(note);
  return has_more ? more_->read_of_orders(orders_->touched()) : Status();
}

Status Extractor::read_backfill(PageLoop& loop) {
  const auto& wanted = *options_.backfill;
  const auto lists = backfill_lists(wanted, options_.more_streams, options_.page_size);
  for (const auto& list : lists) {
    FALAJ_TRY(sweep_list(loop, list, [](const decode::IndexRow&) {}));
    report_.streams.push_back({list.stream, {}, -1});
  }
  if (wanted.wants("orders")) {
    FALAJ_TRY(read_small_list(loop, "order_statuses", "/orders/statuses"));
    return read_orders(loop, [this, &loop] { return refresh_if_long(loop); });
  }
  return lists.empty() ? Status(cannot_be_asked_by_day(wanted.stream)) : Status();
}

std::pair<int64_t, int64_t> Extractor::calls() const {
  if (orders_ == nullptr || options_.is_summary_only) return {0, 0};
  const auto [done, all] = orders_->deepening();
  constexpr int64_t kCallsPerOrder = 2;
  return {kCallsPerOrder * done, kCallsPerOrder * (all - done)};
}

// Without an announced limit nobody knows how long it will take: then time tells.
Status Extractor::refresh_if_long(PageLoop& loop) {
  const auto limit = context_.source.counters().limit_per_minute;
  if (!limit) return {};
  const auto left = std::chrono::minutes(1) * calls().second / std::max<int64_t>(1, *limit);
  return left < kLongWork ? Status() : refresh(loop);
}

Status Extractor::refresh(PageLoop& loop) {
  next_refresh_ = context_.clock.steady_now() + options_.refresh_every;
  if (!context_.on_refresh) return {};
  FALAJ_TRY(loop.hand_on());
  context_.on_refresh();
  return {};
}

// A list without pagination (salla-api.md 2.1, fourth shape), whatever it says of further pages.
Status Extractor::read_small_list(PageLoop& loop, const std::string& stream,
                                  const std::string& path) {
  PageAsk ask;
  ask.stream = stream;
  ask.request = path;
  ask.is_whole = true;
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

// Nothing when the token may not read the list, or the store has none: that is noted.
Result<std::optional<SweepResult>> Extractor::take_list(const std::string& stream,
                                                        Result<SweepResult> seen) {
  if (seen.ok()) {
    report_.streams.push_back({stream, {}, seen->announced});
    if (!seen->is_cut && seen->announced != std::ssize(seen->ids)) {
      report_.notes.push_back(fmt::format(
          "{}: {} rows are announced and {} were listed; the next run reads the list again", stream,
          seen->announced, seen->ids.size()));
    }
    return std::optional(std::move(*seen));
  }
  const auto refusal = refusal_of(seen.error());
  if (!refusal || refusal->reason == ListRefusal::Reason::kBroken) return std::move(seen).error();
  more_->add_refusal(stream, stream + ".read", *refusal);
  return std::optional<SweepResult>();
}

std::vector<int64_t> Extractor::named_of(const std::string& stream) const {
  std::vector<int64_t> ids;
  for (const auto& entity : options_.named) {
    if (entity.stream == stream) ids.push_back(entity.id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

Status Extractor::ask_named(PageLoop& loop, const std::string& stream, const SweepResult& seen) {
  auto ids = named_of(stream);
  std::erase_if(
      ids, [&](int64_t id) { return std::binary_search(seen.ids.begin(), seen.ids.end(), id); });
  return ask_for_named(loop, context_.clock, stream, fmt::format("/{}/{{id}}", stream), ids);
}

// Known entities that a complete list no longer has: asked one by one, 404 means deleted.
Status Extractor::land_missing(PageLoop& loop, const std::string& stream,
                               const std::optional<SweepResult>& seen,
                               const std::vector<int64_t>& known) {
  if (!seen || seen->is_cut) return {};
  std::vector<int64_t> missing;
  std::set_difference(known.begin(), known.end(), seen->ids.begin(), seen->ids.end(),
                      std::back_inserter(missing));
  size_t at = 0;
  return loop.run(
      [&]() -> std::optional<PageAsk> {
        if (at >= missing.size()) return std::nullopt;
        PageAsk ask;
        ask.stream = stream;
        ask.source = "sweep";
        ask.is_list = false;
        ask.entity_id = missing[at++];
        ask.request = fmt::format("/{}/{}", stream, ask.entity_id);
        return ask;
      },
      [&](const PageAsk& ask, PageResult index) -> Status {
        if (index.ok() || index.error().kind() != ErrorKind::kNotFound) return {};
        return loop.land(deletion_page(stream, ask.entity_id, "sweep", context_.clock.now()));
      });
}

Status Extractor::remember() {
  if (more_ != nullptr) FALAJ_TRY(more_->remember());
  return orders_ == nullptr ? Status() : orders_->remember();
}

}  // namespace falaj::extract
