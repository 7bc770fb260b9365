#include "landing/encoder_pool.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace falaj::landing {
namespace {

TEST(EncoderPool, WhoFindsAllInUseWaitsForOneToBeGivenBack) {
  EncoderPool pool(1);
  std::mutex mutex;
  std::string log;
  std::thread other;
  {
    auto mine = pool.take();
    other = std::thread([&] {
      auto theirs = pool.take();
      std::lock_guard lock(mutex);
      log += "taken ";
    });
    std::lock_guard lock(mutex);
    log += "given back ";
  }
  other.join();
  EXPECT_EQ(log, "given back taken ");
}

TEST(EncoderPool, ManyThreadsShareAFew) {
  EncoderPool pool(2);
  const PackageIdentity identity{PackageId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), RunId("run"), StoreId(1),
                                 "orders"};
  std::vector<std::string> frames(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < frames.size(); ++i) {
    threads.emplace_back([&, i] {
      std::vector<PageRecord> pages(1);
      pages[0].stream = "orders";
      pages[0].request = "/orders";
      pages[0].body = PageBody(std::string(1000, static_cast<char>('a' + i)));
      for (int round = 0; round < 50; ++round) {
        auto encoder = pool.take();
        const auto bytes = encoder->encode(identity, 0, 0, pages);
        if (bytes.ok()) frames[i] = std::string(*bytes);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  FrameEncoder alone;
  for (size_t i = 0; i < frames.size(); ++i) {
    std::vector<PageRecord> pages(1);
    pages[0].stream = "orders";
    pages[0].request = "/orders";
    pages[0].body = PageBody(std::string(1000, static_cast<char>('a' + i)));
    const auto expected = alone.encode(identity, 0, 0, pages);
    ASSERT_TRUE(expected.ok());
    EXPECT_EQ(frames[i], *expected) << i;
  }
}

}  // namespace
}  // namespace falaj::landing
