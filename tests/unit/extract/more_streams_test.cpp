// The catalogue's streams in a run: what is gone becomes a tombstone only when it is certain, what may
// not be read is said once, and the next run goes on from where this one ended.
#include "extract/more_streams.hpp"

#include <gmock/gmock.h>

#include "unit/extract/extract_fixture.hpp"

namespace falaj::extract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MoreStreamsTest : public ExtractTest {
 protected:
  void SetUp() override {
    ExtractTest::SetUp();
    cursors_.get = [this](const std::string& name) -> Result<std::optional<std::string>> {
      const auto found = kept_.find(name);
      return found == kept_.end() ? std::nullopt : std::optional(found->second);
    };
    cursors_.set = [this](const std::string& name, const std::string& value) -> Status {
      kept_[name] = value;
      return {};
    };
    source_.answerer = [this](const std::string& request) -> Result<Answer> {
      const auto found = answers_.find(request.substr(0, request.find('?')));
      if (found == answers_.end()) return not_found();
      return answer_of(found->second);
    };
  }

  StreamSpec& add(const std::string& name) {
    auto& stream = streams_.emplace_back();
    stream.name = name;
    stream.path = "/" + name;
    stream.scope = name + ".read";
    return stream;
  }

  // One run; the tombstones it landed, as "stream id reason".
  std::vector<std::string> run(IdsByStream known = {}, IdsByStream seen = {}) {
    MoreStreams more(*loop_, clock_, cursors_, streams_, 60);
    expect_ok(more.read_before_orders(std::move(seen)));
    expect_ok(more.read_before_deepening());
    expect_ok(more.read_named(named_));
    created_.reset();
    expect_ok(more.land_vanished([&](const std::vector<KnownIdsAsk>& asks) -> Result<IdsByStream> {
      for (const auto& ask : asks) {
        asked_.push_back(ask.stream.name);
        created_ = ask.created;
      }
      return known;
    }));
    expect_ok(more.remember());
    notes_ = more.notes();
    std::vector<std::string> gone;
    for (const auto& landed : landed_requests()) {
      if (landed.ends_with("#gone")) gone.push_back(landed);
    }
    requests_ = source_.asked;
    start(fmt::format("R{}", ++runs_ + 1));
    return gone;
  }

  static void expect_ok(const Status& status) {
    EXPECT_TRUE(status.ok()) << status.error().to_text();
  }

  std::vector<StreamSpec> streams_;
  std::map<std::string, std::string> answers_;
  std::map<std::string, std::string> kept_;
  CursorStore cursors_;
  std::vector<NamedEntity> named_;
  std::vector<std::string> requests_;  // of the last run
  std::vector<std::string> asked_;     // of the warehouse
  std::optional<DayWindow> created_;   // the days that the last ask is about
  std::vector<std::string> notes_;
  int runs_ = 0;
};

TEST_F(MoreStreamsTest, WhatEventsHaveNamedIsAskedForUnlessTheListHasShownIt) {
  add("invoices").entity_path = "/orders/invoices/{id}";
  add("reviews");
  answers_["/invoices"] = R"({"data":[{"id":1}]})";
  answers_["/reviews"] = R"({"data":[]})";
  answers_["/orders/invoices/2"] = R"({"data":{"id":2}})";
  named_ = {{"invoices", 1}, {"invoices", 2}, {"invoices", 3}, {"reviews", 4}, {"orders", 5}};
  EXPECT_THAT(run(), ElementsAre("/invoices/3#gone"));
  EXPECT_THAT(requests_, ::testing::UnorderedElementsAre(
                             "/invoices", "/reviews", "/orders/invoices/2", "/orders/invoices/3"));
}

TEST_F(MoreStreamsTest, WhatAWholeListNoLongerHasIsGoneIfA404Confirms) {
  add("brands").entity_path = "/brands/{id}";
  answers_["/brands"] = R"({"data":[{"id":1}]})";
  answers_["/brands/3"] = R"({"data":{"id":3}})";
  EXPECT_THAT(run({{"brands", {1, 2, 3}}}), ElementsAre("/brands/2#gone"));
}

TEST_F(MoreStreamsTest, TheWarehouseIsAskedOnlyWhenTheIdsChanged) {
  add("brands");
  answers_["/brands"] = R"({"data":[{"id":1},{"id":2}]})";
  run({{"brands", {1, 2}}});
  run({{"brands", {1, 2}}});
  EXPECT_THAT(asked_, ElementsAre("brands"));
  answers_["/brands"] = R"({"data":[{"id":1}]})";
  EXPECT_THAT(run({{"brands", {1, 2}}}), ElementsAre("/brands/2#gone"));
  EXPECT_THAT(asked_, ElementsAre("brands", "brands"));
}

