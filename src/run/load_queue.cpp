#include "run/load_queue.hpp"

#include <algorithm>
#include <utility>

#include "base/thread_name.hpp"
#include "base/thread_priority.hpp"

namespace falaj::run {
namespace {

// How often it is looked whether a request has become due: clocks may run at another speed than
// condition variables do.
constexpr auto kDueSlice = std::chrono::milliseconds(100);

}  // namespace

LoadQueue::LoadQueue(const landing::Landing& landing, Clock& clock, load::LoaderOptions load,
                     Open open, std::vector<warehouse::TableDefinition> tables,
                     std::vector<landing::Manifest> landed, Options options)
    : landing_(landing),
      clock_(clock),
      load_options_(std::move(load)),
      decoder_(load_options_.specs),
      open_(std::move(open)),
      tables_(std::move(tables)),
      landed_(std::move(landed)),
      options_(std::move(options)),
      packages_(std::ssize(landed_)) {
  if (options_.on_loaded) {
    load_options_.on_loaded = [this](int64_t packages) { count_loaded(packages); };
  }
  thread_ = std::thread([this] { work(); });
}

LoadQueue::~LoadQueue() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void LoadQueue::work() {
  name_thread("load");
  if (options_.has_low_priority && !options_.is_waited_for) {
    lower_thread_priority();
    wait_to_begin();
  }
  auto status = start();
  if (options_.has_low_priority) lower_thread_priority();
  {
    std::lock_guard lock(mutex_);
    is_ready_ = true;
    if (!status.ok()) failure_ = std::move(status).error();
  }
  changed_.notify_all();
  while (true) {
    const auto task = wait_for_task();
    if (task == Task::kNone) return;
    if (task == Task::kRequested) {
      std::function<void(warehouse::Warehouse&)> requested;
      {
        std::lock_guard lock(mutex_);
        requested.swap(requested_);
      }
      requested(*warehouse_);
      continue;
    }
    auto loaded = load_waiting();
    if (!loaded.ok()) {
      std::lock_guard lock(mutex_);
      failure_ = std::move(loaded).error();
    }
    changed_.notify_all();
  }
}

// The lists that a run begins with are the hardest work of extraction, and a thread of low priority
// takes some of a processor even so.
void LoadQueue::wait_to_begin() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kBeginsAfter, [this] { return may_begin_ || is_closed_; });
}

void LoadQueue::let_begin() {
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(may_begin_, true)) return;
  }
  changed_.notify_all();
}

LoadQueue::Task LoadQueue::wait_for_task() {
  std::unique_lock lock(mutex_);
  const auto has_task = [this] {
    const bool is_full = is_congested_ || waiting_in_memory_ >= kWaitingPackages;
    const bool has_enough =
        !waiting_.empty() && (gathered_bytes_ >= options_.gather_bytes || is_full);
    return is_closed_ || has_enough || failure_ || is_request_due();
  };
  while (!has_task()) {
    requested_ ? (void)changed_.wait_for(lock, kDueSlice) : changed_.wait(lock);
  }
  if (failure_) return Task::kNone;
  if (!waiting_.empty()) return Task::kLoad;
  return is_closed_ ? Task::kNone : Task::kRequested;
}

bool LoadQueue::is_request_due() const {
  return requested_ && clock_.steady_now() >= not_before_;
}

void LoadQueue::request(std::function<void(warehouse::Warehouse&)> work, Micros not_before) {
  {
    std::lock_guard lock(mutex_);
    not_before_ = requested_ ? std::min(not_before_, not_before) : not_before;
    requested_ = std::move(work);
  }
  changed_.notify_all();
}

// Opens the warehouse and loads what is landed, but not in the books.
Status LoadQueue::start() {
  FALAJ_ASSIGN(warehouse_, open_().while_doing("opening the warehouse"));
  FALAJ_TRY(warehouse_->create_tables(tables_));
  if (options_.check) FALAJ_TRY(options_.check(*warehouse_));
  FALAJ_ASSIGN(loader_, load::Loader::create(*warehouse_, landing_, clock_, load_options_));
  if (landed_.empty()) return {};
  FALAJ_ASSIGN(const auto report, loader_->load(landed_));
  report_.add(report);
  return {};
}

std::deque<LoadQueue::Waiting> LoadQueue::take_waiting() {
  std::deque<Waiting> taken;
  {
    std::lock_guard lock(mutex_);
    const bool is_in_memory = waiting_.front().decoded.valid();
    while (!waiting_.empty() && waiting_.front().decoded.valid() == is_in_memory) {
      gathered_bytes_ -= waiting_.front().manifest.raw_bytes;
      taken.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    if (is_in_memory) {
      for (const auto& each : taken) waiting_bytes_ -= each.manifest.raw_bytes;
      waiting_in_memory_ -= static_cast<int64_t>(taken.size());
    }
  }
  changed_.notify_all();
  return taken;
}

Status LoadQueue::load_waiting() {
  auto packages = take_waiting();
  const auto started = clock_.steady_now();
  std::vector<load::DecodedPackage> decoded;
  std::vector<landing::Manifest> landed;
  for (auto& package : packages) {
    if (!package.decoded.valid()) {
      landed.push_back(std::move(package.manifest));
      continue;
    }
    FALAJ_ASSIGN(auto one, package.decoded.get());
    decoded.push_back(std::move(one));
  }
  FALAJ_ASSIGN(const auto report, landed.empty() ? loader_->load(decoded) : loader_->load(landed));
  report_.add(report);
  busy_ms_ +=
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - started).count();
  return {};
}

void LoadQueue::count_loaded(int64_t packages) {
  std::unique_lock lock(mutex_);
  packages_loaded_ += packages;
  const auto loaded = packages_loaded_;
  const auto all = packages_;
  lock.unlock();
  options_.on_loaded(loaded, all);
}

Status LoadQueue::push(landing::SealedPackage package) {
  std::unique_lock lock(mutex_);
  const auto has_room = [this] {
    return failure_ || (waiting_in_memory_ < kWaitingPackages &&
                        waiting_bytes_ < (is_ready_ ? kWaitingBytes : kWaitingAtStartBytes));
  };
  const auto patience = is_congested_ ? std::chrono::milliseconds(0) : kPatience;
  const bool is_kept = !package.pages.empty() && changed_.wait_for(lock, patience, has_room);
  is_congested_ = !is_kept && !package.pages.empty();
  if (failure_) return *failure_;
  Waiting waiting{package.manifest, {}};
  ++packages_;
  gathered_bytes_ += package.manifest.raw_bytes;
  if (is_kept) {
    waiting_bytes_ += package.manifest.raw_bytes;
    ++waiting_in_memory_;
    waiting.decoded = std::async(std::launch::async, [this, package = std::move(package)] {
      name_thread("decode");
      if (options_.has_low_priority) lower_thread_priority();
      return decoder_.decode(package.manifest, package.pages, 1);
    });
  }
  waiting_.push_back(std::move(waiting));
  lock.unlock();
  changed_.notify_all();
  return {};
}

Status LoadQueue::wait_until_ready() {
  let_begin();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return failure_ || is_ready_; });
  if (failure_) return *failure_;
  return {};
}

Result<load::LoadReport> LoadQueue::finish() {
  if (options_.on_loaded) count_loaded(0);
  {
    std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (failure_) return *failure_;
  loader_.reset();
  return std::move(report_);
}

}  // namespace falaj::run
