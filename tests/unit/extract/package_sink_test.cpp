#include "extract/package_sink.hpp"

#include <algorithm>

#include "unit/extract/extract_fixture.hpp"
#include "unit/landing/faulty_file_store.hpp"

namespace falaj::extract {
namespace {

using PackageSinkTest = ExtractTest;

landing::PageRecord page(const std::string& stream, size_t bytes) {
  landing::PageRecord record;
  record.stream = stream;
  record.request = "/" + stream;
  record.body = landing::PageBody(std::string(bytes, 'x'));
  return record;
}

TEST_F(PackageSinkTest, ThePagesOfAllOpenPackagesStayInMemoryUpToALimit) {
  std::map<std::string, landing::SealedPackage> sealed;
  landing::PackageWriterOptions options;
  options.raw_bytes_max = 1000;
  options.keep_pages = true;
  PackageSink sink(*landing_, ulids_, RunId("R1"), StoreId(77), options,
                   [&](landing::SealedPackage package) {
                     sealed[package.manifest.identity.stream] = std::move(package);
                     return Status();
                   });
  ASSERT_TRUE(sink.append(page("small", 700)).ok());
  ASSERT_TRUE(sink.append(page("large", 900)).ok());
  ASSERT_TRUE(sink.append(page("late", 300)).ok());
  ASSERT_TRUE(sink.append(page("late", 400)).ok()) << "2,300 bytes in all: the largest gives way";
  ASSERT_TRUE(sink.append(page("large", 10)).ok());
  ASSERT_TRUE(sink.seal_all().ok());
  ASSERT_EQ(sealed.size(), 3U);
  EXPECT_EQ(sealed["small"].pages.size(), 1U);
  EXPECT_EQ(sealed["late"].pages.size(), 2U);
  EXPECT_TRUE(sealed["large"].pages.empty());
  EXPECT_EQ(sealed["large"].manifest.pages, 2);
  auto reader = landing_->open_package(sealed["large"].manifest.identity.package_id);
  ASSERT_TRUE(reader.ok()) << reader.error().to_text();
  EXPECT_EQ((*reader)->next().value()->body.size(), 900U);
}

TEST_F(PackageSinkTest, FullPackagesAreHandedOnInTheirOrder) {
  std::vector<std::string> handed_on;
  landing::PackageWriterOptions options;
  options.raw_bytes_max = 1000;
  PackageSink sink(*landing_, ulids_, RunId("R1"), StoreId(77), options,
                   [&](landing::SealedPackage package) {
                     handed_on.push_back(package.manifest.identity.package_id.value());
                     return Status();
                   });
  constexpr size_t kPackages = 20;
  for (size_t i = 0; i < kPackages; ++i) {
    ASSERT_TRUE(sink.append(page(i % 2 == 0 ? "one" : "other", 1000)).ok());
  }
  EXPECT_GE(handed_on.size(), kPackages - 2) << "two may still be being sealed";
  ASSERT_TRUE(sink.seal_all().ok());
  EXPECT_EQ(handed_on.size(), kPackages);
  EXPECT_TRUE(std::is_sorted(handed_on.begin(), handed_on.end()));
}

TEST_F(PackageSinkTest, ADiskThatFailsAtAnyChangeIsToldAndCostsNothingThatWasLanded) {
  constexpr int kPages = 12;
  for (int n = 1;; ++n) {
    test::FaultyFileStore disk;
    const auto folder = (dir_ / ("disk" + std::to_string(n))).string();
    auto landing = landing::Landing::open(disk, clock_, folder);
    ASSERT_TRUE(landing.ok()) << landing.error().to_text();
    disk.fail_change_from(disk.changes() + n);
    landing::PackageWriterOptions options;
    options.raw_bytes_max = 3000;
    int handed_on = 0;
    Status failure;
    {
      PackageSink sink(*landing, ulids_, RunId("R1"), StoreId(77), options,
                       [&](const landing::SealedPackage& package) {
                         handed_on += static_cast<int>(package.manifest.pages);
                         return Status();
                       });
      for (int i = 0; i < kPages && failure.ok(); ++i) failure = sink.append(page("orders", 1000));
      auto sealed = sink.seal_all();
      if (failure.ok()) failure = std::move(sealed);
    }
    if (failure.ok()) {
      EXPECT_EQ(handed_on, kPages);
      EXPECT_GT(n, 20) << "four packages change the disk more often";
      break;
    }
    EXPECT_EQ(failure.error().kind(), ErrorKind::kStorageFailed) << failure.error().to_text();
    disk.fail_change_from(0);
    ASSERT_TRUE(landing->recover().ok());
    const auto requests = landing->requests_of_run(RunId("R1"), StoreId(77));
    ASSERT_TRUE(requests.ok()) << requests.error().to_text();
    EXPECT_GE(static_cast<int>(requests->size()), handed_on) << "failing from change " << n;
  }
}

}  // namespace
}  // namespace falaj::extract
