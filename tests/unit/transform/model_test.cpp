#include "transform/model.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "support/temp_dir.hpp"
#include "transform/model_registry.hpp"

namespace falaj::transform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kGood = R"(-- silver_things: text for the reader.
-- grain: one row a thing
-- keys: store_id, thing_id
-- materialisation: merge
-- scope: store_id BIGINT, thing_id BIGINT
-- changes: SELECT store_id, thing_id FROM BRONZE.bronze_things WHERE load_seq > {seq}
-- changes: SELECT t.store_id, t.thing_id FROM BRONZE.bronze_things t JOIN BRONZE.other o ON o.id = t.id WHERE o.load_seq > {seq}
-- columns: store_id BIGINT, thing_id BIGINT, price DECIMAL(18,4), rate DECIMAL(18,8),
-- columns: name VARCHAR, day DATE, at TIMESTAMP, is_on BOOLEAN, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, thing_id)
-- rules: not_null(name); range(price, 0, 1000)
-- notes: holds(is on, is_on); derived(rate, price); accepted(name, 'a', 'b')
-- A remark: with a colon.

SELECT b.store_id, b.thing_id
FROM BRONZE.bronze_things b {{changed(b.store_id, b.thing_id)}}
WHERE b.name <> '-- grain: no header any more'
)";

// kGood with one line replaced; no line: it is left out.
std::string with_line(const std::string& start, const std::string& line) {
  std::string text;
  bool is_first = true;
  for (std::string_view rest = kGood; !rest.empty();) {
    const size_t end = rest.find('\n') + 1;
    const auto here = rest.substr(0, end);
    rest.remove_prefix(end);
    if (!here.starts_with(start)) {
      text += here;
    } else if (std::exchange(is_first, false) && !line.empty()) {
      text += line + "\n";
    }
  }
  EXPECT_FALSE(is_first) << start;
  return text;
}

Error error_of(const std::string& text) {
  auto model = parse_model("silver_things", "SILVER", text);
  EXPECT_FALSE(model.ok()) << text;
  return model.ok() ? Error(ErrorKind::kBug, "") : std::move(model).error();
}

TEST(Model, AHeaderIsReadToTheLastField) {
  const auto model = parse_model("silver_things", "SILVER", kGood);
  ASSERT_TRUE(model.ok()) << model.error().to_text();
  EXPECT_EQ(model->table(), "SILVER.silver_things");
  EXPECT_EQ(model->grain, "one row a thing");
  EXPECT_THAT(model->keys, ElementsAre("store_id", "thing_id"));
  EXPECT_EQ(model->surrogate, "");
  EXPECT_EQ(model->materialisation, Materialisation::kMerge);
  ASSERT_EQ(model->scope.size(), 2U);
  EXPECT_EQ(model->scope[1].name, "thing_id");
  EXPECT_EQ(model->changes.size(), 2U);
  ASSERT_EQ(model->columns.size(), 10U);
  EXPECT_EQ(model->columns[2].sql_type, "DECIMAL(18,4)");
  EXPECT_EQ(model->columns[2].type, rows::ColumnType::kMoney);
  EXPECT_EQ(model->columns[3].type, rows::ColumnType::kRate);
  EXPECT_EQ(model->columns[7].type, rows::ColumnType::kBool);
  ASSERT_EQ(model->checks.size(), 1U);
  EXPECT_EQ(model->checks[0].text(), "unique(store_id, thing_id)");
  ASSERT_EQ(model->rules.size(), 2U);
  EXPECT_EQ(model->rules[0].text(), "not_null(name)");
  EXPECT_EQ(model->rules[1].broken(), "(price < 0 OR price > 1000)");
  ASSERT_EQ(model->notes.size(), 3U);
  EXPECT_EQ(model->notes[0].text(), "holds(is on)");
  EXPECT_EQ(model->notes[0].broken(), "NOT (is_on)");
  EXPECT_EQ(model->notes[1].broken(), "(rate IS NULL AND price IS NOT NULL)");
  EXPECT_EQ(model->notes[2].broken(), "name NOT IN ('a', 'b')");
  EXPECT_EQ(model->payload.table, "BRONZE.bronze_things");
  EXPECT_TRUE(model->is_nullable_key("day"));
  EXPECT_FALSE(model->is_nullable_key("name")) << "a rule says so";
  EXPECT_FALSE(model->is_nullable_key("thing_id"));
  EXPECT_TRUE(model->select.starts_with("SELECT b.store_id"));
  EXPECT_EQ(model->selected_columns().size(), 8U) << "without processed_at and change_seq";
  EXPECT_TRUE(model->has_column("day"));
  EXPECT_FALSE(model->has_column("da"));
}

