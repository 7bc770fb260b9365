#include "landing/landing.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <future>
#include <random>
#include <thread>

#include "base/ulid.hpp"
#include "support/temp_dir.hpp"
#include "unit/landing/faulty_file_store.hpp"

namespace falaj::landing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const UtcTime kStart = UtcTime(Micros(1'767'225'600'000'000));

class LandingTest : public ::testing::Test {
 protected:
  LandingTest() : clock_(kStart), ulids_(clock_, 7) {}

  Landing open() { return Landing::open(files_, clock_, (dir_ / "landing").string()).value(); }

  PackageIdentity identity(const std::string& stream = "orders") {
    return {PackageId(ulids_.next()), RunId("run-1"), StoreId(1305146709), stream};
  }

  PageRecord page(int number, size_t body_bytes = 300) {
    PageRecord record;
    record.shape = "summary";
    record.source = "list";
    record.request = fmt::format("/orders?page={}&per_page=60", number);
    record.parent_id = number * 10;
    record.fetched_at = kStart + std::chrono::seconds(number);
    record.body = PageBody(body(number, body_bytes));
    return record;
  }

  static std::string body(int number, size_t bytes) {
    std::string text = fmt::format(R"({{"status":200,"data":[{{"id":{},"name":"تي شيرت")", number);
    while (text.size() < bytes) text += fmt::format(",\"k{}\":{}", text.size(), number * 7919);
    return text + "}]}";
  }

  std::vector<PageRecord> read_all(const Landing& landing, const PackageId& id) {
    auto reader = landing.open_package(id).value();
    std::vector<PageRecord> pages;
    while (true) {
      auto next = reader->next();
      EXPECT_TRUE(next.ok()) << next.error().to_text();
      if (!next.ok() || !*next) return pages;
      pages.push_back(**next);
    }
  }

  static std::string frames_path(const Landing& landing, const PackageId& id) {
    return landing.package_path(id) + "/frames.zst";
  }

  test::TempDir dir_;
  ManualClock clock_;
  UlidGenerator ulids_;
  test::FaultyFileStore files_;
};

TEST_F(LandingTest, GivesBackWhatWasAppended) {
  Landing landing = open();
  auto writer = landing.create_package(identity());
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(writer->append(page(i)).ok());
  const SealedPackage sealed = writer->seal().value();
  EXPECT_EQ(sealed.manifest.pages, 50);
  EXPECT_GE(sealed.manifest.frames, 4);
  EXPECT_TRUE(sealed.pages.empty());

  const PackageList list = landing.list().value();
  ASSERT_EQ(list.packages.size(), 1U);
  const Manifest& manifest = list.packages[0];
  EXPECT_EQ(manifest.identity.run_id.value(), "run-1");
  EXPECT_EQ(manifest.identity.store_id.value(), 1305146709);
  EXPECT_EQ(manifest.identity.stream, "orders");
  EXPECT_EQ(manifest.pages, 50);
  EXPECT_EQ(manifest.first_fetched_at, kStart);
  EXPECT_EQ(manifest.last_fetched_at, kStart + std::chrono::seconds(49));

  const auto pages = read_all(landing, manifest.identity.package_id);
  ASSERT_EQ(pages.size(), 50U);
  for (int i = 0; i < 50; ++i) {
    const PageRecord& got = pages[static_cast<size_t>(i)];
    EXPECT_EQ(got.body.view(), body(i, 300));
    EXPECT_EQ(got.stream, "orders");
    EXPECT_EQ(got.shape, "summary");
    EXPECT_EQ(got.source, "list");
    EXPECT_EQ(got.request, fmt::format("/orders?page={}&per_page=60", i));
    EXPECT_EQ(got.parent_id, i * 10);
    EXPECT_EQ(got.fetched_at, kStart + std::chrono::seconds(i));
  }
}

TEST_F(LandingTest, KeepsOddTextsAndEmptyBodies) {
  Landing landing = open();
  auto writer = landing.create_package(identity());
  PageRecord odd = page(1);
  odd.request = "/orders?q=\t\n\\t\\ é";
  odd.body = PageBody(std::string());
  ASSERT_TRUE(writer->append(odd).ok());
  odd.body = PageBody(std::string("\n\0\n", 3));
  ASSERT_TRUE(writer->append(odd).ok());
  const auto id = writer->seal().value().manifest.identity.package_id;
  const auto pages = read_all(landing, id);
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_EQ(pages[0].request, odd.request);
  EXPECT_TRUE(pages[0].body.empty());
  EXPECT_EQ(pages[1].body.view(), std::string_view("\n\0\n", 3));
}

TEST_F(LandingTest, HandsPagesOverInMemory) {
  Landing landing = open();
  PackageWriterOptions options;
  options.keep_pages = true;
  auto writer = landing.create_package(identity(), options);
  const PageRecord first = page(1);
  ASSERT_TRUE(writer->append(first).ok());
  ASSERT_TRUE(writer->append(page(2)).ok());
  const SealedPackage sealed = writer->seal().value();
  ASSERT_EQ(sealed.pages.size(), 2U);
  EXPECT_EQ(sealed.pages[0].body.view().data(), first.body.view().data());  // not copied
}

TEST_F(LandingTest, ForgetsThePagesItKept) {
  Landing landing = open();
  PackageWriterOptions options;
  options.keep_pages = true;
  auto writer = landing.create_package(identity(), options);
  const PageRecord first = page(1, 100);
  ASSERT_TRUE(writer->append(first).ok());
  EXPECT_EQ(writer->kept_bytes(), first.body.size());
  writer->forget_pages();
  ASSERT_TRUE(writer->append(page(2, 100)).ok());
  EXPECT_EQ(writer->kept_bytes(), 0U);
  const SealedPackage sealed = writer->seal().value();
  EXPECT_TRUE(sealed.pages.empty());
  EXPECT_EQ(read_all(landing, sealed.manifest.identity.package_id).size(), 2U);
}

TEST_F(LandingTest, AnEmptyPackageLeavesNothing) {
  Landing landing = open();
  auto writer = landing.create_package(identity());
  EXPECT_EQ(writer->seal().value().manifest.pages, 0);
  EXPECT_TRUE(fs::is_empty(landing.directory()));
}

TEST_F(LandingTest, SaysWhenAPackageIsFull) {
  Landing landing = open();
  PackageWriterOptions options;
  options.raw_bytes_max = 1000;
  auto writer = landing.create_package(identity(), options);
  ASSERT_TRUE(writer->append(page(1, 600)).ok());
  EXPECT_FALSE(writer->full());
  ASSERT_TRUE(writer->append(page(2, 600)).ok());
  EXPECT_TRUE(writer->full());
}

TEST_F(LandingTest, LandsAFrameWhenASecondHasPassed) {
  Landing landing = open();
  std::promise<int64_t> landed;
  PackageWriterOptions options;
  options.on_landed = [&](int64_t pages) { landed.set_value(pages); };
  auto writer = landing.create_package(identity(), options);
  ASSERT_TRUE(writer->append(page(1)).ok());
  ASSERT_TRUE(writer->append(page(2)).ok());
  auto future = landed.get_future();
  EXPECT_EQ(future.wait_for(std::chrono::milliseconds(0)), std::future_status::timeout);
  EXPECT_EQ(writer->landed_pages(), 0);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_EQ(future.get(), 2);
  EXPECT_EQ(writer->landed_pages(), 2);
}

TEST_F(LandingTest, FlushMakesEveryPageDurable) {
  Landing landing = open();
  auto writer = landing.create_package(identity());
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(writer->append(page(i)).ok());
  ASSERT_TRUE(writer->flush().ok());
  EXPECT_EQ(writer->landed_pages(), 5);
  files_.crash();
  writer.reset();
  files_.restart(0);
  const RecoveryReport report = open().recover().value();
  ASSERT_EQ(report.packages_sealed, 1);
  EXPECT_EQ(report.sealed[0].pages, 5);
  EXPECT_TRUE(report.sealed[0].is_recovered);
}

// Whatever the crash leaves of the last frame, recovery keeps the landed pages and cuts the rest.
TEST_F(LandingTest, CutsATornTailAtTheLastWholeFrame) {
  for (uint64_t torn = 0; torn < 400; torn += 13) {
    Landing landing = open();
    auto writer = landing.create_package(identity());
    for (int i = 0; i < 16; ++i) ASSERT_TRUE(writer->append(page(i)).ok());
    ASSERT_TRUE(writer->flush().ok());
    const PackageId id = writer->identity().package_id;
    files_.fail_sync_from(files_.syncs() + 1);
    for (int i = 16; i < 20; ++i) ASSERT_TRUE(writer->append(page(i)).ok());
    ASSERT_FALSE(writer->flush().ok());
    files_.crash();
    writer.reset();
    files_.restart(torn);
    const RecoveryReport report = landing.recover().value();
    ASSERT_EQ(report.packages_sealed, 1) << torn;
    EXPECT_EQ(report.sealed[0].pages, 16) << torn;
    EXPECT_EQ(report.bytes_cut, static_cast<int64_t>(torn)) << torn;
    EXPECT_EQ(report.frames_cut, torn > 0 ? 1 : 0);
    const auto pages = read_all(landing, id);
    ASSERT_EQ(pages.size(), 16U);
    EXPECT_EQ(pages[15].body.view(), body(15, 300));
    ASSERT_TRUE(landing.remove(id).ok());
  }
}

// Fails the n-th write, for every n: what was reported landed is there afterwards.
TEST_F(LandingTest, ADiskThatFillsUpLosesNothingThatWasLanded) {
  for (int n = 1; n < 12; ++n) {
    Landing landing = open();
    files_.fail_write_from(files_.writes() + n);
    PackageWriterOptions options;
    options.frame_pages = 2;
    auto writer = landing.create_package(identity(), options);
    Status status;
    for (int i = 0; i < 10 && status.ok(); ++i) status = writer->append(page(i));
    bool is_sealed = false;
    if (status.ok()) {
      auto sealed = writer->seal();
      is_sealed = sealed.ok();
      if (!is_sealed) status = std::move(sealed).error();
    }
    if (!is_sealed) {
      EXPECT_EQ(status.error().kind(), ErrorKind::kStorageFailed);
      EXPECT_THAT(status.error().to_text(), HasSubstr("No space left on device"));
      EXPECT_FALSE(writer->append(page(99)).ok()) << "the error stays";
    }
    const int64_t landed = writer->landed_pages();
    writer.reset();
    files_.fail_write_from(0);
    ASSERT_TRUE(landing.recover().ok());
    const PackageList list = landing.list().value();
    EXPECT_TRUE(list.damaged.empty());
    int64_t pages = 0;
    for (const Manifest& manifest : list.packages) {
      pages += manifest.pages;
      EXPECT_EQ(read_all(landing, manifest.identity.package_id).size(),
                static_cast<size_t>(manifest.pages));
      ASSERT_TRUE(landing.remove(manifest.identity.package_id).ok());
    }
    EXPECT_EQ(pages, landed) << n;
  }
}

TEST_F(LandingTest, RecoveryLeavesALiveWriterAlone) {
  Landing landing = open();
  auto writer = landing.create_package(identity());
  ASSERT_TRUE(writer->append(page(1)).ok());
  ASSERT_TRUE(writer->flush().ok());
  const RecoveryReport report = landing.recover().value();
  EXPECT_EQ(report.packages_alive, 1);
  EXPECT_EQ(report.packages_sealed, 0);
  EXPECT_EQ(writer->seal().value().manifest.pages, 1);
}

// A run over many stores has more than a thousand packages open.
TEST_F(LandingTest, AFewThreadsServeManyPackages) {
  Landing landing = open();
  const auto threads = [] {
    return std::distance(fs::directory_iterator("/proc/self/task"), fs::directory_iterator());
  };
  const auto before = threads();
  std::vector<std::unique_ptr<PackageWriter>> writers;
  for (int i = 0; i < 300; ++i) {
    writers.push_back(landing.create_package(identity()));
    for (int p = 0; p < 20; ++p) ASSERT_TRUE(writers.back()->append(page(p)).ok());
  }
  for (const auto& writer : writers) ASSERT_TRUE(writer->flush().ok());
  EXPECT_LE(threads() - before, std::thread::hardware_concurrency() + 10);
  for (size_t i = 0; i < writers.size(); ++i) {
    const bool is_sealed = i % 2 != 0 || writers[i]->seal().value().manifest.pages == 20;
    EXPECT_TRUE(is_sealed);
    writers[i].reset();  // the others are abandoned
  }
  EXPECT_EQ(landing.recover().value().packages_sealed, 150);
  const auto list = landing.list().value();
  ASSERT_EQ(list.packages.size(), 300U);
  for (const auto& package : list.packages) EXPECT_EQ(package.pages, 20);
}

// Pages of packages that take turns at the same threads stay in order.
TEST_F(LandingTest, PackagesBesideEachOtherKeepTheirPages) {
  Landing landing = open();
  constexpr int kPackages = 8;
  std::vector<PackageId> ids;
  std::vector<std::unique_ptr<PackageWriter>> writers;
  PackageWriterOptions options;
  options.frame_pages = 3;
  for (int i = 0; i < kPackages; ++i) {
    writers.push_back(landing.create_package(identity(), options));
    ids.push_back(writers.back()->identity().package_id);
  }
  {
    std::vector<std::jthread> appending;
    for (int i = 0; i < kPackages; ++i) {
      appending.emplace_back([&, i] {
        for (int p = 0; p < 200; ++p) EXPECT_TRUE(writers[i]->append(page(1000 * i + p)).ok());
        EXPECT_EQ(writers[i]->seal().value().manifest.pages, 200);
      });
    }
  }
  for (int i = 0; i < kPackages; ++i) {
    const auto pages = read_all(landing, ids[i]);
    ASSERT_EQ(pages.size(), 200U);
    for (int p = 0; p < 200; ++p) EXPECT_EQ(pages[p].body.view(), body(1000 * i + p, 300));
  }
}

TEST_F(LandingTest, AbandonedPagesAreStillLanded) {
  Landing landing = open();
  auto writer = landing.create_package(identity());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(writer->append(page(i)).ok());
  writer.reset();
  EXPECT_EQ(landing.recover().value().sealed.at(0).pages, 3);
}

TEST_F(LandingTest, RecoveryRemovesWhatHoldsNothing) {
  Landing landing = open();
  fs::create_directories(fs::path(landing.directory()) / (ulids_.next() + ".open"));
  landing.create_package(identity()).reset();
  const RecoveryReport report = landing.recover().value();
  EXPECT_EQ(report.packages_removed, 1) << "a package without pages is not on disk";
  EXPECT_TRUE(fs::is_empty(landing.directory()));
}

TEST_F(LandingTest, ReadsRequestsWithoutBodiesAndOnePageAgain) {
  Landing landing = open();
  for (int p = 0; p < 2; ++p) {
    auto writer = landing.create_package(identity());
    for (int i = 0; i < 40; ++i) ASSERT_TRUE(writer->append(page(100 * p + i)).ok());
    ASSERT_TRUE(writer->seal().ok());
  }
  const auto requests = landing.requests_of_run(RunId("run-1"), StoreId(1305146709)).value();
  ASSERT_EQ(requests.size(), 80U);
  EXPECT_EQ(requests[57].request, "/orders?page=117&per_page=60");
  EXPECT_EQ(requests[57].parent_id, 1170);
  EXPECT_EQ(requests[57].page_no, 17);
  const PageRecord again = landing.read_page(requests[57]).value();
  EXPECT_EQ(again.body.view(), body(117, 300));
  EXPECT_EQ(again.shape, "summary");
  EXPECT_TRUE(landing.requests_of_run(RunId("run-2"), StoreId(1305146709)).value().empty());
  EXPECT_TRUE(landing.requests_of_run(RunId("run-1"), StoreId(5)).value().empty());
}

TEST_F(LandingTest, MakesALostManifestAnew) {
  Landing landing = open();
  auto writer = landing.create_package(identity());
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(writer->append(page(i)).ok());
  const Manifest sealed = writer->seal().value().manifest;
  const std::string path = landing.package_path(sealed.identity.package_id) + "/manifest.json";
  for (const std::string text : {"", "{\"format_version\":1}", "not json"}) {
    std::ofstream(path) << text;
    const PackageList list = landing.list().value();
    ASSERT_EQ(list.packages.size(), 1U);
    EXPECT_EQ(list.packages[0].pages, 20);
    EXPECT_EQ(list.packages[0].raw_bytes, sealed.raw_bytes);
    EXPECT_EQ(list.packages[0].identity.run_id, sealed.identity.run_id);
  }
}

// One flipped byte anywhere never gives a wrong page. (A few bits of a zstd frame mean nothing.)
TEST_F(LandingTest, AFlippedByteNeverGivesAWrongPage) {
  Landing landing = open();
  auto writer = landing.create_package(identity());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(writer->append(page(i)).ok());
  const PackageId id = writer->seal().value().manifest.identity.package_id;
  const std::string path = frames_path(landing, id);
  const std::string good = test::read_text_file(path);
  size_t unnoticed = 0;
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x20);
    std::ofstream(path, std::ios::binary) << bad;
    auto reader = landing.open_package(id).value();
    std::optional<Error> error;
    for (int i = 0; i < 4 && !error; ++i) {
      auto next = reader->next();
      if (!next.ok()) {
        error = next.error();
      } else if (*next) {
        ASSERT_EQ((*next)->body.view(), body(i, 300)) << at;
      }
    }
    if (!error) {
      ++unnoticed;
      continue;
    }
    EXPECT_EQ(error->kind(), ErrorKind::kStorageFailed);
    EXPECT_THAT(error->message(), HasSubstr("frames.zst is damaged: frame 0 at byte 0"));
  }
  EXPECT_LE(unnoticed, 4U);
}

