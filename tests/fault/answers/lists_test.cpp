// Every row of docs/faults.md, "Lists that lie": order lists whose pagination is wrong, for one run.
// What that run does is what the row says; the next one, of a list that is right again, is complete.
#include <gtest/gtest.h>

#include "fault/answers/small_run.hpp"
#include "support/fault_table.hpp"

namespace falaj::test {
namespace {

constexpr const char* kHeading = "Lists that lie";

struct Lie {
  const char* id;
  const char* rule;
};

const std::vector<Lie> kLies = {
    {"total-shrinks",
     R"("contains": "page=2", "action": "set", "pointer": "/pagination/total", "value": 9)"},
    {"total-grows",
     R"("contains": "page=2", "action": "set", "pointer": "/pagination/total", "value": 40)"},
    {"total-too-small", R"("action": "set", "pointer": "/pagination/total", "value": 5)"},
    {"total-too-large", R"("action": "set", "pointer": "/pagination/total", "value": 20)"},
    {"total-zero", R"("action": "set", "pointer": "/pagination/total", "value": 0)"},
    {"total-text", R"("action": "set", "pointer": "/pagination/total", "value": "12")"},
    {"count-wrong", R"("action": "set", "pointer": "/pagination/count", "value": 99)"},
    {"total-pages-wrong", R"("action": "set", "pointer": "/pagination/totalPages", "value": 1)"},
    {"current-page-wrong", R"("action": "set", "pointer": "/pagination/currentPage", "value": 7)"},
    {"per-page-smaller", R"("action": "set", "pointer": "/pagination/perPage", "value": 2)"},
    {"per-page-larger", R"("action": "set", "pointer": "/pagination/perPage", "value": 65)"},
    {"per-page-zero", R"("action": "set", "pointer": "/pagination/perPage", "value": 0)"},
    {"pagination-absent", R"("action": "remove", "pointer": "/pagination")"},
    {"pagination-list", R"("action": "set", "pointer": "/pagination", "value": [])"},
    {"links-elsewhere",
     R"("action": "set", "pointer": "/pagination/links", "value": {"next": "http://elsewhere.example/?page=9"})"},
    {"links-list", R"("action": "set", "pointer": "/pagination/links", "value": ["string"])"},
    {"page-repeated", R"("contains": "page=2", "action": "other_page", "page": 1)"},
    {"page-skipped", R"("contains": "page=2", "action": "other_page", "page": 3)"},
    {"page-empty", R"("contains": "page=2", "action": "set", "pointer": "/data", "value": [])"},
    {"row-without-id", R"("contains": "page=2", "action": "remove", "pointer": "/data/0/id")"},
    {"row-no-object", R"("contains": "page=2", "action": "set", "pointer": "/data/0", "value": 7)"},
    {"row-twice", R"("contains": "page=1", "action": "other_page", "page": 2)"},
};

class List : public testing::TestWithParam<Lie> {};

TEST_P(List, DoesWhatItsRowSays) {
  const auto row = fault_row(kHeading, GetParam().id);
  SimStore store(small_store());
  SmallRun home(store.base_url(), 3);
  store.post("/_sim/faults",
             fmt::format(R"({{"match": "/orders", "contains": "page=", "times": 1000, {}}})",
                         GetParam().rule));
  const auto first = home.run();
  EXPECT_GT(store.get("/_sim/faults")["rules"].as_array().at(0)["struck"].as_int(), 0);
  const auto report = report_of(first);
  const auto& outcome = row["that run"];
  if (outcome.starts_with("ends ")) {
    EXPECT_EQ(first.status, std::stoi(outcome.substr(5))) << first.out << first.err;
  } else {
    EXPECT_EQ(first.status, 0) << first.out << first.err;
  }
  for (const auto& part : row.quoted("it says")) {
    EXPECT_TRUE((first.out + first.err).find(part) != std::string::npos)
        << "lacks " << part << ":\n"
        << first.out << first.err;
  }
  EXPECT_LE(store.requests(), 90) << "the quota is not wasted";
  EXPECT_TRUE(outcome.starts_with("ends ") || outcome == "complete" || outcome == "part")
      << outcome;
  if (outcome == "complete") expect_gold_equals_truth(home.falaj(), store);
  store.post("/_sim/faults", R"({"clear": true})");
  const auto next = home.run();
  EXPECT_EQ(next.status, 0) << next.out << next.err;
  expect_gold_equals_truth(home.falaj(), store);
}

INSTANTIATE_TEST_SUITE_P(Lies, List, testing::ValuesIn(kLies),
                         [](const auto& lie) { return test_name(lie.param.id); });

TEST(FaultTable, EveryLieHasATestAndEveryTestARow) {
  std::vector<std::string> tested;
  for (const auto& lie : kLies) tested.emplace_back(lie.id);
  expect_every_row_is_tested(kHeading, tested);
}

}  // namespace
}  // namespace falaj::test
