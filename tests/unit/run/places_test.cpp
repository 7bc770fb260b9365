// Places that a bounded number of things share.
#include "run/places.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>
#include <thread>

namespace falaj::run {
namespace {

TEST(Places, NoMoreRunAtOnceThanThereArePlaces) {
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  std::atomic<int> done{0};
  run_in_places(50, 3, [&](size_t, Place&) {
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

TEST(Places, WhoLeavesItsPlaceLetsTheNextBegin) {
  // Each waits for all others: with one place that ends only if each gives it up.
  std::latch all(4);
  run_in_places(4, 1, [&](size_t, Place& place) {
    place.leave();
    place.leave();
    all.arrive_and_wait();
  });
}

TEST(Places, TheOnlyOneRunsInTheCallingThread) {
  std::set<std::thread::id> threads;
  run_in_places(1, 8, [&](size_t, Place&) { threads.insert(std::this_thread::get_id()); });
  EXPECT_EQ(threads, std::set<std::thread::id>{std::this_thread::get_id()});
  run_in_places(0, 8, [&](size_t, Place&) { FAIL(); });
}

}  // namespace
}  // namespace falaj::run
