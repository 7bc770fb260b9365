// Every row of docs/faults.md, "Answers" and "On the wire": the fault strikes a chosen request of a
// small run, once, always at the same address, or at everything from then on. What falaj does is
// what the row says; the next run, without the fault, is complete, nothing is lost or doubled, and
// what had landed is not asked for again.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "fault/answers/answer_faults.hpp"
#include "fault/answers/small_run.hpp"
#include "support/fault_table.hpp"
#include "support/long_tests.hpp"

namespace falaj::test {
namespace {

enum class Place { kList, kOrder, kElsewhere };
enum class Mode { kOnce, kAlwaysThere, kFromThenOn };

struct Strike {
  Place place = Place::kElsewhere;
  Mode mode = Mode::kOnce;
  int nth = 1;
};

// Where and when a rule strikes: the n-th request for order lists, for orders' details and items, or
// of any kind.
std::string rule_json(const Fault& fault, const Strike& strike) {
  std::string where;
  if (strike.place == Place::kList) where = R"("match": "/orders", "contains": "page=", )";
  if (strike.place == Place::kOrder) where = R"("match": "/orders/", )";
  // Of the paths below /orders/, the first that is asked for is /orders/statuses.
  const int nth = strike.place == Place::kOrder ? strike.nth + 1 : strike.nth;
  const char* how = strike.mode == Mode::kOnce          ? R"("times": 1)"
                    : strike.mode == Mode::kAlwaysThere ? R"("times": 1, "sticky": true)"
                                                        : R"("times": 1000000)";
  return fmt::format(R"({{"clear": true, "rules": [{{{}"nth": {}, {}, {}}}]}})", where, nth, how,
                     fault.rule);
}

Place place_of(const std::string& target) {
  const auto path = target.substr(0, target.find('?'));
  if (path.ends_with("/orders") || path.ends_with("/customers") || path.ends_with("/products") ||
      path.ends_with("/orders/statuses") || path.ends_with("/store/info")) {
    return Place::kList;
  }
  const auto orders = path.find("/orders/");
  return orders == std::string::npos ? Place::kElsewhere : Place::kOrder;
}

const char* to_text(Mode mode) {
  switch (mode) {
    case Mode::kOnce: return "once";
    case Mode::kAlwaysThere: return "always at one address";
    case Mode::kFromThenOn: return "from then on";
  }
  return "";
}

// What falaj did in a run with faults, and what of it the store saw.
struct Seen {
  Finished finished;
  Json report;
  std::vector<std::string> struck;  // targets, in order
  std::string context;

  int64_t most_of_one_target() const {
    std::map<std::string, int64_t> counts;
    int64_t most = 0;
    for (const auto& target : struck) most = std::max(most, ++counts[target]);
    return most;
  }
};

int64_t tries_allowed(const FaultRow& row) {
  if (row["tries"] == "retries") return 1 + kRetries;
  // libcurl's own, on a connection that was kept and turns out to be dead.
  if (row["tries"] == "retries + 1") return 2 + kRetries;
  return std::stoll(row["tries"]);
}

int64_t tries_needed(const FaultRow& row) {
  return row["tries"] == "retries + 1" ? 1 + kRetries : tries_allowed(row);
}

// The message of a run that ended: what was asked for, what came, what to do.
void expect_readable(const FaultRow& row, const Seen& seen) {
  const auto& text = seen.finished.err;
  // A row of orders in trouble ends with the last of them.
  EXPECT_TRUE(std::any_of(seen.struck.begin(), seen.struck.end(), [&](const auto& target) {
    const auto from = target.find("/admin/v2") + 9;
    return text.find(target.substr(from, target.find('?') - from)) != std::string::npos;
  })) << text;
  for (const auto& part : row.quoted("the message has"))
    EXPECT_NE(text.find(part), std::string::npos) << "lacks " << part << ":\n" << text;
  EXPECT_TRUE(text.find("falaj run") != std::string::npos ||
              text.find("SALLA_API_TOKEN") != std::string::npos ||
              text.find("partner portal") != std::string::npos)
      << "says what to do: " << text;
  EXPECT_EQ(text.find("sim-token"), std::string::npos) << text;
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 4) << text;
}

void expect_outcome(const FaultRow& row, const std::string& outcome, const Seen& seen) {
  if (outcome.starts_with("ends ")) {
    EXPECT_EQ(seen.finished.status, std::stoi(outcome.substr(5))) << seen.finished.err;
    if (seen.finished.status != 0) expect_readable(row, seen);
    return;
  }
  EXPECT_EQ(seen.finished.status, 0) << seen.finished.err;
  if (outcome == "taken") {
    EXPECT_EQ(quarantined(seen.report), 0) << seen.finished.out;
  } else if (outcome == "noted") {
    EXPECT_NE(seen.finished.out.find("refused or unreadable"), std::string::npos)
        << seen.finished.out;
    for (const auto& part : row.quoted("the message has"))
      EXPECT_NE(seen.report["notes"].dump().find(part), std::string::npos) << seen.finished.out;
  } else if (outcome == "quarantined") {
    EXPECT_GT(quarantined(seen.report), 0) << seen.finished.out;
  } else if (outcome == "deleted") {
    EXPECT_NE(seen.finished.out.find("deletions"), std::string::npos) << seen.finished.out;
  } else {
    ADD_FAILURE() << "docs/faults.md, " << row.id << ": no test understands '" << outcome << "'";
  }
}

int number_of(const std::string& id) {
  const auto faults = answer_faults();
  const auto found =
      std::find_if(faults.begin(), faults.end(), [&](const auto& fault) { return fault.id == id; });
  return static_cast<int>(found - faults.begin());
}

// More end a run: docs/faults.md.
constexpr size_t kFailedInRowMax = 3;

class Answer : public testing::TestWithParam<Fault> {
 protected:
  Answer() : store_(small_store()), row_(fault_row(GetParam().heading, GetParam().id)) {}

