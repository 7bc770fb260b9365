#include "extract/page_loop.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "unit/extract/extract_fixture.hpp"

namespace falaj::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

PageAsk list_ask(int page) {
  PageAsk ask;
  ask.stream = "customers";
  ask.request = fmt::format("/customers?page={}", page);
  ask.entity_id = page;
  return ask;
}

PageAsk detail_ask(int64_t id) {
  PageAsk ask;
  ask.stream = "orders";
  ask.source = "detail";
  ask.is_list = false;
  ask.entity_id = id;
  ask.request = fmt::format("/orders/{}", id);
  return ask;
}

class PageLoopTest : public ExtractTest {
 protected:
  void SetUp() override {
    ExtractTest::SetUp();
    source_.answerer = [](const std::string& request) -> Result<Answer> {
      const std::string page = request.substr(request.find_last_of("=/") + 1);
      return answer_of(list_body({fmt::format(R"({{"id":{}}})", page)}, 9, 1, 1));
    };
  }

  // Asks for all of them; pages are handled into handled_, refusals into refused_.
  Status run(std::vector<PageAsk> asks) {
    size_t at = 0;
    return loop_->run(
        [&]() -> std::optional<PageAsk> {
          if (at >= asks.size()) return std::nullopt;
          return asks[at++];
        },
        [&](const PageAsk& ask, PageResult index) -> Status {
          if (index.ok()) {
            handled_.push_back(ask.entity_id);
          } else {
            refused_.push_back(ask.entity_id);
          }
          if (on_handle_) return on_handle_(ask);
          return {};
        });
  }
  Status run_pages(int first, int last) {
    std::vector<PageAsk> asks;
    for (int page = first; page <= last; ++page) asks.push_back(list_ask(page));
    return run(std::move(asks));
  }

  std::vector<int64_t> handled_;
  std::vector<int64_t> refused_;
  std::function<Status(const PageAsk&)> on_handle_;
};

TEST_F(PageLoopTest, LandsWhatItAsksAndHandsItOnInTheOrderOfArrival) {
  source_.is_newest_first = true;
  ASSERT_TRUE(run_pages(1, 6).ok());
  // Four under way, the last of them answered first; each answer makes room for one more.
  EXPECT_THAT(handled_, ElementsAre(4, 5, 6, 3, 2, 1));
  EXPECT_EQ(source_.most_in_flight, 4U);
  EXPECT_EQ(landed_requests().size(), 6U);
  EXPECT_EQ(loop_->tallies().at("customers").pages, 6);
  EXPECT_EQ(loop_->tallies().at("customers").rows, 6);
  EXPECT_EQ(loop_->tallies().at("customers").requests, 6);
}

TEST_F(PageLoopTest, LandsThePageAsItWasReceived) {
  PageAsk ask = list_ask(3);
  ask.parent_id = 17;
  ask.source = "sweep";
  const auto index = loop_->ask_one(ask);
  ASSERT_TRUE(index.ok()) << index.error().to_text();
  ASSERT_EQ(index->rows.size(), 1U);
  EXPECT_EQ(index->rows[0].id, 3);
  const auto requests = landed();
  ASSERT_EQ(requests.size(), 1U);
  const auto page = landing_->read_page(requests[0]);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->stream, "customers");
  EXPECT_EQ(page->shape, "full");
  EXPECT_EQ(page->source, "sweep");
  EXPECT_EQ(page->request, "/customers?page=3");
  EXPECT_EQ(page->parent_id, 17);
  EXPECT_EQ(page->fetched_at, clock_.now());
  EXPECT_EQ(page->body.view(), list_body({R"({"id":3})"}, 9, 1, 1));
}

Result<Answer> server_error(const std::string& request) {
  Error error(ErrorKind::kUnavailable, "HTTP 500: Server Error: " + request);
  error.http_status = 500;
  return error;
}

TEST_F(PageLoopTest, OneBadEntityDoesNotKeepTheOthers) {
  const auto good = source_.answerer;
  source_.answerer = [&](const std::string& request) {
    return request == "/orders/2" ? server_error(request) : good(request);
  };
  ASSERT_TRUE(run({detail_ask(1), detail_ask(2), detail_ask(3)}).ok());
  EXPECT_THAT(handled_, ElementsAre(1, 3));
  EXPECT_THAT(refused_, ElementsAre(2));
}