TEST(Model, ItsTableHasItsColumnsAndSaysItsGrain) {
  const auto model = parse_model("silver_things", "SILVER", kGood);
  ASSERT_TRUE(model.ok());
  const auto definition = model->definition();
  EXPECT_EQ(definition.schema, "SILVER");
  EXPECT_EQ(definition.name, "silver_things");
  EXPECT_EQ(definition.comment, "one row a thing");
  ASSERT_EQ(definition.columns.columns.size(), 10U);
  EXPECT_EQ(definition.columns.columns[9].name, "change_seq");
}

TEST(Model, IsRestrictedToTheChangedScopesOrNot) {
  const auto model = parse_model("silver_things", "SILVER", kGood);
  ASSERT_TRUE(model.ok());
  EXPECT_THAT(model->render("stale"),
              HasSubstr("bronze_things b JOIN stale ON stale.store_id = b.store_id AND "
                        "stale.thing_id = b.thing_id\nWHERE"));
  EXPECT_THAT(model->render(""), Not(HasSubstr("{{")));
  EXPECT_THAT(model->render(""), Not(HasSubstr("JOIN")));
}

TEST(Model, AMissingFieldIsNamedWithTheModel) {
  for (const std::string field :
       {"grain", "keys", "materialisation", "scope", "changes", "columns", "checks"}) {
    const Error error = error_of(with_line("-- " + field + ":", ""));
    EXPECT_EQ(error.kind(), ErrorKind::kInvalidConfig);
    EXPECT_EQ(error.message(), fmt::format("model silver_things: no `-- {}:`", field));
  }
}

TEST(Model, AWrongFieldIsQuoted) {
  struct Case {
    const char* start;
    const char* line;
    const char* said;
  };
  const std::vector<Case> cases = {
      {"-- materialisation", "-- materialisation: table", "merge or scd2, not table"},
      {"-- columns", "-- columns: store_id BIGINT, thing_id INT", "thing_id INT"},
      {"-- columns", "-- columns: store_id, thing_id BIGINT", "known type: store_id"},
      {"-- columns", "-- columns: store_id BIGINT, p DECIMAL(10,2)", "p DECIMAL(10,2)"},
      {"-- columns", "-- columns: store_id BIGINT", "key is no column: thing_id"},
      {"-- scope", "-- scope: store_id TEXT", "store_id TEXT"},
      {"-- checks", "-- checks: unique", "kind(columns): unique"},
      {"-- checks", "-- checks: unique(store_id", "kind(columns): unique(store_id"},
      {"-- checks", "-- checks: positive(price)", "one_current, not positive"},
      {"-- checks", "-- checks: not_null(name)", "a rule"},
      {"-- rules", "-- rules: positive(price)", "not positive(price)"},
      {"-- rules", "-- rules: range(price, 0)", "not range(price, 0)"},
      {"-- rules", "-- rules: not_null(colour)", "colour is no column"},
      {"-- rules", "-- payload: BRONZE.bronze_things(name)", "not by name"},
  };
  for (const Case& one : cases) {
    const Error error = error_of(with_line(one.start, one.line));
    EXPECT_EQ(error.kind(), ErrorKind::kInvalidConfig) << one.line;
    EXPECT_THAT(error.message(), HasSubstr("model silver_things: "));
    EXPECT_THAT(error.message(), HasSubstr(one.said));
  }
}

TEST(Model, AHeaderWithoutASelectIsRefused) {
  const std::string text = kGood;
  const Error error = error_of(text.substr(0, text.find("\nSELECT")));
  EXPECT_THAT(error.message(), HasSubstr("silver_things: no SELECT below the header"));
  EXPECT_THAT(error_of("").message(), HasSubstr("no SELECT"));
}

