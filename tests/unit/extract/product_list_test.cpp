// Catalogues that are longer than the API lets a list be paged: by status, then by the light list's
// ids, and only what is not known yet one by one.
#include "extract/product_list.hpp"

#include <gmock/gmock.h>

#include "unit/extract/extract_fixture.hpp"

namespace falaj::extract {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr int64_t kPage = 1000;

// A store of products 1 to `sale` on sale and `out` more that are out of stock, whose pages end at
// 10,000 rows.
class Products : public ExtractTest {
 protected:
  void SetUp() override {
    ExtractTest::SetUp();
    light_.name = "products_light";
    light_.path = "/products?format=light";
    light_.paging = Paging::kOpaqueCursor;
    source_.answerer = [this](const std::string& request) { return answer(request); };
  }

  static int64_t number_after(const std::string& request, const std::string& name,
                              int64_t fallback) {
    const auto at = request.find(name);
    return at == std::string::npos ? fallback : std::atoll(request.c_str() + at + name.size());
  }

  static std::string row(int64_t id, const char* status) {
    return fmt::format(R"({{"id":{},"status":"{}"}})", id, status);
  }

  Result<Answer> answer(const std::string& request) {
    if (request.starts_with("/products/"))
      return answer_of(
          fmt::format(R"({{"data":{}}})", row(std::atoll(request.c_str() + 10), "sale")));
    const auto all = sale_ + out_;
    std::vector<std::string> rows;
    if (request.find("format=light") != std::string::npos) {
      const auto from = number_after(request, "cursor=", 0);
      for (auto id = from; id < std::min(all, from + kPage); ++id)
        rows.push_back(row(id + 1, "sale"));
      const auto next = from + kPage < all ? fmt::format("\"{}\"", from + kPage) : "null";
      return answer_of(
          fmt::format(R"({{"data":[{}],"cursor":{{"next":{}}}}})", fmt::join(rows, ","), next));
    }
    const bool is_out = request.find("status=out") != std::string::npos;
    const bool is_sale = request.find("status=sale") != std::string::npos;
    const bool is_other = request.find("status=") != std::string::npos && !is_out && !is_sale;
    const auto total = is_other ? 0 : is_out ? out_ : is_sale ? sale_ : all;
    const auto page = number_after(request, "page=", 1);
    const auto end = page * kPage > 10'000 ? 0 : std::min(total, page * kPage);
    for (auto k = (page - 1) * kPage; k < end; ++k)
      rows.push_back(row((is_out ? sale_ : 0) + k + 1, is_out ? "out" : "sale"));
    return answer_of(list_body(rows, total, kPage, page));
  }

  SweepResult read(const StreamSpec* light, std::vector<int64_t> known = {}) {
    ProductList options;
    options.page_size = kPage;
    options.light = light;
    options.known = [known] { return Result<std::vector<int64_t>>(known); };
    auto seen = read_products(*loop_, options, notes_);
    EXPECT_TRUE(seen.ok()) << seen.error().to_text();
    return seen.ok() ? std::move(*seen) : SweepResult();
  }

  int64_t sale_ = 0;
  int64_t out_ = 0;
  StreamSpec light_;
  std::vector<std::string> notes_;
};

TEST_F(Products, AListWithinReachIsOneList) {
  sale_ = 2'500;
  EXPECT_THAT(read(&light_).ids, SizeIs(2'500));
  EXPECT_EQ(source_.asked.size(), 3U);
  EXPECT_TRUE(notes_.empty());
}

TEST_F(Products, ALongerOneIsCutByStatus) {
  sale_ = 9'000;
  out_ = 4'000;
  const auto seen = read(&light_);
  EXPECT_THAT(seen.ids, SizeIs(13'000));
  EXPECT_FALSE(seen.is_cut);
  EXPECT_EQ(source_.asked.size(), 1U + 9 + 4 + 2);
}

TEST_F(Products, WhatIsStillOutOfReachIsFoundByTheLightListAndReadOnce) {
  sale_ = 10'003;
  out_ = 10;
  const auto seen = read(&light_, {10'001});
  EXPECT_THAT(seen.ids, SizeIs(10'013));
  EXPECT_FALSE(seen.is_cut);
  EXPECT_EQ(source_.times_asked("/products/10001"), 0) << "known from before";
  EXPECT_EQ(source_.times_asked("/products/10002"), 1);
  EXPECT_EQ(source_.times_asked("/products/10003"), 1);
  ASSERT_THAT(notes_, SizeIs(1));
  EXPECT_THAT(notes_[0], HasSubstr("10010 of 10013; of the others 2 were read one by one and 1"));
}

TEST_F(Products, WithoutALightListWhatIsOutOfReachStaysSo) {
  sale_ = 10'003;
  const auto seen = read(nullptr);
  EXPECT_TRUE(seen.is_cut);
  EXPECT_THAT(seen.ids, SizeIs(10'000));
}

}  // namespace
}  // namespace falaj::extract