TEST_F(MoreStreamsTest, AListThatIsEmptyAllAtOnceIsNotBelieved) {
  add("taxes");
  answers_["/taxes"] = R"({"data":[]})";
  EXPECT_THAT(run({{"taxes", {1, 2}}}), IsEmpty());
  ASSERT_EQ(notes_.size(), 1U);
  EXPECT_THAT(notes_[0], HasSubstr("taxes: the list is empty all at once; 2 entities are kept"));
  run({{"taxes", {1, 2}}});
  EXPECT_THAT(asked_, ElementsAre("taxes", "taxes")) << "the next run looks again";
}

TEST_F(MoreStreamsTest, AbsenceThatMeansSomethingNeedsNoProof) {
  auto& carts = add("carts");
  carts.entity_path = "/carts/{id}";
  carts.gone_reason = "bought or expired";
  answers_["/carts"] = R"({"data":[]})";
  EXPECT_THAT(run({{"carts", {7}}}), ElementsAre("/carts/7#gone"));
}

TEST_F(MoreStreamsTest, AListThatWasNotReadTellsNothing) {
  add("brands");
  EXPECT_THAT(run({{"brands", {1, 2}}}), IsEmpty());
  EXPECT_THAT(asked_, IsEmpty());
  EXPECT_THAT(notes_, ElementsAre(HasSubstr("brands: the store has no /brands (404)")));
}

TEST_F(MoreStreamsTest, MissingScopesAreOneNote) {
  add("coupons").scope = "marketing.read";
  add("affiliates").scope = "marketing.read";
  add("taxes");
  source_.answerer = [](const std::string&) -> Result<Answer> {
    Error error(ErrorKind::kAuthFailed, "made up by the test");
    error.http_status = 401;
    return error;
  };
  run();
  ASSERT_EQ(notes_.size(), 1U);
  EXPECT_THAT(notes_[0], HasSubstr("coupons, affiliates (marketing.read); taxes (taxes.read)"));
}

TEST_F(MoreStreamsTest, ANewestFirstListGoesOnFromTheLastWholeReading) {
  auto& invoices = add("invoices");
  invoices.paging = Paging::kPages;
  invoices.changes = Changes::kNewestFirst;
  invoices.reread_days = 3;
  invoices.from_parameter = "from_date";
  invoices.to_parameter = "to_date";
  answers_["/invoices"] = list_body({R"({"id":7})"}, 1, 60, 1);
  run();
  EXPECT_EQ(kept_.count("since:invoices"), 1U);
  run();
  // The clock of the test stands at 2027-01-15.
  EXPECT_TRUE(kept_["since:invoices"] == "20833") << kept_["since:invoices"];
}

TEST_F(MoreStreamsTest, OfItsLastDaysANewestFirstListTellsWhatIsGone) {
  auto& reviews = add("reviews");
  reviews.paging = Paging::kPages;
  reviews.changes = Changes::kNewestFirst;
  reviews.reread_days = 30;
  reviews.from_parameter = "start_date";
  reviews.to_parameter = "end_date";
  reviews.entity_path = "/reviews/{id}";
  reviews.table.fields = {{"created_at", decode::FieldKind::kTimestamp, {"created_at"}}};
  answers_["/reviews"] = list_body({R"({"id":7})", R"({"id":8})", R"({"id":9})"}, 1, 60, 3);
  EXPECT_THAT(run({{"reviews", {7, 8, 9}}}), IsEmpty());
  // 8 is gone, 9 was hidden by a page that shifted.
  answers_["/reviews"] = list_body({R"({"id":7})"}, 1, 60, 1);
  answers_["/reviews/9"] = R"({"data":{"id":9}})";
  EXPECT_THAT(run({{"reviews", {7, 8, 9}}}), ElementsAre("/reviews/8#gone"));
  // The clock of the test stands at 2027-01-15; the first day of those that were asked for is left out.
  EXPECT_EQ(created_, (DayWindow{20'833 - 29, 20'834}));
  // Without its answer to one entity, and without a column that says when it was created, nothing is known.
  reviews.entity_path.clear();
  answers_["/reviews"] = list_body({}, 1, 60, 0);
  EXPECT_THAT(run({{"reviews", {7}}}), IsEmpty());
  streams_[0].entity_path = "/reviews/{id}";
  streams_[0].table.fields.clear();
  EXPECT_THAT(run({{"reviews", {7}}}), IsEmpty());
}

TEST_F(MoreStreamsTest, ChildrenAreAskedForWhatTheirParentsHave) {
  add("groups");
  auto& tags = add("tags");
  tags.path = "/groups/{parent}/tags";
  tags.parent = "groups";
  auto& points = add("points");
  points.path = "/points/{parent}";
  points.parent = "customers";
  answers_["/groups"] = R"({"data":[{"id":4}]})";
  answers_["/groups/4/tags"] = R"({"data":[{"id":1}]})";
  answers_["/points/9"] = R"({"data":[]})";
  MoreStreams more(*loop_, clock_, cursors_, streams_, 60);
  expect_ok(more.read_of_customers({9}));
  expect_ok(more.read_before_orders({}));
  EXPECT_EQ(source_.times_asked("/groups/4/tags"), 1);
  EXPECT_EQ(source_.times_asked("/points/9"), 1);
}

}  // namespace
}  // namespace falaj::extract
