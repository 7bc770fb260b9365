// A report's JSON and its documented shape come from the same lines.
#include "operate/described.hpp"

#include <gtest/gtest.h>

#include "operate/report.hpp"
#include "operate/report_shapes.hpp"

namespace falaj::operate {
namespace {

struct Leaf {
  std::string name;
  std::optional<int64_t> rows;
};

struct Tree {
  int count = 3;
  double share = 0.5;
  bool is_whole = true;
  std::vector<std::string> notes = {"a", "b"};
  std::optional<std::string> remark;
  std::optional<Leaf> best;
  std::vector<Leaf> leaves = {{"x", 7}, {"y", std::nullopt}};
  int64_t twice() const { return count * 2; }
};

const Described<Tree>& tree_shape() {
  static const auto kLeaf =
      Described<Leaf>("leaf").field("name", &Leaf::name, "").field("rows", &Leaf::rows, "", "rows");
  static const auto kShape = Described<Tree>("tree")
                                 .field("count", &Tree::count, "how many", "things")
                                 .field("twice", &Tree::twice, "by a member function")
                                 .field("share", &Tree::share, "")
                                 .field("is_whole", &Tree::is_whole, "")
                                 .field("notes", &Tree::notes, "")
                                 .optional_field("remark", &Tree::remark, "")
                                 .records("best", &Tree::best, kLeaf, "")
                                 .optional_records(
                                     "rest", [](const Tree& tree) { return tree.best; }, kLeaf, "")
                                 .records("leaves", &Tree::leaves, kLeaf, "")
                                 .day(
                                     "since", [](const Tree&) { return "2026-11-23"; }, "");
  return kShape;
}

TEST(Described, WritesJsonInTheOrderOfTheDeclaration) {
  Tree tree;
  EXPECT_EQ(tree_shape().to_json(tree).dump(),
            R"({"count":3,"twice":6,"share":0.5,"is_whole":true,"notes":["a","b"],"best":null,)"
            R"("leaves":[{"name":"x","rows":7},{"name":"y","rows":null}],"since":"2026-11-23"})");
  tree.remark = "r";
  tree.best = Leaf{"z", 1};
  tree.leaves.clear();
  EXPECT_EQ(tree_shape().to_json(tree).dump(),
            R"({"count":3,"twice":6,"share":0.5,"is_whole":true,"notes":["a","b"],"remark":"r",)"
            R"("best":{"name":"z","rows":1},"rest":{"name":"z","rows":1},"leaves":[],)"
            R"("since":"2026-11-23"})");
}

TEST(Described, DocumentsTypesUnitsAndWhatMayBeMissing) {
  std::string lines;
  for (const auto& [place, field] : places_of(tree_shape().shape())) {
    lines += place + ": " + type_text(*field) + (field->may_be_absent ? ", may be absent" : "") +
             (field->unit.empty() ? "" : ", in " + field->unit) + "\n";
  }
  EXPECT_EQ(lines,
            "count: integer, in things\n"
            "twice: integer\n"
            "share: number\n"
            "is_whole: true or false\n"
            "notes: list of texts\n"
            "remark: text, may be absent\n"
            "best: record or null\n"
            "best.name: text\n"
            "best.rows: integer or null, in rows\n"
            "rest: record, may be absent\n"
            "rest.name: text\n"
            "rest.rows: integer or null, in rows\n"
            "leaves: list of records\n"
            "leaves[].name: text\n"
            "leaves[].rows: integer or null, in rows\n"
            "since: day\n");
}

TEST(Report, IsOneAListOrAListOfSeveral) {
  EXPECT_EQ(Report::of(Tree(), tree_shape(), 65).exit_status(), 65);
  EXPECT_EQ(Report::of(Tree(), tree_shape()).to_json()["count"].as_int(), 3);
  EXPECT_EQ(Report::list(std::vector<Tree>(2), tree_shape()).to_json().as_array().size(), 2U);
  const auto one = Report::one_or_list(std::vector<Tree>(1), tree_shape(), "trees");
  EXPECT_EQ(one.to_json()["count"].as_int(), 3);
  const auto two = Report::one_or_list(std::vector<Tree>(2), tree_shape(), "trees");
  EXPECT_EQ(two.to_json()["trees"].as_array().size(), 2U);
  EXPECT_EQ(two.shape().name(), "tree list");
  EXPECT_NE(two.as<std::vector<Tree>>(), nullptr);
  EXPECT_EQ(two.as<Tree>(), nullptr);
  EXPECT_EQ(Report::of(Tree(), tree_shape()).in_form("bare tree").shape().name(), "bare tree");
}

// Scripts read these members of a run: a store's own only when there is one.
TEST(RunShape, HasTheStoreOfARunOfOneStore) {
  RunReport run;
  run.stores = {{.store_id = 7, .name = "riyadh"}};
  auto json = run.to_json();
  EXPECT_EQ(json["store_id"].as_int(), 7);
  EXPECT_TRUE(json["usage"].is_null());
  run.stores.push_back({.store_id = 8, .name = "jeddah", .error = "no connection"});
  run.usage.statements = 1;
  json = run.to_json();
  EXPECT_TRUE(json["store_id"].is_null());
  EXPECT_EQ(json["stores"].as_array()[1]["error"].as_string(), "no connection");
  EXPECT_EQ(json["usage"]["statements"].as_int(), 1);
}

}  // namespace
}  // namespace falaj::operate