TEST_F(LandingTest, MovesADamagedPackageAsideAndGoesOn) {
  Landing landing = open();
  std::vector<PackageId> ids;
  for (int p = 0; p < 3; ++p) {
    auto writer = landing.create_package(identity());
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(writer->append(page(i)).ok());
    ids.push_back(writer->seal().value().manifest.identity.package_id);
  }
  fs::resize_file(frames_path(landing, ids[1]), 100);
  const PackageList list = landing.list().value();
  EXPECT_EQ(list.packages.size(), 2U);
  ASSERT_EQ(list.damaged.size(), 1U);
  EXPECT_THAT(list.damaged[0].message(), HasSubstr("frame 0"));
  EXPECT_THAT(list.damaged[0].message(), HasSubstr(ids[1].value() + ".corrupt"));
  EXPECT_TRUE(fs::exists(landing.package_path(ids[1]) + ".corrupt/frames.zst"));
  EXPECT_TRUE(landing.list().value().damaged.empty());
}

// A disk that cannot be read is not a damaged package: nothing is cut, nothing moved.
TEST_F(LandingTest, AnUnreadableDiskChangesNothing) {
  Landing landing = open();
  auto sealed = landing.create_package(identity());
  ASSERT_TRUE(sealed->append(page(1)).ok());
  const PackageId id = sealed->seal().value().manifest.identity.package_id;
  auto abandoned = landing.create_package(identity());
  ASSERT_TRUE(abandoned->append(page(2)).ok());
  abandoned.reset();
  files_.fail_reads(true);
  EXPECT_THAT(landing.recover().error().to_text(), HasSubstr("Input/output error"));
  const PackageList list = landing.list().value();
  EXPECT_TRUE(list.packages.empty());
  ASSERT_EQ(list.damaged.size(), 1U);
  EXPECT_THAT(list.damaged[0].to_text(), HasSubstr("looking at landing package " + id.value()));
  files_.fail_reads(false);
  EXPECT_EQ(landing.recover().value().packages_sealed, 1);
  EXPECT_EQ(landing.list().value().packages.size(), 2U);
}

