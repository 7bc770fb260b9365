#include "run/store_reading.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace falaj::run {
namespace {

// However many stores are read at once, a package is worth its files: each takes half a dozen
// flushes.
constexpr int64_t kPackageBytesMin = int64_t{2} << 20;

// What a package of one of the stores may hold. Stores that are read at the same speed have
// packages of different sizes, from half to the whole of a store's share: else all of them would be
// full, sealed and waiting to be loaded at the same moment.
int64_t package_bytes_of(size_t store, size_t stores_at_once, int64_t package_max) {
  const auto share = std::max(package_max / static_cast<int64_t>(stores_at_once),
                              std::min(package_max, kPackageBytesMin));
  const auto place = static_cast<int64_t>(store % stores_at_once);
  return share - share * place / (2 * static_cast<int64_t>(stores_at_once));
}

// What all connections of a run have for receiving; a list page of full orders is 300 KB.
constexpr int64_t kReceiveBytes = int64_t{8} << 20;
constexpr int64_t kReceiveBytesMin = int64_t{16} << 10;
constexpr int64_t kReceiveBytesMax = int64_t{512} << 10;

}  // namespace

// What one store tells, taken to whom it concerns.
class StoreReading::Listener final : public StoreListener {
 public:
  Listener(StoreReading& reading, size_t number) : reading_(reading), number_(number) {}

  void begin(Slot& slot) { slot_ = &slot; }
  void on_progress(const extract::ExtractProgress& progress) override {
    reading_.progress_.show(number_, progress);
  }
  void on_wait() override { reading_.loading_->let_begin(); }
  void on_refresh() override { reading_.models_->request(*reading_.loading_, Micros(0)); }
  void on_customers_left() override {
    slot_->leave();
    reading_.models_->request_in_time(*reading_.loading_);
  }

 private:
  StoreReading& reading_;
  size_t number_;
  Slot* slot_ = nullptr;
};

StoreReading::StoreReading(RunProgress& progress) : progress_(progress) {}

StoreReading::~StoreReading() = default;

void StoreReading::make(std::vector<stores::StoreAccess> stores, size_t at_once,
                        const RunParts& parts, ModelRefresh& models) {
  const auto& settings = parts.home.settings();
  const auto connections = static_cast<int64_t>(at_once) * settings.max_in_flight;
  std::lock_guard lock(mutex_);
  at_once_ = at_once;
  loading_ = &parts.loading;
  models_ = &models;
  for (size_t i = 0; i < stores.size(); ++i) {
    RunParts own = parts;
    own.package_bytes_max = package_bytes_of(i, at_once, settings.package_mb_max << 20);
    own.receive_buffer_bytes = static_cast<size_t>(
        std::clamp(kReceiveBytes / connections, kReceiveBytesMin, kReceiveBytesMax));
    listeners_.push_back(std::make_unique<Listener>(*this, i));
    stores_.push_back(
        std::make_unique<StoreRun>(std::move(own), std::move(stores[i]), *listeners_.back()));
  }
}

std::vector<Status> StoreReading::read() {
  progress_.begin(stores_.size());
  std::vector<Status> outcomes(stores_.size());
  run_in_slots(stores_.size(), at_once_,
               [&](size_t number, Slot& slot) { outcomes[number] = read_one(number, slot); });
  for (const auto& outcome : outcomes) is_read_.push_back(outcome.ok());
  return outcomes;
}

Status StoreReading::read_one(size_t number, Slot& slot) {
  listeners_[number]->begin(slot);
  progress_.begin_store(number);
  auto outcome = stores_[number]->run();
  progress_.end_store(number);
  if (outcome.ok()) models_->request_in_time(*loading_);
  if (!outcome.ok() && stores_.size() > 1)
    log_error("{}: {}", stores_[number]->name(), outcome.error().to_text());
  return outcome;
}

Status StoreReading::remember() {
  for (size_t i = 0; i < stores_.size(); ++i) {
    if (is_read_[i]) FALAJ_TRY(stores_[i]->remember());
  }
  return {};
}

std::string StoreReading::store_list() const {
  std::vector<int64_t> ids;
  std::lock_guard lock(mutex_);
  for (const auto& store : stores_) ids.push_back(store->store().id);
  return warehouse::store_list(ids);
}

std::vector<WholeDays> StoreReading::whole_days() const {
  std::vector<WholeDays> whole;
  std::lock_guard lock(mutex_);
  for (const auto& store : stores_) {
    const auto days = store->whole_days();
    if (days) whole.push_back({store->store().id, {days->first, days->last}});
  }
  return whole;
}

std::vector<Announced> StoreReading::announced() const {
  std::vector<Announced> announced;
  for (const auto& store : stores_) {
    for (const auto& list : store->extracted().streams) {
      if (list.announced >= 0)
        announced.push_back({store->store().id, list.stream, list.announced});
    }
  }
  return announced;
}

std::vector<ListTotal> StoreReading::list_totals(bool is_partial) const {
  std::vector<ListTotal> totals;
  for (size_t i = 0; i < stores_.size(); ++i) {
    const auto& streams = stores_[i]->extracted().streams;
    const bool has_orders = std::any_of(streams.begin(), streams.end(), [](const auto& stream) {
      return stream.stream == "orders" && stream.tally.pages > 0;
    });
    if (!is_read_[i] || !has_orders) continue;
    const auto& orders = stores_[i]->extracted().orders;
    totals.push_back({stores_[i]->store().id, stores_.size() == 1 ? "" : stores_[i]->name(),
                      orders.list_total, orders.unlisted, is_partial});
  }
  return totals;
}

}  // namespace falaj::run