TEST_F(PageLoopTest, ARowOfBadEntitiesIsTheStoresTrouble) {
  source_.in_flight_max = 1;
  source_.answerer = server_error;
  std::vector<PageAsk> asks;
  for (int64_t id = 1; id <= 10; ++id) asks.push_back(detail_ask(id));
  const auto stopped = run(asks);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().kind(), ErrorKind::kUnavailable);
  EXPECT_THAT(stopped.error().to_text(), HasSubstr("4 of which failed in a row"));
  EXPECT_EQ(source_.asked.size(), kFailedInRowMax + 1U);
}

TEST_F(PageLoopTest, WhatCouldNotBeReadIsNoAnswerToAResumedRun) {
  source_.answerer = [](const std::string&) -> Result<Answer> { return answer_of("<html>"); };
  ASSERT_TRUE(run({detail_ask(1)}).ok());
  seal();
  start();
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of(R"({"data":{"id":1}})");
  };
  ASSERT_TRUE(run({detail_ask(1)}).ok());
  EXPECT_EQ(source_.times_asked("/orders/1"), 1);
  EXPECT_THAT(handled_, ElementsAre(1));
}

TEST_F(PageLoopTest, SoldCodesNeverReachTheDisk) {
  source_.answerer = [](const std::string&) -> Result<Answer> {
    return answer_of(R"({"data":[{"id":1,"codes":[{"code":"SECRET-1"}],"files":[]}]})");
  };
  PageAsk ask = list_ask(1);
  ask.stream = "order_items";
  ASSERT_TRUE(loop_->ask_one(ask).ok());
  const auto page = landing_->read_page(landed().at(0));
  ASSERT_TRUE(page.ok());
  EXPECT_THAT(std::string(page->body.view()), Not(HasSubstr("SECRET")));
  EXPECT_EQ(page->shape, "items");
  EXPECT_EQ(loop_->codes_cut(), 1);
}

TEST_F(PageLoopTest, AResumedRunDoesNotAskForWhatHasLanded) {
  ASSERT_TRUE(run_pages(1, 3).ok());
  seal();
  start();
  handled_.clear();
  ASSERT_TRUE(run_pages(1, 5).ok());
  EXPECT_THAT(source_.asked, ElementsAre("/customers?page=4", "/customers?page=5"));
  EXPECT_THAT(handled_, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_EQ(landed_requests().size(), 5U) << "nothing landed twice";
  EXPECT_EQ(loop_->tallies().at("customers").pages, 5);
  EXPECT_EQ(loop_->tallies().at("customers").requests, 2) << "of this time only";
  EXPECT_EQ(loop_->tallies().at("customers").rows, 5);
}

TEST_F(PageLoopTest, AnotherRunAsksForEverythingAgain) {
  ASSERT_TRUE(run_pages(1, 3).ok());
  seal();
  start("R2");
  ASSERT_TRUE(run_pages(1, 3).ok());
  EXPECT_EQ(source_.asked.size(), 3U);
}

// The head of a list is asked before and after a sweep: the answers differ and must not be mixed.
TEST_F(PageLoopTest, TheKthAskGetsTheKthLandedAnswer) {
  int version = 0;
  source_.answerer = [&version](const std::string&) -> Result<Answer> {
    return answer_of(list_body({fmt::format(R"({{"id":{}}})", ++version)}, 9, 1, 1));
  };
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(loop_->ask_one(list_ask(1)).ok());
  seal();
  start();
  for (int64_t i = 1; i <= 4; ++i) {
    const auto index = loop_->ask_one(list_ask(1));
    ASSERT_TRUE(index.ok());
    EXPECT_EQ(index->rows.at(0).id, i);
  }
  EXPECT_EQ(source_.asked.size(), 1U);
}

TEST_F(PageLoopTest, ADamagedPackageCountsAsNotLanded) {
  ASSERT_TRUE(run_pages(1, 2).ok());
  const auto requests = landed();
  const std::string frames = landing_->package_path(requests.at(0).package_id) + "/frames.zst";
  start();  // after the index of what landed was read
  std::filesystem::resize_file(frames, std::filesystem::file_size(frames) - 3);
  handled_.clear();
  ASSERT_TRUE(run_pages(1, 2).ok());
  EXPECT_THAT(source_.asked, ElementsAre("/customers?page=1", "/customers?page=2"));
  EXPECT_THAT(handled_, ElementsAre(1, 2));
}

TEST_F(PageLoopTest, ABrokenAnswerIsAskedForAgainAndNotLanded) {
  int broken = 2;
  const auto whole = source_.answerer;
  source_.answerer = [&, whole](const std::string& request) -> Result<Answer> {
    if (broken-- > 0) return answer_of(R"({"data":[{"id":1)");
    return whole(request);
  };
  ASSERT_TRUE(run_pages(1, 1).ok());
  EXPECT_EQ(source_.asked.size(), 3U);
  EXPECT_THAT(handled_, ElementsAre(1));
  EXPECT_THAT(landed_requests(), ElementsAre("/customers?page=1"));
  EXPECT_EQ(loop_->broken_pages(), 0);
}

TEST_F(PageLoopTest, AListPageThatStaysBrokenEndsTheRun) {
  const auto whole = source_.answerer;
  source_.answerer = [whole](const std::string& request) -> Result<Answer> {
    if (request.ends_with("=3")) return answer_of("<html>Bad gateway</html>");
    return whole(request);
  };
  const Status done = run_pages(1, 9);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().kind(), ErrorKind::kBadResponse);
  EXPECT_THAT(done.error().to_text(), HasSubstr("/customers?page=3"));
  EXPECT_THAT(done.error().to_text(), HasSubstr("4 times"));
  EXPECT_THAT(done.error().to_text(), HasSubstr("HTML"));
  EXPECT_EQ(source_.times_asked("/customers?page=3"), 1 + kBrokenRetries);
  const auto kept = landed_requests();
  EXPECT_EQ(kept.size(), handled_.size());
  EXPECT_THAT(kept, Not(::testing::Contains("/customers?page=3")));
}

