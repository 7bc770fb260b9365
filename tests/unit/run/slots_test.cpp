// Slots that a bounded number of things share.
#include "run/slots.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>
#include <thread>

namespace falaj::run {
namespace {

TEST(Slots, NoMoreRunAtOnceThanThereArePlaces) {
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  std::atomic<int> done{0};
  run_in_slots(50, 3, [&](size_t, Slot&) {
    const int here = ++now;
    for (int seen = most; here > seen && !most.compare_exchange_weak(seen, here);) {
    }
    std::this_thread::yield();
    --now;
    ++done;
  });
  EXPECT_EQ(done, 50);
  EXPECT_LE(most, 3);
}

TEST(Slots, WhoLeavesItsPlaceLetsTheNextBegin) {
  // Each waits for all others: with one slot that ends only if each leaves it.
  std::latch all(4);
  run_in_slots(4, 1, [&](size_t, Slot& slot) {
    slot.leave();
    slot.leave();
    all.arrive_and_wait();
  });
}

TEST(Slots, TheOnlyOneRunsInTheCallingThread) {
  std::set<std::thread::id> threads;
  run_in_slots(1, 8, [&](size_t, Slot&) { threads.insert(std::this_thread::get_id()); });
  EXPECT_EQ(threads, std::set<std::thread::id>{std::this_thread::get_id()});
  run_in_slots(0, 8, [&](size_t, Slot&) { FAIL(); });
}

}  // namespace
}  // namespace falaj::run