TEST_F(LandingTest, RefusesAPageOfAnotherStream) {
  Landing landing = open();
  auto writer = landing.create_package(identity("orders"));
  PageRecord wrong = page(1);
  wrong.stream = "customers";
  EXPECT_EQ(writer->append(wrong).error().kind(), ErrorKind::kBug);
}

TEST_F(LandingTest, SaysWhatIsWrongWithTheDirectory) {
  std::ofstream((dir_ / "file").string()) << "x";
  PosixFileStore disk;
  auto landing = Landing::open(disk, clock_, (dir_ / "file").string() + "/landing");
  ASSERT_FALSE(landing.ok());
  EXPECT_THAT(landing.error().message(), HasSubstr("Not a directory"));
}

TEST_F(LandingTest, AFullDiskIsToldWithWhatToDo) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
  PosixFileStore disk;
  auto file = disk.open_append("/dev/full");
  ASSERT_TRUE(file.ok()) << file.error().to_text();
  const Status status = (*file)->append("x");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind(), ErrorKind::kStorageFailed);
  EXPECT_THAT(status.error().message(),
              HasSubstr("cannot write /dev/full: No space left on device"));
  EXPECT_THAT(status.error().message(), HasSubstr("MB free; make room on this disk and run again"));
}

TEST_F(LandingTest, ADirectoryIsFlushedForAllWhoAsk) {
  PosixFileStore disk;
  std::atomic<int> flushed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        const bool is_there = (t + i) % 3 != 0;
        const auto path = is_there ? dir_.path().string() : (dir_ / "missing").string();
        const Status status = disk.sync_directory(path);
        if (status.ok() == is_there) ++flushed;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(flushed, 8 * 50) << "each gets the outcome of its own directory";
}