TEST_F(PageLoopTest, ADetailThatStaysBrokenLandsForQuarantine) {
  source_.answerer = [](const std::string&) -> Result<Answer> { return answer_of(R"({"data":)"); };
  ASSERT_TRUE(run({detail_ask(5)}).ok());
  EXPECT_THAT(refused_, ElementsAre(5));
  EXPECT_EQ(loop_->broken_pages(), 1);
  EXPECT_THAT(landed_requests(), ElementsAre("/orders/5"));
}

TEST_F(PageLoopTest, NotFoundAndRefusedAreLeftToTheHandler) {
  source_.answerer = [](const std::string& request) -> Result<Answer> {
    if (request == "/orders/1") return not_found();
    if (request == "/orders/2") return refused();
    return answer_of(R"({"data":{"id":3}})");
  };
  ASSERT_TRUE(run({detail_ask(1), detail_ask(2), detail_ask(3)}).ok());
  EXPECT_THAT(refused_, ElementsAre(1, 2));
  EXPECT_THAT(handled_, ElementsAre(3));
  EXPECT_THAT(landed_requests(), ElementsAre("/orders/3"));
}

TEST_F(PageLoopTest, AnErrorEndsTheRunAndKeepsWhatWasUnderWay) {
  const auto whole = source_.answerer;
  source_.answerer = [whole](const std::string& request) -> Result<Answer> {
    if (request.ends_with("=5")) return Error(ErrorKind::kAuthFailed, "401 made up by the test");
    if (request.ends_with("=6")) return Error(ErrorKind::kUnavailable, "and gone altogether");
    return whole(request);
  };
  const Status done = run_pages(1, 99);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().kind(), ErrorKind::kAuthFailed) << "the first error is the one told";
  // 6, 7 and 8 were under way when 5 failed; nothing was asked after.
  EXPECT_EQ(source_.asked.size(), 8U);
  EXPECT_THAT(handled_, ElementsAre(1, 2, 3, 4, 7, 8));
  EXPECT_EQ(landed_requests().size(), 6U);

  start();
  source_.answerer = whole;
  handled_.clear();
  ASSERT_TRUE(run_pages(1, 9).ok());
  EXPECT_THAT(source_.asked,
              ElementsAre("/customers?page=5", "/customers?page=6", "/customers?page=9"));
}

TEST_F(PageLoopTest, AHandlersErrorEndsTheRun) {
  on_handle_ = [](const PageAsk& ask) -> Status {
    if (ask.entity_id == 2) return Error(ErrorKind::kSchemaChanged, "made up by the test");
    return {};
  };
  const Status done = run_pages(1, 99);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().kind(), ErrorKind::kSchemaChanged);
  EXPECT_EQ(source_.asked.size(), 5U);
  EXPECT_EQ(landed_requests().size(), 5U) << "the page itself is kept, too";
}

TEST_F(PageLoopTest, AStopEndsTheRunBetweenRequests) {
  on_handle_ = [this](const PageAsk& ask) -> Status {
    if (ask.entity_id == 3) stop_.request_stop();
    return {};
  };
  const Status done = run_pages(1, 99);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().kind(), ErrorKind::kCancelled);
  EXPECT_EQ(source_.asked.size(), 6U);
  EXPECT_EQ(landed_requests().size(), 6U);
}

TEST_F(PageLoopTest, ASourceThatForgetsARequestIsNoSuccess) {
  source_.is_dead = true;
  const Status done = run_pages(1, 2);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().kind(), ErrorKind::kBug);
  EXPECT_THAT(handled_, IsEmpty());
}