  // False when the fault found nothing to strike: the run has fewer requests.
  bool try_at(const Strike& strike, int in_flight = 1) {
    SCOPED_TRACE(fmt::format("{} {}, request {} ({})", GetParam().id, to_text(strike.mode),
                             strike.nth, static_cast<int>(strike.place)));
    // A request that is always refused is waited for up to a minute, fifty times.
    const double time_scale = GetParam().id.starts_with("429") ? 10'000 : 1;
    SmallRun home(store_.base_url(), in_flight, GetParam().timeout_secs, time_scale);
    store_.post("/_sim/faults", rule_json(GetParam(), strike));
    store_.reset_counters();
    Seen seen;
    seen.finished = home.run();
    seen.report = report_of(seen.finished);
    const auto rules = store_.get("/_sim/faults");
    for (const auto& target : rules["rules"].as_array().at(0)["targets"].as_array())
      seen.struck.push_back(target.as_string());
    if (!seen.struck.empty()) check_faulty(strike, seen);
    const auto struck = static_cast<int64_t>(seen.struck.size());
    store_.post("/_sim/faults", R"({"clear": true})");
    check_next(home, seen, struck);
    return !seen.struck.empty();
  }

  SimStore store_;
  FaultRow row_;

 private:
  void check_faulty(const Strike& strike, const Seen& seen) {
    const auto place = place_of(seen.struck.front());
    if (place == Place::kElsewhere) return;
    const auto allowed = tries_allowed(row_);
    EXPECT_LE(seen.most_of_one_target(), std::max<int64_t>(allowed, 1));
    if (strike.mode == Mode::kOnce && allowed > 1) {
      EXPECT_EQ(seen.finished.status, 0) << seen.finished.err;
      EXPECT_EQ(quarantined(seen.report), 0) << seen.finished.out;
      return;
    }
    if (strike.mode != Mode::kOnce) {
      EXPECT_GE(seen.most_of_one_target(), tries_needed(row_));
    }
    // The last few orders of a run are too few to show that the trouble is the store's.
    const std::set<std::string> targets(seen.struck.begin(), seen.struck.end());
    const bool is_every_order = strike.mode == Mode::kFromThenOn &&
                                (seen.finished.status != 0 || targets.size() > kFailedInRowMax);
    const char* column = place == Place::kList ? "on a list"
                         : is_every_order      ? "on every order"
                                               : "on one order";
    // One 422 at the top of the list says that expanded rows are refused.
    if (strike.mode == Mode::kOnce && place == Place::kList && seen.finished.status == 0) return;
    expect_outcome(row_, row_[column], seen);
  }

  void check_next(const SmallRun& home, const Seen& seen, int64_t struck) {
    const auto next = home.run();
    EXPECT_EQ(next.status, 0) << next.out << next.err;
    EXPECT_EQ(quarantined(report_of(next)), 0) << next.out;
    expect_gold_equals_truth(home.falaj(), store_);
    EXPECT_EQ(
        home.falaj().value("SELECT COUNT(*) FROM SILVER.quarantine WHERE resolved_at IS NULL"),
        "0");
    // A run that ended is resumed: who the store is, and whether the list was quiet, are asked again.
    if (seen.finished.status == 0) return;
    EXPECT_LE(store_.get("/_sim/counters")["repeats"].as_int(), struck + kAskedByEachRun);
  }

  // By a calm run: the head of the order list, asked again after its sweep. By each run: who the
  // store is, and the quiet list again.
  static constexpr int64_t kAskedByEachRun = 4;
};

TEST_P(Answer, DoesWhatItsRowSays) {
  if (is_long()) {
    for (const auto mode : {Mode::kOnce, Mode::kFromThenOn}) {
      int nth = 1;
      while (try_at({Place::kElsewhere, mode, nth})) ++nth;
      std::printf("%s %s: %d requests\n", GetParam().id.c_str(), to_text(mode), nth - 1);
    }
  }
  // Other rows strike elsewhere, so that all together cover the run.
  const int at = number_of(GetParam().id);
  const auto place = at % 2 == 0 ? Place::kList : Place::kOrder;
  EXPECT_TRUE(try_at({place, Mode::kOnce, 1 + at % (place == Place::kList ? 4 : 20)}));
  EXPECT_TRUE(try_at({Place::kOrder, Mode::kAlwaysThere, 1 + at % 20}));
  // Waiting for what never comes takes its time.
  const bool is_slow = GetParam().timeout_secs < 1;
  const bool is_on_lists = at % 4 < 2 || is_slow;
  if (is_on_lists || is_long()) {
    EXPECT_TRUE(try_at({Place::kList, Mode::kFromThenOn, 1 + at % 3}));
  }
  if (!is_on_lists || is_long()) {
    EXPECT_TRUE(try_at({Place::kOrder, Mode::kFromThenOn, 1 + at % 16}));
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, Answer, testing::ValuesIn(answer_faults()),
                         [](const auto& fault) { return test_name(fault.param.id); });

TEST(FaultTable, EveryAnswerHasATestAndEveryTestARow) {
  for (const char* heading : {kAnswers, kWire}) {
    std::vector<std::string> tested;
    for (const auto& fault : answer_faults()) {
      if (fault.heading == heading) tested.push_back(fault.id);
    }
    expect_every_row_is_tested(heading, tested);
  }
}

}  // namespace
}  // namespace falaj::test
