#include "extract/answer_parts.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/extract/extract_fixture.hpp"

namespace falaj::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(WithParameter, ReplacesOrAdds) {
  EXPECT_EQ(with_parameter("/a", "page", "2"), "/a?page=2");
  EXPECT_EQ(with_parameter("/a?x=1", "page", "2"), "/a?x=1&page=2");
  EXPECT_EQ(with_parameter("/a?page=1&per_page=60", "page", "2"), "/a?page=2&per_page=60");
  EXPECT_EQ(with_parameter("/a?per_page=60&page=1", "page", "12"), "/a?per_page=60&page=12");
  EXPECT_EQ(with_parameter("/a?per_page=60", "page", "2"), "/a?per_page=60&page=2");
}

// One request of a loop: /methods, whose answer is said to be all there is.
class WholeAnswers : public ExtractTest {
 protected:
  PageResult ask(const std::string& request = "/methods", int64_t parent = 0) {
    PageAsk ask;
    ask.stream = "methods";
    ask.request = request;
    ask.is_whole = true;
    ask.is_optional = true;
    ask.is_list = parent == 0;
    ask.parent_id = parent;
    return loop_->ask_one(std::move(ask));
  }

  std::vector<int64_t> ids(const PageResult& index) {
    std::vector<int64_t> all;
    if (!index.ok()) ADD_FAILURE() << index.error().to_text();
    if (!index.ok()) return all;
    for (const auto& row : index->rows) all.push_back(row.id);
    return all;
  }

  // The rows [first, last] of a list.
  static std::string rows(int first, int last, const std::string& further) {
    std::string text;
    for (int id = first; id <= last; ++id) {
      text += fmt::format(R"({}{{"id":{}}})", text.empty() ? "" : ",", id);
    }
    return fmt::format(R"({{"status":200,"data":[{}]{}}})", text, further);
  }
  void answer_pages(std::map<std::string, std::string> pages) {
    source_.answerer = [pages = std::move(pages)](const std::string& request) -> Result<Answer> {
      const auto found = pages.find(request);
      return found == pages.end() ? Result<Answer>(not_found()) : answer_of(found->second);
    };
  }
};

TEST_F(WholeAnswers, WhatAnnouncesNoMoreIsOneRequest) {
  for (const char* further :
       {"", R"(,"pagination":[])", R"(,"pagination":{"count":2,"total":2,"totalPages":1})",
        R"(,"cursor":{"next":null})", R"(,"pagination":{"links":{"next":""}})"}) {
    start(fmt::format("R{}", std::string_view(further).size()));
    answer_pages({{"/methods", rows(1, 2, further)}});
    EXPECT_THAT(ids(ask()), ElementsAre(1, 2)) << further;
    EXPECT_THAT(source_.asked, SizeIs(1)) << further;
    EXPECT_THAT(loop_->notes(), IsEmpty()) << further;
  }
}

