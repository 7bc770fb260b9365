#include "app/store_run.hpp"

#include "app/client_options.hpp"
#include "app/extract_options.hpp"
#include "app/known_from_warehouse.hpp"
#include "app/quota_books.hpp"
#include "app/run.hpp"

namespace falaj::app {
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

StoreRun::StoreRun(RunParts parts, StoreAccess access, OnProgress on_progress, OnWait on_wait)
    : parts_(std::move(parts)),
      access_(std::move(access)),
      on_progress_(std::move(on_progress)),
      on_wait_(std::move(on_wait)),
      clock_(parts_.home.clock()),
      transport_(curl_options(parts_)) {}

StoreRun::~StoreRun() = default;

Status StoreRun::run(std::function<void()> on_customers_left) {
  on_customers_left_ = std::move(on_customers_left);
  FALAJ_TRY(identify());
  FALAJ_TRY(find_run());
  auto done = extract();
  if (!done.ok() && done.error().kind() == ErrorKind::kSchemaChanged) {
    // Answers that contradict each other have landed: who went on from them would end the same.
    std::lock_guard lock(parts_.state_mutex);
    FALAJ_TRY(parts_.state.end_store(StoreId(store_.id)));
  }
  return done;
}

Status StoreRun::find_run() {
  std::lock_guard lock(parts_.state_mutex);
  FALAJ_ASSIGN(run_, parts_.state.begin_store(StoreId(store_.id), parts_.run,
                                              parts_.home.clock().now(), kResumableFor));
  return {};
}

// The store's request limit is shared under its id, which a new token does not tell yet.
void StoreRun::open_client(const std::string& store_id) {
  const auto& settings = parts_.home.settings();
  source_.reset();
  client_.reset();
  auto options = client_options(parts_.home, access_);
  options.quota = quota_options(settings, store_id);
  options.on_wait = [on_wait = on_wait_](Micros) { on_wait(); };
  options.whose = name();
  options.deadline = parts_.deadline;
  client_ = std::make_unique<http::Client>(transport_, clock_, std::move(options), parts_.stop);
  source_ = std::make_unique<connectors::salla::SallaSource>(*client_);
}

Result<std::optional<std::string>> StoreRun::known_store_id() {
  if (access_.id) return std::optional(std::to_string(access_.id->value()));
  std::lock_guard lock(parts_.state_mutex);
  FALAJ_ASSIGN(const auto known, parts_.state.find_store(access_.fingerprint));
  if (!known) return std::optional<std::string>();
  return std::optional(std::to_string(known->store_id));
}

// An answer that cannot be read is asked for again, as that of a list is.
Status StoreRun::ask_who() {
  for (int tries = 0;; ++tries) {
    FALAJ_ASSIGN(auto answer,
                 client_->get(extract::kStoreInfoRequest).while_doing("asking who the store is"));
    auto info = extract::parse_store_info(answer.body);
    if (!info.ok() && tries < extract::kBrokenRetries) continue;
    if (!info.ok()) return std::move(info).error().while_doing("asking who the store is");
    store_ = std::move(*info);
    set_clock();
    store_answer_ = {answer.status, std::move(answer.body), clock_.now()};
    return {};
  }
}

void StoreRun::set_clock() {
  if (skew_ || !http::is_worth_saying(client_->clock_skew())) return;
  skew_ = client_->clock_skew();
  clock_.shift(-*skew_);
}

Status StoreRun::identify() {
  FALAJ_ASSIGN(const auto known_id, known_store_id());
  open_client(known_id.value_or(""));
  FALAJ_TRY(ask_who());
  const auto id = std::to_string(store_.id);
  if (known_id != id) {
    if (access_.id) {
      return Error(ErrorKind::kAuthFailed,
                   fmt::format("the token of {} ({}) opens another store, {}: is "
                               "SALLA_API_BASE_URL the API that it was made for?",
                               access_.name, access_.id->value(), id));
    }
    open_client(id);
    std::lock_guard lock(parts_.state_mutex);
    FALAJ_TRY(parts_.state.save_store(access_.fingerprint, {store_.id, store_.name, store_.plan},
                                      parts_.home.clock().now()));
  }
  if (access_.describe) FALAJ_TRY(access_.describe(store_));
  cursors_.get = [this](const std::string& name) {
    std::lock_guard lock(parts_.state_mutex);
    return parts_.state.cursor(StoreId(store_.id), name);
  };
  cursors_.set = [this](const std::string& name, const std::string& value) {
    std::lock_guard lock(parts_.state_mutex);
    return parts_.state.set_cursor(StoreId(store_.id), name, value, parts_.home.clock().now());
  };
  return {};
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

Status StoreRun::extract() {
  {
    std::lock_guard lock(parts_.state_mutex);
    FALAJ_ASSIGN(named_, read_named(parts_.state, StoreId(store_.id)));
  }
  extract::ExtractContext context{
      *source_,
      parts_.landing,
      parts_.ulids,
      clock_,
      cursors_,
      [this]() -> Result<extract::KnownStore> {
        if (parts_.knows_nothing) return extract::KnownStore();
        FALAJ_TRY(parts_.loading.wait_until_ready());
        std::lock_guard lock(parts_.large_mutex);
        return read_known_store(parts_.loading.warehouse(), StoreId(store_.id), run_);
      },
      [this](const std::vector<extract::KnownIdsAsk>& asks) -> Result<extract::IdsByStream> {
        if (parts_.knows_nothing) return extract::IdsByStream();
        FALAJ_TRY(parts_.loading.wait_until_ready());
        std::lock_guard lock(parts_.large_mutex);
        return read_known_ids(parts_.loading.warehouse(), StoreId(store_.id), asks);
      },
      [this](landing::SealedPackage package) { return parts_.loading.push(std::move(package)); },
      [this] {
        publish_whole_days();
        if (parts_.on_refresh) parts_.on_refresh();
      },
      on_customers_left_,
      on_progress_,
      parts_.stop,
      [this](extract::DayWindow days) {
        std::lock_guard lock(days_mutex_);
        landed_days_ = days;
      }};
  extractor_ = std::make_unique<extract::Extractor>(std::move(context), options());
  auto extracted = extractor_->run(run_, store_, std::move(store_answer_));
  // Whatever happened, what was fetched was handed on.
  publish_whole_days();
  FALAJ_ASSIGN(extracted_, std::move(extracted));
  return {};
}

void StoreRun::publish_whole_days() {
  std::lock_guard lock(days_mutex_);
  whole_days_ = landed_days_;
}

std::optional<extract::DayWindow> StoreRun::whole_days() const {
  std::lock_guard lock(days_mutex_);
  return whole_days_;
}

Status StoreRun::forget_named() {
  // A backfill asks for none of them.
  if (named_.all.empty() || parts_.request.task == operate::RunRequest::Task::kBackfill) return {};
  NamedEntities left;
  left.all = extracted_.named_left;
  left.all.insert(left.all.end(), named_.asked_again.begin(), named_.asked_again.end());
  std::lock_guard lock(parts_.state_mutex);
  return save_named(parts_.state, StoreId(store_.id), left, parts_.home.clock().now());
}

Status StoreRun::remember() {
  if (extractor_ == nullptr) return {};
  FALAJ_TRY(forget_named());
  FALAJ_TRY(extractor_->remember());
  std::lock_guard lock(parts_.state_mutex);
  return parts_.state.end_store(StoreId(store_.id));
}

}  // namespace falaj::app