TEST(Model, NoPrefixOfAModelBringsTheParserDown) {
  const std::string text = kGood;
  for (size_t length = 0; length <= text.size(); ++length) {
    const auto model = parse_model("silver_things", "SILVER", text.substr(0, length));
    if (!model.ok()) {
      ASSERT_EQ(model.error().kind(), ErrorKind::kInvalidConfig);
      ASSERT_THAT(model.error().message(), HasSubstr("silver_things"));
    }
  }
}

TEST(Model, VersionsBringColumnsThatTheSelectDoesNotYield) {
  std::string text = with_line("-- materialisation", "-- materialisation: scd2");
  text = "-- surrogate: name\n" + text;
  const auto model = parse_model("silver_things", "SILVER", text);
  ASSERT_TRUE(model.ok()) << model.error().to_text();
  EXPECT_TRUE(is_runner_column(*model, "name"));
  EXPECT_TRUE(is_runner_column(*model, "effective_date"));
  EXPECT_TRUE(is_runner_column(*model, "expiration_date"));
  EXPECT_TRUE(is_runner_column(*model, "is_current"));
  EXPECT_FALSE(is_runner_column(*model, "price"));
}

// --- the registry -----------------------------------------------------------------------------

// A model that reads these tables.
ModelText model_reading(const std::string& name, const std::string& tables,
                        const std::string& changes = "BRONZE.b") {
  return {name, "SILVER",
          fmt::format("-- grain: g\n-- keys: id\n-- materialisation: merge\n-- scope: id BIGINT\n"
                      "-- changes: SELECT id FROM {} WHERE load_seq > {{seq}}\n"
                      "-- columns: id BIGINT\n-- checks: unique(id)\nSELECT id FROM {}",
                      changes, tables)};
}

std::vector<std::string> order_of(const std::vector<ModelText>& texts) {
  const auto registry = ModelRegistry::of(texts);
  EXPECT_TRUE(registry.ok()) << registry.error().to_text();
  std::vector<std::string> names;
  if (!registry.ok()) return names;
  for (const Model& model : registry->models()) names.push_back(model.name);
  return names;
}

TEST(ModelRegistry, RunsEachModelAfterThoseThatItReads) {
  EXPECT_THAT(order_of({model_reading("a", "SILVER.b"), model_reading("b", "SILVER.c"),
                        model_reading("c", "BRONZE.x")}),
              ElementsAre("c", "b", "a"));
  EXPECT_THAT(
      order_of({model_reading("a", "BRONZE.x", "SILVER.z"), model_reading("z", "BRONZE.x")}),
      ElementsAre("z", "a"))
      << "what tells of changes is read, too";
  EXPECT_THAT(order_of({model_reading("c", "BRONZE.x"), model_reading("a", "BRONZE.x")}),
              ElementsAre("a", "c"))
      << "by name where nothing else counts";
}

TEST(ModelRegistry, ANameWithinALongerNameIsNotRead) {
  EXPECT_THAT(order_of({model_reading("a", "SILVER.z_more"), model_reading("z", "SILVER.a")}),
              ElementsAre("a", "z"));
  EXPECT_THAT(order_of({model_reading("a", "SILVER.a")}), ElementsAre("a"))
      << "itself is no circle";
}

TEST(ModelRegistry, ACircleIsRefused) {
  const auto registry = ModelRegistry::of(
      {model_reading("first", "BRONZE.x"), model_reading("one", "SILVER.two"),
       model_reading("two", "SILVER.three"), model_reading("three", "SILVER.one")});
  ASSERT_FALSE(registry.ok());
  EXPECT_EQ(registry.error().kind(), ErrorKind::kInvalidConfig);
  EXPECT_THAT(registry.error().message(), HasSubstr("in a circle"));
  EXPECT_THAT(registry.error().message(), HasSubstr("one among them"));
}

TEST(ModelRegistry, ABrokenModelIsNamed) {
  const auto registry =
      ModelRegistry::of({model_reading("good", "BRONZE.x"), {"bad", "SILVER", "SELECT 1"}});
  ASSERT_FALSE(registry.ok());
  EXPECT_THAT(registry.error().message(), HasSubstr("model bad: "));
}

