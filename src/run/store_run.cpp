#include "run/store_run.hpp"

#include <fmt/format.h>

#include "run/extract_options.hpp"
#include "run/known_from_warehouse.hpp"
#include "run/run_limits.hpp"

namespace falaj::run {
namespace {

http::CurlOptions curl_options(const RunParts& parts) {
  http::CurlOptions options;
  options.receive_buffer_bytes = parts.receive_buffer_bytes;
  options.total_timeout =
      std::chrono::milliseconds(static_cast<int64_t>(parts.home.settings().timeout_secs * 1000));
  options.connect_timeout = std::min(options.connect_timeout, options.total_timeout);
  return options;
}

}  // namespace

StoreRun::StoreRun(RunParts parts, stores::StoreAccess access, StoreListener& listener)
    : parts_(std::move(parts)),
      access_(std::move(access)),
      listener_(listener),
      clock_(parts_.home.clock()) {}

StoreRun::~StoreRun() = default;

extract::StoreInfo StoreRun::store() const {
  std::lock_guard lock(published_mutex_);
  return published_store_;
}

std::string StoreRun::name() const {
  const auto known = store();
  return known.name.empty() ? access_.name : known.name;
}

std::optional<extract::DayWindow> StoreRun::whole_days() const {
  std::lock_guard lock(published_mutex_);
  return whole_days_;
}

void StoreRun::publish_whole_days() {
  std::lock_guard lock(published_mutex_);
  whole_days_ = landed_days_;
}

Status StoreRun::run() {
  FALAJ_TRY(identify());
  FALAJ_TRY(find_run());
  auto done = extract();
  if (!done.ok() && done.error().kind() == ErrorKind::kSchemaChanged) {
    // Answers that contradict each other have landed: who went on from them would end the same.
    std::lock_guard lock(parts_.state_mutex);
    FALAJ_TRY(parts_.state.end_store(store_id_));
  }
  return done;
}

Result<std::optional<StoreId>> StoreRun::known_id() {
  if (access_.id) return access_.id;
  std::lock_guard lock(parts_.state_mutex);
  FALAJ_ASSIGN(const auto known, parts_.state.find_store(access_.fingerprint));
  return known ? std::optional(StoreId(known->store_id)) : std::nullopt;
}

Status StoreRun::identify() {
  FALAJ_ASSIGN(const auto known, known_id());
  stores::StoreClient::Options options;
  options.clock = &clock_;
  options.curl = curl_options(parts_);
  options.deadline = parts_.deadline;
  options.on_wait = [this] { listener_.on_wait(); };
  client_ = std::make_unique<stores::StoreClient>(parts_.home, access_, known, std::move(options));
  FALAJ_ASSIGN(auto answer, client_->ask_who());
  set_clock(client_->clock_skew());
  store_answer_ = {answer.status, std::move(answer.body), clock_.now()};
  const auto& info = client_->info();
  store_id_ = StoreId(info.id);
  {
    std::lock_guard lock(published_mutex_);
    published_store_ = info;
  }
  if (known != store_id_) {
    std::lock_guard lock(parts_.state_mutex);
    FALAJ_TRY(parts_.state.save_store(access_.fingerprint, {info.id, info.name, info.plan},
                                      parts_.home.clock().now()));
  }
  if (access_.describe) FALAJ_TRY(access_.describe(info));
  cursors_ = cursors();
  return {};
}

void StoreRun::set_clock(const std::optional<Micros>& measured) {
  if (skew_ || !http::is_worth_saying(measured)) return;
  skew_ = measured;
  clock_.shift(-*skew_);
}

Status StoreRun::find_run() {
  std::lock_guard lock(parts_.state_mutex);
  FALAJ_ASSIGN(run_, parts_.state.begin_store(store_id_, parts_.run, parts_.home.clock().now(),
                                              kResumableFor));
  return {};
}

extract::CursorStore StoreRun::cursors() {
  extract::CursorStore cursors;
  cursors.get = [this](const std::string& name) {
    std::lock_guard lock(parts_.state_mutex);
    return parts_.state.cursor(store_id_, name);
  };
  cursors.set = [this](const std::string& name, const std::string& value) {
    std::lock_guard lock(parts_.state_mutex);
    return parts_.state.set_cursor(store_id_, name, value, parts_.home.clock().now());
  };
  return cursors;
}

extract::ExtractOptions StoreRun::options() const {
  auto options =
      extract_options(parts_.home.settings(), parts_.request, parts_.streams, named_.all);
  options.deadline = parts_.deadline;
  options.package.raw_bytes_max = static_cast<size_t>(parts_.package_bytes_max);
  options.package.keep_pages = parts_.keeps_pages;
  // A quarter of what a frame may hold: a kill can cost the frame being written and the one that
  // waits, in each of two streams.
  options.package.frame_pages = 4;
  return options;
}

Result<warehouse::Warehouse*> StoreRun::warehouse() {
  if (parts_.knows_nothing) return nullptr;
  FALAJ_TRY(parts_.loading.wait_until_ready());
  return &parts_.loading.warehouse();
}

// Whatever extraction asks and hands on, in one place.
extract::ExtractContext StoreRun::context() {
  extract::ExtractContext context{client_->source(), parts_.landing, parts_.ulids, clock_,
                                  cursors_};
  context.stop = parts_.stop;
  context.read_known = [this]() -> Result<extract::KnownStore> {
    FALAJ_ASSIGN(auto* known, warehouse());
    if (known == nullptr) return extract::KnownStore();
    std::lock_guard lock(parts_.large_mutex);
    return read_known_store(*known, store_id_, run_);
  };
  context.read_known_ids =
      [this](const std::vector<extract::KnownIdsAsk>& asks) -> Result<extract::IdsByStream> {
    FALAJ_ASSIGN(auto* known, warehouse());
    if (known == nullptr) return extract::IdsByStream();
    std::lock_guard lock(parts_.large_mutex);
    return read_known_ids(*known, store_id_, asks);
  };
  // A sealed package goes from the sink of its stream to the queue of the loading thread.
  context.on_sealed = [this](landing::SealedPackage package) {
    return parts_.loading.push(std::move(package));
  };
  context.on_progress = [this](const extract::ExtractProgress& progress) {
    listener_.on_progress(progress);
  };
  context.on_whole_days = [this](extract::DayWindow days) {
    std::lock_guard lock(published_mutex_);
    landed_days_ = days;
  };
  context.on_refresh = [this] {
    publish_whole_days();
    listener_.on_refresh();
  };
  context.on_customers_left = [this] { listener_.on_customers_left(); };
  return context;
}

Status StoreRun::extract() {
  {
    std::lock_guard lock(parts_.state_mutex);
    FALAJ_ASSIGN(named_, read_named(parts_.state, store_id_));
  }
  extractor_ = std::make_unique<extract::Extractor>(context(), options());
  auto extracted = extractor_->run(run_, client_->info(), std::move(store_answer_));
  // Whatever happened, what was fetched was handed on.
  publish_whole_days();
  FALAJ_ASSIGN(extracted_, std::move(extracted));
  return {};
}

Status StoreRun::forget_named() {
  // A backfill asks for none of them.
  if (named_.all.empty() || parts_.request.task == Task::kBackfill) return {};
  NamedEntities left;
  left.all = extracted_.named_left;
  left.all.insert(left.all.end(), named_.asked_again.begin(), named_.asked_again.end());
  std::lock_guard lock(parts_.state_mutex);
  return save_named(parts_.state, store_id_, left, parts_.home.clock().now());
}

Status StoreRun::remember() {
  if (extractor_ == nullptr) return {};
  FALAJ_TRY(forget_named());
  FALAJ_TRY(extractor_->remember());
  std::lock_guard lock(parts_.state_mutex);
  return parts_.state.end_store(store_id_);
}

}  // namespace falaj::run
