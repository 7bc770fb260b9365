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

  Result<CatalogueListResult> read(const std::vector<int64_t>& parents = {},
                                   std::optional<DayWindow> days = std::nullopt) {
    std::vector<CatalogueListAsk> asks(1);
    asks[0] = {&stream_, parents, days};
    auto results = read_catalogue_lists(*loop_, asks, 2);
    if (!results.ok()) return std::move(results).error();
    return std::move(results->front());
  }

  CatalogueListResult read_ok(const std::vector<int64_t>& parents = {},
                              std::optional<DayWindow> days = std::nullopt) {
    auto result = read(parents, days);
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

TEST_F(CatalogueListTest, ACursorThatComesBackEndsTheListInsteadOfNever) {
  stream_.paging = Paging::kIntegerCursor;
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of(R"({"data":[{"id":1}],"cursor":{"next":9}})");
  };
  const auto result = read_ok();
  ASSERT_TRUE(result.refusal);
  EXPECT_EQ(result.refusal->reason, ListRefusal::Reason::kBroken);
  EXPECT_THAT(result.refusal->text, HasSubstr("cursor 9 twice"));
  EXPECT_FALSE(result.is_whole);
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

Error refusal(ErrorKind kind, int status) {
  Error error(kind, "made up by the test");
  error.http_status = status;
  return error;
}

TEST_F(CatalogueListTest, WhatAStoreAnswersToOneListDoesNotEndTheRun) {
  using Reason = ListRefusal::Reason;
  const std::vector<std::tuple<ErrorKind, int, Reason>> refusals = {
      {ErrorKind::kNotFound, 404, Reason::kNotThere},
      {ErrorKind::kAuthFailed, 401, Reason::kNoScope},
      {ErrorKind::kNotAllowed, 403, Reason::kRefused},
      {ErrorKind::kBadResponse, 422, Reason::kRefused},
      {ErrorKind::kUnavailable, 503, Reason::kBroken}};
  for (const auto paging : {Paging::kNone, Paging::kPages, Paging::kOpaqueCursor}) {
    stream_.paging = paging;
    for (const auto& [kind, status, reason] : refusals) {
      source_.answerer = [&, k = kind, code = status](const std::string&) -> Result<Answer> {
        return refusal(k, code);
      };
      const auto result = read_ok();
      EXPECT_THAT(result.ids, IsEmpty());
      EXPECT_FALSE(result.is_whole);
      ASSERT_TRUE(result.refusal) << status;
      EXPECT_EQ(result.refusal->reason, reason) << status;
    }
  }
}

TEST_F(CatalogueListTest, WhatIsNotAboutTheListEndsTheRun) {
  for (const auto& [kind, status] : {std::pair(ErrorKind::kUnavailable, 0),
                                     {ErrorKind::kRateLimited, 429},
                                     {ErrorKind::kCancelled, 0}}) {
    source_.answerer = [&, k = kind, code = status](const std::string&) -> Result<Answer> {
      return refusal(k, code);
    };
    const auto result = read();
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().kind(), kind);
  }
}

TEST_F(CatalogueListTest, AListThatShrinksWhileItIsReadIsNotWhole) {
  source_.answerer = [](const std::string& request) -> Result<Answer> {
    const int page = request.find("page=1&") != std::string::npos ? 1 : 2;
    return answer_of(page == 1 ? list_body({R"({"id":7})", R"({"id":3})"}, 4, 2, 1)
                               : list_body({R"({"id":5})"}, 3, 2, 2));
  };
  EXPECT_FALSE(read_ok().is_whole);
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of(list_body({R"({"id":7})", R"({"id":3})"}, 2, 2, 1));
  };
  EXPECT_TRUE(read_ok().is_whole);
}

TEST_F(CatalogueListTest, KeysAndNestedEntitiesAreThoseOfTheTable) {
  stream_.paging = Paging::kNone;
  stream_.table.nested = "below";
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of(R"({"data":[{"id":1,"below":[{"id":"2","below":[{"id":3}]}]},{"id":4}]})");
  };
  EXPECT_THAT(read_ok().ids, ElementsAre(1, 2, 3, 4));
  stream_.table.nested.clear();
  stream_.table.key_paths = {"code"};
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of(R"({"data":[{"code":"SAR"},{"code":"KWD"},{"code":"SAR"}]})");
  };
  EXPECT_EQ(read_ok().ids.size(), 2U);
}

TEST_F(CatalogueListTest, ALaterReadingStopsWhereRowsAreOlderThanWhatMayChange) {
  stream_.changes = Changes::kNewestFirst;
  const auto row = [](int id, int day) {
    return fmt::format(R"({{"id":{},"created_at":"2026-11-{:02} 10:00:00"}})", id, day);
  };
  source_.answerer = [&](const std::string& request) -> Result<Answer> {
    for (int page = 1; page <= 5; ++page) {
      if (request.find(fmt::format("page={}&", page)) == std::string::npos) continue;
      return answer_of(
          list_body({row(page * 2, 26 - 2 * page), row(page * 2 + 1, 25 - 2 * page)}, 10, 2, page));
    }
    return not_found();
  };
  const DayWindow days{20'778, 20'782};  // from 2026-11-21
  const auto result = read_ok({}, days);
  EXPECT_THAT(result.ids, ElementsAre(2, 3, 4, 5, 6, 7));
  EXPECT_FALSE(result.is_whole);
  EXPECT_EQ(read_ok().ids.size(), 10U);
}

TEST_F(CatalogueListTest, ALaterReadingAsksForDaysWhereItCan) {
  stream_.changes = Changes::kNewestFirst;
  stream_.from_parameter = "from_date";
  stream_.to_parameter = "to_date";
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of(list_body({R"({"id":7})"}, 1, 2, 1));
  };
  EXPECT_TRUE(read_ok({}, DayWindow{20'778, 20'782}).is_whole) << "as far as these days go";
  EXPECT_THAT(source_.asked,
              ElementsAre("/tags?page=1&per_page=2&from_date=2026-11-21&to_date=2026-11-25"));
}

TEST_F(CatalogueListTest, AListInAnotherOrderIsReadWhole) {
  stream_.changes = Changes::kNewestFirst;
  source_.answerer = [](const std::string& request) -> Result<Answer> {
    const int page = request.find("page=1&") != std::string::npos ? 1 : 2;
    return answer_of(page == 1 ? list_body({R"({"id":1,"created_at":"2020-01-01 00:00:00"})",
                                            R"({"id":2,"created_at":"2026-11-24 00:00:00"})"},
                                           3, 2, 1)
                               : list_body({R"({"id":3})"}, 3, 2, 2));
  };
  EXPECT_THAT(read_ok({}, DayWindow{20'778, 20'782}).ids, ElementsAre(1, 2, 3));
}

TEST_F(CatalogueListTest, RowsOutOfReachAreLeftOutAndSaid) {
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of(list_body({R"({"id":7})", R"({"id":8})"}, 10'003, 2, 1));
  };
  const auto result = read_ok();
  EXPECT_FALSE(result.is_whole);
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_THAT(result.notes[0], HasSubstr("10003 rows are announced"));
}

}  // namespace
}  // namespace falaj::extract