// --- the models of the program ----------------------------------------------------------------

std::vector<std::filesystem::path> model_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(FALAJ_SOURCE_DIR "/models")) {
    if (entry.path().extension() == ".sql") files.push_back(entry.path());
  }
  return files;
}

TEST(BuiltInModels, AreAllFilesAndTheirTexts) {
  std::set<std::string> in_program;
  for (const ModelText& text : embedded_models()) in_program.insert(text.name);
  const auto files = model_files();
  EXPECT_EQ(files.size(), in_program.size());
  for (const auto& file : files) {
    EXPECT_TRUE(in_program.contains(file.stem().string())) << file;
  }
}

TEST(BuiltInModels, EveryFileHasAWholeHeader) {
  for (const auto& file : model_files()) {
    SCOPED_TRACE(file.string());
    const auto model = parse_model(file.stem().string(), "SILVER", test::read_text_file(file));
    ASSERT_TRUE(model.ok()) << model.error().to_text();
    EXPECT_FALSE(model->grain.empty());
    EXPECT_FALSE(model->keys.empty());
    EXPECT_FALSE(model->checks.empty());
    EXPECT_TRUE(model->has_column("change_seq")) << "others find their changes by it";
    std::set<std::string> names;
    for (const auto& column : model->columns) {
      EXPECT_TRUE(names.insert(column.name).second) << "twice: " << column.name;
    }
    for (const Check& check : model->checks) {
      EXPECT_FALSE(check.columns.empty()) << check.text();
      for (const auto& column : check.columns) EXPECT_TRUE(names.contains(column)) << check.text();
    }
    for (const auto& column : model->scope) EXPECT_TRUE(names.contains(column.name)) << column.name;
    for (const auto& query : model->changes) EXPECT_THAT(query, HasSubstr("{seq}"));
  }
}

TEST(BuiltInModels, EveryScopeReachesTheSelect) {
  for (const Model& model : ModelRegistry::built_in().models()) {
    SCOPED_TRACE(model.name);
    EXPECT_THAT(model.select, HasSubstr("{{changed("));
    EXPECT_THAT(model.render("stale"), HasSubstr("JOIN stale ON stale."));
    EXPECT_THAT(model.render("stale"), Not(HasSubstr("{{")));
    EXPECT_THAT(model.render(""), Not(HasSubstr("{{")));
  }
}

TEST(BuiltInModels, VersionsHaveTheirColumnsAndOneCurrentRowAKey) {
  for (const Model& model : ModelRegistry::built_in().models()) {
    if (model.materialisation != Materialisation::kScd2) continue;
    SCOPED_TRACE(model.name);
    for (const auto* column : {"effective_date", "expiration_date", "is_current"}) {
      EXPECT_TRUE(model.has_column(column)) << column;
    }
    EXPECT_TRUE(model.has_column(model.surrogate));
    EXPECT_THAT(model.select, HasSubstr("changed_at"));
    std::string checks;
    for (const Check& check : model.checks) checks += check.text() + " ";
    EXPECT_THAT(checks, HasSubstr("one_current("));
    EXPECT_THAT(checks, HasSubstr("unique(" + model.surrogate + ")"));
  }
}

TEST(BuiltInModels, SilverComesBeforeGoldAndMartsComeLast) {
  std::vector<std::string> names;
  for (const Model& model : ModelRegistry::built_in().models()) names.push_back(model.name);
  const auto place = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) - names.begin();
  };
  EXPECT_LT(place("silver_orders"), place("gold_fact_orders"));
  EXPECT_LT(place("gold_dim_customers"), place("gold_fact_orders"));
  EXPECT_LT(place("silver_products"), place("silver_order_items"));
  EXPECT_LT(place("gold_dim_products"), place("gold_fact_order_items"));
  EXPECT_LT(place("gold_fact_orders"), place("mv_daily_sales"));
  EXPECT_EQ(ModelRegistry::built_in().definitions().size(), names.size() + 1);
}

}  // namespace
}  // namespace falaj::transform
