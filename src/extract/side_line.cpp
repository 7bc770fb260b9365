#include "extract/side_line.hpp"

#include <utility>

#include "base/check.hpp"
#include "base/thread_name.hpp"

namespace falaj::extract {

SideLine::~SideLine() {
  FALAJ_CHECK(!is_running_, "a side line was left before its end");
  if (thread_.joinable()) thread_.join();
}

void SideLine::give(Turn turn) {
  {
    std::lock_guard lock(mutex_);
    turn_ = turn;
  }
  changed_.notify_all();
}

void SideLine::await(Turn turn) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this, turn] { return turn_ == turn; });
}

void SideLine::start(std::function<Status()> work) {
  FALAJ_CHECK(!is_running_, "a side line was started twice");
  if (thread_.joinable()) thread_.join();
  is_running_ = true;
  thread_ = std::thread([this, work = std::move(work)] {
    name_thread("side");
    await(Turn::kSide);
    outcome_ = work();
    is_running_ = false;
    give(Turn::kMain);
  });
  id_ = thread_.get_id();
  resume();
}

void SideLine::resume() {
  if (!is_running_) return;
  give(Turn::kSide);
  await(Turn::kMain);
}

void SideLine::wait() {
  give(Turn::kMain);
  await(Turn::kSide);
}

Status SideLine::take() {
  return std::exchange(outcome_, Status());
}

}  // namespace falaj::extract