TEST_F(LandingTest, ASealThatWasStartedEndsBesideOtherWork) {
  Landing landing = open();
  auto first = landing.create_package(identity());
  ASSERT_TRUE(first->append(page(1)).ok());
  auto sealed = first->start_seal();
  auto second = landing.create_package(identity());
  ASSERT_TRUE(second->append(page(2)).ok());
  const auto package = sealed.get();
  ASSERT_TRUE(package.ok()) << package.error().to_text();
  EXPECT_EQ(package->manifest.pages, 1);
  EXPECT_EQ(read_all(landing, package->manifest.identity.package_id).size(), 1U);
  // Whoever does not ask for the outcome gets a sealed package even so.
  const PackageId id = second->identity().package_id;
  (void)second->start_seal();
  second.reset();
  EXPECT_EQ(read_all(landing, id).size(), 1U);
}

TEST_F(LandingTest, AppendWaitsForABoundedQueueOnly) {
  Landing landing = open();
  PackageWriterOptions options;
  options.queue_bytes = 2000;
  options.frame_raw_bytes = 1000;
  auto writer = landing.create_package(identity(), options);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(writer->append(page(i, 900)).ok());
  const Manifest manifest = writer->seal().value().manifest;
  EXPECT_EQ(manifest.pages, 100);
  EXPECT_GE(manifest.frames, 40);
}

