// What the tests of extraction share: a scripted source, and a landing in a temporary folder.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "extract/page_loop.hpp"
#include "support/temp_dir.hpp"

namespace falaj::extract {

// Answers every request by a function of it, one per poll(), in the order of asking.
class FakeSource final : public Source {
 public:
  using Answerer = std::function<Result<Answer>(const std::string& request)>;
  explicit FakeSource(ManualClock& clock) : clock_(clock) {}

  void fetch(const std::string& request, Purpose, Done done) override {
    asked.push_back(request);
    queue_.emplace_back(request, std::move(done));
    most_in_flight = std::max(most_in_flight, queue_.size());
  }
  bool poll() override {
    if (queue_.empty() || is_dead) return false;
    auto [request, done] = std::move(is_newest_first ? queue_.back() : queue_.front());
    is_newest_first ? queue_.pop_back() : queue_.pop_front();
    clock_.advance(Micros(1000));
    auto answer = answerer(request);
    if (answer.ok()) answer->received_at = clock_.now();
    done(std::move(answer));
    return true;
  }
  size_t max_in_flight() const override { return in_flight_max; }
  SourceCounters counters() const override {
    return {static_cast<int64_t>(asked.size()), 0, std::nullopt, 0};
  }

  int64_t times_asked(const std::string& request) const {
    return std::count(asked.begin(), asked.end(), request);
  }

  Answerer answerer;
  std::vector<std::string> asked;
  size_t in_flight_max = 4;
  size_t most_in_flight = 0;
  bool is_newest_first = false;  // answers overtake each other
  bool is_dead = false;          // poll() says that nothing is pending, whatever is

 private:
  ManualClock& clock_;
  std::deque<std::pair<std::string, Done>> queue_;
};

inline Error not_found() {
  Error error(ErrorKind::kNotFound, "404 made up by the test");
  error.http_status = 404;
  return error;
}

inline Error refused() {
  Error error(ErrorKind::kBadResponse, "422 made up by the test");
  error.http_status = 422;
  return error;
}

inline Answer answer_of(std::string body) {
  return Answer{200, std::move(body), {}};
}

// {"status":200,"data":[...],"pagination":{...}}
inline std::string list_body(const std::vector<std::string>& entities, int64_t total,
                             int64_t per_page, int64_t page) {
  std::string body = R"({"status":200,"success":true,"data":[)";
  for (size_t i = 0; i < entities.size(); ++i) {
    if (i > 0) body += ',';
    body += entities[i];
  }
  return body + fmt::format(R"(],"pagination":{{"count":{},"total":{},"perPage":{},)"
                            R"("currentPage":{},"totalPages":{},"links":{{}}}}}})",
                            entities.size(), total, per_page, page,
                            (total + per_page - 1) / per_page);
}

// One part of a run: a sink and a loop over what the run has landed before.
class ExtractTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = landing::Landing::open(files_, clock_, (dir_ / "landing").string());
    ASSERT_TRUE(opened.ok()) << opened.error().to_text();
    landing_ = std::make_unique<landing::Landing>(std::move(*opened));
    start();
  }

  // A new process: what was not sealed is recovered, then the run is taken up again.
  void start(const std::string& run = "R1") {
    run_ = run;
    loop_.reset();
    sink_.reset();
    auto recovered = landing_->recover();
    ASSERT_TRUE(recovered.ok()) << recovered.error().to_text();
    auto landed = LandedAnswers::of_run(*landing_, RunId(run), StoreId(77));
    ASSERT_TRUE(landed.ok()) << landed.error().to_text();
    sink_ = std::make_unique<PackageSink>(*landing_, ulids_, RunId(run), StoreId(77),
                                          landing::PackageWriterOptions{},
                                          [](landing::SealedPackage) { return Status(); });
    PageLoop::Options options;
    options.stop = stop_.get_token();
    loop_ = std::make_unique<PageLoop>(source_, *landing_, std::move(*landed), *sink_,
                                       std::move(options));
    source_.asked.clear();
  }

  void seal() {
    const Status sealed = sink_->seal_all();
    ASSERT_TRUE(sealed.ok()) << sealed.error().to_text();
  }

  std::vector<landing::LandedRequest> landed() {
    seal();
    auto requests = landing_->requests_of_run(RunId(run_), StoreId(77));
    EXPECT_TRUE(requests.ok());
    return requests.ok() ? std::move(*requests) : std::vector<landing::LandedRequest>();
  }
  // Sorted.
  std::vector<std::string> landed_requests() {
    std::vector<std::string> texts;
    for (const auto& request : landed()) texts.push_back(request.request);
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  const test::TempDir dir_;
  ManualClock clock_{UtcTime(Micros(1'800'000'000'000'000))};
  landing::PosixFileStore files_;
  std::unique_ptr<landing::Landing> landing_;
  UlidGenerator ulids_{clock_, 7};
  FakeSource source_{clock_};
  std::stop_source stop_;
  std::string run_;
  std::unique_ptr<PackageSink> sink_;
  std::unique_ptr<PageLoop> loop_;
};

}  // namespace falaj::extract