TEST_F(WholeAnswers, EveryFormOfMoreIsReadToItsEndAndLandsAsOne) {
  using Pages = std::map<std::string, std::string>;
  const std::vector<Pages> lists = {
      {{"/methods", rows(1, 2, R"(,"pagination":{"total":3})")},
       {"/methods?page=2", rows(3, 3, R"(,"pagination":{"total":3})")}},
      {{"/methods", rows(1, 2, R"(,"pagination":{"currentPage":1,"totalPages":2})")},
       {"/methods?page=2", rows(3, 3, R"(,"pagination":{"currentPage":2,"totalPages":2})")}},
      {{"/methods", rows(1, 2, R"(,"pagination":{"links":{"next":"http://x/?page=2"}})")},
       {"/methods?page=2", rows(3, 3, R"(,"pagination":{"links":{"next":null}})")}},
      {{"/methods", rows(1, 2, R"(,"links":{"next":"http://x/?page=2"})")},
       {"/methods?page=2", rows(3, 3, "")}},
      {{"/methods", rows(1, 2, R"(,"cursor":{"next":"http://x/methods?cursor=abc&page=9"})")},
       {"/methods?cursor=abc", rows(3, 3, R"(,"cursor":{"next":null})")}},
      {{"/methods", rows(1, 2, R"(,"cursor":77)")}, {"/methods?cursor=77", rows(3, 3, "")}},
      // The total is too small, and a page follows even so.
      {{"/methods", rows(1, 2, R"(,"pagination":{"total":3,"totalPages":2})")},
       {"/methods?page=2", rows(3, 3, R"(,"pagination":{"total":3,"totalPages":2})")}},
  };
  for (const auto& pages : lists) {
    SCOPED_TRACE(pages.at("/methods"));
    start(fmt::format("R{}", &pages - lists.data()));
    answer_pages(pages);
    EXPECT_THAT(ids(ask()), ElementsAre(1, 2, 3));
    EXPECT_THAT(source_.asked, SizeIs(2));
    EXPECT_THAT(loop_->notes(), IsEmpty());
    const auto requests = landed();
    ASSERT_THAT(requests, SizeIs(1));
    EXPECT_EQ(requests[0].request, "/methods");
    const auto page = landing_->read_page(requests[0]);
    ASSERT_TRUE(page.ok());
    EXPECT_THAT(std::string(page->body.view()), HasSubstr(R"([{"id":1},{"id":2},{"id":3}])"));
  }
}

TEST_F(WholeAnswers, WhatIsAnnouncedAndNotGivenIsNotedAndShows) {
  using Pages = std::map<std::string, std::string>;
  const auto total = [](int rows) { return fmt::format(R"(,"pagination":{{"total":{}}})", rows); };
  const std::vector<Pages> lists = {
      // The page is not there; it is the first one again; it has fewer rows than announced; it is no JSON.
      {{"/methods", rows(1, 2, total(5))}},
      {{"/methods", rows(1, 2, total(5))}, {"/methods?page=2", rows(1, 2, total(5))}},
      {{"/methods", rows(1, 2, total(5))}, {"/methods?page=2", rows(0, -1, total(5))}},
      {{"/methods", rows(1, 2, total(5))}, {"/methods?page=2", "<html>"}},
  };
  for (const auto& pages : lists) {
    start(fmt::format("R{}", &pages - lists.data()));
    answer_pages(pages);
    const auto index = ask("/methods", 9);
    EXPECT_THAT(ids(index), ElementsAre(1, 2));
    EXPECT_EQ(index->announced.missing(), 3);
    ASSERT_THAT(loop_->notes(), SizeIs(1));
    EXPECT_THAT(loop_->notes()[0], HasSubstr("methods: 1 answers announce another number of rows"));
    EXPECT_THAT(loop_->notes()[0], HasSubstr("/methods: 2 rows, 5 announced"));
    EXPECT_THAT(landed(), SizeIs(1));
  }
  // More than announced is noted, too.
  start("R9");
  answer_pages({{"/methods", rows(1, 4, total(3))}});
  EXPECT_THAT(ids(ask()), SizeIs(4));
  ASSERT_THAT(loop_->notes(), SizeIs(1));
  EXPECT_THAT(loop_->notes()[0], HasSubstr("4 rows, 3 announced"));
}

TEST_F(WholeAnswers, AListWithoutAnEndEnds) {
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of(rows(1, 2, R"(,"cursor":{"next":"abc"})"));
  };
  EXPECT_THAT(ids(ask()), ElementsAre(1, 2));
  EXPECT_THAT(source_.asked, SizeIs(2));
  ASSERT_THAT(loop_->notes(), SizeIs(1));
  EXPECT_THAT(loop_->notes()[0], HasSubstr("2 rows, more announced"));
}

TEST_F(WholeAnswers, AStopInBetweenLandsNothingOfIt) {
  source_.answerer = [this](const std::string&) -> Result<Answer> {
    stop_.request_stop();
    return answer_of(rows(1, 2, R"(,"pagination":{"total":3})"));
  };
  const auto index = ask();
  ASSERT_FALSE(index.ok());
  EXPECT_EQ(index.error().kind(), ErrorKind::kCancelled);
  EXPECT_THAT(landed(), IsEmpty());
}

TEST_F(WholeAnswers, TextAroundTheJsonIsCutOffAndNoted) {
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of("\xEF\xBB\xBF<br />\n<b>Notice</b>: Undefined index in x.php<br />\n" +
                     rows(1, 2, ""));
  };
  EXPECT_THAT(ids(ask()), ElementsAre(1, 2));
  ASSERT_THAT(loop_->notes(), SizeIs(1));
  EXPECT_THAT(loop_->notes()[0], HasSubstr("1 answers had text around their JSON"));
  const auto page = landing_->read_page(landed().at(0));
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->body.view(), rows(1, 2, ""));
}

TEST_F(WholeAnswers, AnEmptyAnswerAboutOneEntityIsNoAnswer) {
  for (const char* data : {"[]", "{}"}) {
    start(data);
    source_.answerer = [&](const std::string&) -> Result<Answer> {
      return answer_of(fmt::format(R"({{"status":200,"data":{}}})", data));
    };
    PageAsk ask;
    ask.stream = "orders";
    ask.source = "detail";
    ask.is_list = false;
    ask.entity_id = 7;
    ask.request = "/orders/7";
    const auto index = loop_->ask_one(ask);
    ASSERT_FALSE(index.ok());
    EXPECT_THAT(index.error().message(),
                HasSubstr("`data` is empty, and one entity was asked for"));
    EXPECT_THAT(source_.asked, SizeIs(kBrokenRetries + 1));
    const auto requests = landed();
    ASSERT_THAT(requests, SizeIs(1));
    EXPECT_EQ(requests[0].source, landing::kUnreadable);
    // The lines of an order may be none.
    ask.stream = "order_items";
    ask.parent_id = 7;
    ask.request = "/orders/items?order_id=7";
    EXPECT_TRUE(loop_->ask_one(ask).ok());
  }
}

}  // namespace
}  // namespace falaj::extract