// A run's worth of list pages, about as compressible as orders. Prints its time.
TEST_F(LandingTest, DISABLED_LargePages) {
  PosixFileStore disk;
  Landing landing = Landing::open(disk, clock_, (dir_ / "l").string()).value();
  std::mt19937 random(11);
  std::vector<PageRecord> pages;
  for (int p = 0; p < 128; ++p) {
    std::string text;
    while (text.size() < 250'000) {
      text += fmt::format(
          R"({{"id":{},"reference_id":{},"date":{{"date":"2025-03-{:02} 12:00:{:02}.000000","timezone_type":3,"timezone":"Asia/Riyadh"}},"status":{{"id":566146469,"name":"بإنتظار المراجعة","slug":"under_review"}},"amounts":{{"sub_total":{{"amount":{}.{},"currency":"SAR"}},"total":{{"amount":{},"currency":"SAR"}}}},"url":"https://cdn.salla.sa/{:x}{:x}.jpg"}},)",
          random(), random() % 90'000'000, random() % 28 + 1, random() % 60, random() % 1000,
          random() % 100, random() % 5000, random(), random());
    }
    pages.push_back(page(p));
    pages.back().body = PageBody(std::move(text));
  }
  for (int round = 0; round < 3; ++round) {
    using Ms = std::chrono::duration<double, std::milli>;
    const auto start = std::chrono::steady_clock::now();
    auto writer = landing.create_package(identity());
    for (const PageRecord& one : pages) ASSERT_TRUE(writer->append(one).ok());
    const Manifest manifest = writer->seal().value().manifest;
    const auto written = std::chrono::steady_clock::now();
    ASSERT_EQ(read_all(landing, manifest.identity.package_id).size(), pages.size());
    const auto done = std::chrono::steady_clock::now();
    const auto rate = [&](auto from, auto to) {
      return static_cast<double>(manifest.raw_bytes) / 1000.0 / Ms(to - from).count();
    };
    fmt::print("write {:.0f} MB/s, read {:.0f} MB/s, {} raw, {} file\n", rate(start, written),
               rate(written, done), manifest.raw_bytes, manifest.file_bytes);
  }
}

// 60,000 small item pages: the index must stay cheap. Prints its time.
TEST_F(LandingTest, DISABLED_ManySmallPages) {
  PosixFileStore disk;
  Landing landing = Landing::open(disk, clock_, (dir_ / "l").string()).value();
  const auto start = std::chrono::steady_clock::now();
  auto writer = landing.create_package(identity("order_items"));
  for (int i = 0; i < 60'000; ++i) ASSERT_TRUE(writer->append(page(i, 1200)).ok());
  const Manifest manifest = writer->seal().value().manifest;
  const auto written = std::chrono::steady_clock::now();
  const auto requests = landing.requests(manifest.identity.package_id).value();
  const auto indexed = std::chrono::steady_clock::now();
  const auto pages = read_all(landing, manifest.identity.package_id);
  const auto done = std::chrono::steady_clock::now();
  using Ms = std::chrono::duration<double, std::milli>;
  fmt::print("write {:.0f} ms, index {:.1f} ms ({} requests), read {:.0f} ms; {} raw, {} file\n",
             Ms(written - start).count(), Ms(indexed - written).count(), requests.size(),
             Ms(done - indexed).count(), manifest.raw_bytes, manifest.file_bytes);
}

}  // namespace
}  // namespace falaj::landing
