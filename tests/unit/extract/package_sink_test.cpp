#include "extract/package_sink.hpp"

#include "unit/extract/extract_fixture.hpp"

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

}  // namespace
}  // namespace falaj::extract
