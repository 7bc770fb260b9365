#include "app/load_queue.hpp"

#include "base/log.hpp"

namespace falaj::app {

LoadQueue::LoadQueue(const landing::Landing& landing, Clock& clock, load::LoaderOptions options,
                     Open open, Prepare prepare)
    : landing_(landing),
      clock_(clock),
      options_(std::move(options)),
      open_(std::move(open)),
      prepare_(std::move(prepare)),
      thread_([this] { work(); }) {}

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
  auto status = start();
  {
    std::lock_guard lock(mutex_);
    is_ready_ = true;
    if (!status.ok()) failure_ = std::move(status).error();
  }
  changed_.notify_all();
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_closed_ || !waiting_.empty() || failure_; });
      if (failure_ || waiting_.empty()) return;
    }
    auto loaded = load_waiting();
    if (!loaded.ok()) {
      std::lock_guard lock(mutex_);
      failure_ = std::move(loaded).error();
    }
    changed_.notify_all();
  }
}

// Opens the warehouse and loads what is landed, but not in the books.
Status LoadQueue::start() {
  FALAJ_ASSIGN(warehouse_, open_().while_doing("opening the warehouse"));
  FALAJ_TRY(
      load::create_schema(*warehouse_, clock_, options_.specs).while_doing("creating tables"));
  FALAJ_TRY(prepare_(*warehouse_).while_doing("creating tables"));
  FALAJ_ASSIGN(loader_, load::Loader::create(*warehouse_, landing_, clock_, options_));
  FALAJ_ASSIGN(const auto landed, landing_.list());
  for (const auto& damage : landed.damaged) log_error("{}", damage.to_text());
  if (landed.packages.empty()) return {};
  FALAJ_ASSIGN(const auto report, loader_->load(landed.packages));
  report_.add(report);
  return {};
}

Status LoadQueue::load_waiting() {
  std::vector<landing::SealedPackage> packages;
  {
    std::lock_guard lock(mutex_);
    while (!waiting_.empty()) {
      packages.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
  }
  changed_.notify_all();
  const auto started = clock_.steady_now();
  FALAJ_ASSIGN(const auto report, loader_->load(std::move(packages)));
  report_.add(report);
  busy_ms_ +=
      std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - started).count();
  return {};
}

Status LoadQueue::push(landing::SealedPackage package) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return failure_ || waiting_.size() < kWaiting; });
  if (failure_) return *failure_;
  waiting_.push_back(std::move(package));
  lock.unlock();
  changed_.notify_all();
  return {};
}

Status LoadQueue::wait_until_ready() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return failure_ || is_ready_; });
  if (failure_) return *failure_;
  return {};
}

Result<load::LoadReport> LoadQueue::finish() {
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

}  // namespace falaj::app
