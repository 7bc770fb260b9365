// Streams that are data alone: each shape of paging, calls for each parent, and what stores answer
// that do not have them.
#include "extract/catalogue_list.hpp"

#include <gmock/gmock.h>

#include "unit/extract/extract_fixture.hpp"

namespace falaj::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CatalogueListTest : public ExtractTest {
 protected:
  void SetUp() override {
    ExtractTest::SetUp();
    stream_.name = "tags";
    stream_.path = "/tags";
    stream_.paging = Paging::kPages;
  }

  Result<CatalogueListResult> read(const std::vector<int64_t>& parents = {}) {
    return read_catalogue_list(*loop_, stream_, 2, parents);
  }

  CatalogueListResult read_ok(const std::vector<int64_t>& parents = {}) {
    auto result = read(parents);
    EXPECT_TRUE(result.ok()) << result.error().to_text();
    return result.ok() ? std::move(*result) : CatalogueListResult();
  }

  StreamSpec stream_;
};

TEST_F(CatalogueListTest, APagedListIsReadToItsEnd) {
  source_.answerer = [](const std::string& request) -> Result<Answer> {
    const int page = request.find("page=1&") != std::string::npos ? 1 : 2;
    return answer_of(page == 1 ? list_body({R"({"id":7})", R"({"id":3})"}, 3, 2, 1)
                               : list_body({R"({"id":5})"}, 3, 2, 2));
  };
  const auto result = read_ok();
  EXPECT_THAT(result.ids, ElementsAre(3, 5, 7));
  EXPECT_EQ(result.announced, 3);
  EXPECT_THAT(source_.asked, ElementsAre("/tags?page=1&per_page=2", "/tags?page=2&per_page=2"));
}

TEST_F(CatalogueListTest, APathWithAQueryKeepsIt) {
  stream_.path = "/tags?kind=order";
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of(list_body({R"({"id":7})"}, 1, 2, 1));
  };
  EXPECT_THAT(read_ok().ids, ElementsAre(7));
  EXPECT_THAT(source_.asked, ElementsAre("/tags?kind=order&page=1&per_page=2"));
}

TEST_F(CatalogueListTest, CursorsAreFollowedAsTextOrNumberOrOutOfAUrl) {
  stream_.paging = Paging::kOpaqueCursor;
  const std::vector<std::string> nexts = {
      R"("abc")", "42", R"("http://api.example/tags?cursor=x%2F9&page=4")", "null"};
  size_t at = 0;
  source_.answerer = [&](const std::string&) -> Result<Answer> {
    const auto body =
        fmt::format(R"({{"data":[{{"id":{}}}],"cursor":{{"next":{}}}}})", at + 1, nexts[at]);
    ++at;
    return answer_of(body);
  };
  EXPECT_THAT(read_ok().ids, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(source_.asked,
              ElementsAre("/tags?per_page=2", "/tags?per_page=2&cursor=abc",
                          "/tags?per_page=2&cursor=42", "/tags?per_page=2&cursor=x%2F9"));
}

TEST_F(CatalogueListTest, ACursorThatComesBackEndsTheRunInsteadOfNever) {
  stream_.paging = Paging::kIntegerCursor;
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of(R"({"data":[{"id":1}],"cursor":{"next":9}})");
  };
  const auto result = read();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind(), ErrorKind::kBadResponse);
  EXPECT_THAT(result.error().to_text(), HasSubstr("cursor 9 twice"));
}

TEST_F(CatalogueListTest, EachParentIsAskedForAllItsPages) {
  stream_.path = "/groups/{parent}/tags";
  stream_.parent = "groups";
  source_.answerer = [](const std::string& request) -> Result<Answer> {
    if (request.starts_with("/groups/11/")) return not_found();
    if (request.starts_with("/groups/12/")) return refused();
    if (request == "/groups/10/tags?page=2&per_page=2")
      return answer_of(list_body({R"({"id":3})"}, 3, 2, 2));
    return answer_of(list_body({R"({"id":1})", R"({"id":2})"}, 3, 2, 1));
  };
  const auto result = read_ok({10, 11, 12});
  EXPECT_THAT(result.ids, ElementsAre(1, 2, 3));
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_THAT(result.notes[0], HasSubstr("2 of 3 groups"));
}

TEST_F(CatalogueListTest, AStoreWithoutTheListIsNotedAndOtherErrorsStop) {
  stream_.paging = Paging::kNone;
  source_.answerer = [](const std::string&) -> Result<Answer> { return not_found(); };
  const auto result = read_ok();
  EXPECT_THAT(result.ids, IsEmpty());
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_THAT(result.notes[0], HasSubstr("the store has no /tags (404)"));
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return Error(ErrorKind::kAuthFailed, "scope tags.read is missing");
  };
  const auto refused_by_scope = read();
  ASSERT_FALSE(refused_by_scope.ok());
  EXPECT_EQ(refused_by_scope.error().kind(), ErrorKind::kAuthFailed);
}

}  // namespace
}  // namespace falaj::extract
