#include "landing/package_threads.hpp"

#include <algorithm>
#include <iterator>

#include "base/thread_name.hpp"

namespace falaj::landing {
namespace {

constexpr auto kWatchEvery = std::chrono::milliseconds(20);

}  // namespace

template <typename Task>
void PackageThreads::Line<Task>::push(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    if (tasks_.size() > idle_ && threads_.size() < most_) {
      threads_.emplace_back([this] { work_(*this); });
    }
  }
  pushed_.notify_one();
}

template <typename Task>
std::optional<Task> PackageThreads::Line<Task>::next() {
  std::unique_lock lock(mutex_);
  ++idle_;
  pushed_.wait(lock, [this] { return is_closed_ || !tasks_.empty(); });
  --idle_;
  if (tasks_.empty()) return std::nullopt;
  std::optional<Task> task(std::move(tasks_.front()));
  tasks_.pop_front();
  return task;
}

template <typename Task>
void PackageThreads::Line<Task>::close() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  pushed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

PackageThreads::PackageThreads(size_t writers, size_t syncers)
    : writing_(std::max<size_t>(1, writers),
               [](auto& line) {
                 name_thread("land");
                 FrameEncoder encoder;
                 while (auto task = line.next()) (*task)(encoder);
               }),
      syncing_(std::max<size_t>(1, syncers), [](auto& line) {
        name_thread("sync");
        while (auto task = line.next()) (*task)();
      }) {}

PackageThreads::~PackageThreads() {
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
  }
  changed_.notify_all();
  if (watcher_.joinable()) watcher_.join();
  writing_.close();  // a frame that is written is flushed then
  syncing_.close();
}

void PackageThreads::write(std::function<void(FrameEncoder&)> task) {
  writing_.push(std::move(task));
}

void PackageThreads::sync(std::function<void()> task) {
  syncing_.push(std::move(task));
}

void PackageThreads::watch(std::function<bool()> is_over) {
  {
    const std::lock_guard lock(mutex_);
    watched_.push_back(std::move(is_over));
    if (!watcher_.joinable()) watcher_ = std::thread([this] { watch_all(); });
  }
  changed_.notify_one();
}

void PackageThreads::watch_all() {
  name_thread("watch");
  std::vector<std::function<bool()>> all;
  std::unique_lock lock(mutex_);
  while (!is_closed_) {
    std::move(watched_.begin(), watched_.end(), std::back_inserter(all));
    watched_.clear();
    if (all.empty()) {
      changed_.wait(lock, [this] { return is_closed_ || !watched_.empty(); });
      continue;
    }
    lock.unlock();
    all.erase(std::remove_if(all.begin(), all.end(), [](const auto& is_over) { return is_over(); }),
              all.end());
    lock.lock();
    changed_.wait_for(lock, kWatchEvery, [this] { return is_closed_; });
  }
}

}  // namespace falaj::landing