TEST(PageShape, IsToldFromTheMembers) {
  const auto shape = [](const std::string& stream, const std::string& members) {
    PageAsk ask;
    ask.stream = stream;
    const auto index = decode::PageIndex::read(R"({"data":[{"id":1)" + members + "}]}");
    EXPECT_TRUE(index.ok());
    return shape_of(ask, *index);
  };
  EXPECT_EQ(shape("orders", R"(,"total":{},"items":[])"), "summary");
  EXPECT_EQ(shape("orders", R"(,"amounts":{})"), "details");
  EXPECT_EQ(shape("orders", R"(,"amounts":{},"items":[])"), "full");
  EXPECT_EQ(shape("order_items", R"(,"amounts":{})"), "items");
  EXPECT_EQ(shape("products", ""), "full");
}

// The requests of the side line are answered only after so many others.
TEST_F(PageLoopTest, TheMainLineGoesOnWhileTheSideLineWaits) {
  std::vector<std::string> log;
  loop_->start_side([&]() -> Status {
    for (int page = 101; page <= 103; ++page) {
      const auto index = loop_->ask_one(list_ask(page));
      if (!index.ok()) return index.error();
      log.push_back(fmt::format("side {}", page));
    }
    return {};
  });
  EXPECT_THAT(log, IsEmpty()) << "it waits for its first answer";
  ASSERT_TRUE(run_pages(1, 6).ok());
  log.push_back("main is done");
  ASSERT_TRUE(loop_->finish_side(false).ok());
  EXPECT_THAT(log, ElementsAre("side 101", "side 102", "main is done", "side 103"));
  EXPECT_EQ(handled_.size(), 6U);
  EXPECT_EQ(landed_requests().size(), 9U);
}

TEST_F(PageLoopTest, ASideLineThatHasAllItsAnswersInLandingEndsAtOnce) {
  ASSERT_TRUE(run_pages(1, 3).ok());
  seal();
  start();
  bool has_ended = false;
  loop_->start_side([&]() -> Status {
    auto done = run_pages(1, 3);
    has_ended = true;
    return done;
  });
  EXPECT_TRUE(has_ended);
  EXPECT_TRUE(loop_->finish_side(false).ok());
  EXPECT_THAT(source_.asked, IsEmpty());
}

TEST_F(PageLoopTest, WhatTheSideLineEndsWithIsToldAtItsEnd) {
  source_.answerer = [](const std::string& request) -> Result<Answer> {
    if (request == "/customers?page=101") return Error(ErrorKind::kAuthFailed, "made up");
    return answer_of(list_body({}, 0, 1, 1));
  };
  loop_->start_side([&]() -> Status {
    const auto index = loop_->ask_one(list_ask(101));
    return index.ok() ? Status() : Status(index.error());
  });
  ASSERT_TRUE(run_pages(1, 6).ok());
  EXPECT_EQ(loop_->finish_side(false).error().kind(), ErrorKind::kAuthFailed);
  EXPECT_TRUE(loop_->finish_side(false).ok()) << "and told once";
}

TEST_F(PageLoopTest, GivingUpEndsTheSideLineWithWhatIsUnderWay) {
  std::vector<int> seen;
  loop_->start_side([&]() -> Status {
    for (int page = 101; page <= 109; ++page) {
      const auto index = loop_->ask_one(list_ask(page));
      if (!index.ok()) return index.error();
      seen.push_back(page);
    }
    return {};
  });
  EXPECT_EQ(loop_->finish_side(true).error().kind(), ErrorKind::kCancelled);
  EXPECT_THAT(seen, ElementsAre(101)) << "it had been asked";
  EXPECT_EQ(landed_requests().size(), 1U);
}

TEST_F(PageLoopTest, AStopEndsBothLines) {
  loop_->start_side([&] { return run_pages(101, 109); });
  stop_.request_stop();
  EXPECT_EQ(run_pages(1, 9).error().kind(), ErrorKind::kCancelled);
  EXPECT_EQ(loop_->finish_side(true).error().kind(), ErrorKind::kCancelled);
  EXPECT_EQ(landed_requests().size(), 4U) << "what the side line had under way";
}

TEST_F(PageLoopTest, ASourceThatForgetsLeavesNoLineHanging) {
  loop_->start_side([&] { return run_pages(101, 103); });
  source_.is_dead = true;
  EXPECT_EQ(loop_->finish_side(false).error().kind(), ErrorKind::kBug);
}

}  // namespace
}  // namespace falaj::extract
