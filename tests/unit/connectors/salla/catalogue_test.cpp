// A catalogue of streams as a document: what a user's file adds and changes, and how mistakes in it
// are named.
#include "connectors/salla/catalogue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace falaj::connectors::salla {
namespace {

using extract::Changes;
using extract::Paging;
using extract::StreamSpec;
using testing::HasSubstr;

std::variant<Streams, CatalogueProblem> read(const std::string& streams) {
  const auto document = Json::parse(R"({"streams":)" + streams + "}");
  EXPECT_TRUE(document.ok()) << streams;
  return read_catalogue(built_in_streams(), *document);
}

StreamSpec stream_of(const std::string& streams, const std::string& name) {
  const auto result = read(streams);
  const auto* problem = std::get_if<CatalogueProblem>(&result);
  EXPECT_EQ(problem, nullptr) << problem->place << ": " << problem->message;
  if (problem != nullptr) return {};
  for (const auto& stream : std::get<Streams>(result)) {
    if (stream.name == name) return stream;
  }
  ADD_FAILURE() << "no stream " << name;
  return {};
}

// "place: message" of a document that is refused.
std::string problem_of(const std::string& streams) {
  const auto result = read(streams);
  const auto* problem = std::get_if<CatalogueProblem>(&result);
  return problem == nullptr ? "" : problem->place + ": " + problem->message;
}

TEST(Catalogue, AStreamOfTenLinesIsWhole) {
  const auto tags = stream_of(R"({"product_tags": {"path": "/products/tags", "paging": "pages",
      "scope": "products.read", "columns": [["name", "text", "name"]]}})",
                              "product_tags");
  EXPECT_EQ(tags.path, "/products/tags");
  EXPECT_EQ(tags.paging, Paging::kPages);
  EXPECT_EQ(tags.changes, Changes::kCompare);
  EXPECT_TRUE(tags.is_enabled);
  EXPECT_EQ(tags.table.table, "bronze_product_tags");
  EXPECT_EQ(tags.table.id_column, "product_tag_id");
  EXPECT_EQ(tags.table.id_paths, std::vector<std::string>{"id"});
  ASSERT_EQ(tags.table.fields.size(), 1U);
  EXPECT_EQ(extract::cost_of(tags), "1 a page of 60 rows");
}

TEST(Catalogue, AUsersFileAddsColumnsAndReplacesThoseOfTheSameName) {
  const auto before = stream_of("{}", "customers");
  const auto after = stream_of(R"({"customers": {"volatile": ["seen_at"], "columns": [
      ["city", "json", "city_object"], ["loyalty_points", "int", "total_points"]]}})",
                               "customers");
  EXPECT_EQ(after.path, before.path);
  EXPECT_EQ(after.table.fields.size(), before.table.fields.size() + 1);
  EXPECT_EQ(after.table.volatile_members, std::vector<std::string>{"seen_at"});
  for (const auto& field : after.table.fields) {
    EXPECT_TRUE(field.column != "city" || field.kind == decode::FieldKind::kJson);
  }
  EXPECT_EQ(after.table.fields.back().column, "loyalty_points");
}

TEST(Catalogue, AUsersFileSaysWhichColumnsAreImportantAndWhatEmptyMeans) {
  const auto orders = stream_of(
      R"({"orders": {"important": ["customer_id"], "zero_when_empty": ["sub_total_amount"]}})",
      "orders");
  EXPECT_EQ(orders.table.important, std::vector<std::string>{"customer_id"});
  EXPECT_EQ(orders.table.zero_when_empty, std::vector<std::string>{"sub_total_amount"});
  const auto tags = stream_of(
      R"({"tags": {"path": "/tags", "important": ["name"], "columns": [["name", "text", "name"]]}})",
      "tags");
  EXPECT_EQ(tags.table.important, std::vector<std::string>{"name"});
}

TEST(Catalogue, ChildrenFollowTheStreamOfTheirLines) {
  const auto orders =
      stream_of(R"({"order_items": {"columns": [["notes", "text", "notes"]]}})", "orders");
  ASSERT_EQ(orders.table.children.size(), 1U);
  EXPECT_EQ(orders.table.children[0].table.fields.back().column, "notes");
  EXPECT_EQ(orders.table.children[0].table.set_table, "bronze_order_item_sets");
}

TEST(Catalogue, MistakesAreNamedWithTheirPlaceAndWhatIsAccepted) {
  const std::string columns = R"("columns": [["name", "text", "name"]])";
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {R"({"tags": {"path": "/tags", "pagination": "pages"}})",
       "streams.tags.pagination: no key of a stream is called so; accepted: bucket, changes,"},
      {R"({"tags": {"path": "/tags", "paging": "page"}})",
       "streams.tags.paging: accepted: pages, opaque_cursor, integer_cursor, none"},
      {R"({"tags": {"path": "tags"}})", "streams.tags.path: a path starts with /"},
      {R"({"tags": {"path": "/tags"}})", "streams.tags: needs columns"},
      {R"({"tags": {)" + columns + "}}", "streams.tags: needs a path"},
      {R"({"Tags": {"path": "/tags"}})", "streams.Tags: a stream's name has lower-case letters"},
      {R"({"tags": {"path": "/tags", "columns": [["name", "txt", "name"]]}})",
       R"(streams.tags.columns[0]: no kind of column is called "txt"; accepted: int, text, money)"},
      {R"({"tags": {"path": "/tags", "columns": [["name", "text", "name"], ["name", "int", "n"]]}})",
       "streams.tags.columns[1]: column name is declared twice"},
      {R"({"tags": {"path": "/tags", "columns": [["name", "text"]]}})",
       "streams.tags.columns[0]: expected [name, kind, path, ...]"},
      {R"({"tags": {"path": "/tags", "columns": [["name", "text", "a..b"]]}})",
       R"(streams.tags.columns[0]: "a..b" is no path of members)"},
      {R"({"tags": {"path": "/tags", "columns": [["raw_data", "json", "all"]]}})",
       "streams.tags: column raw_data is one of every bronze table's own"},
      {R"({"tags": {"path": "/tags", "from": "since", )" + columns + "}}",
       "streams.tags: from and to go together"},
      {R"({"tags": {"path": "/orders/{parent}/tags", )" + columns + "}}",
       "streams.tags: parent and {parent} in the path go together"},
      {R"({"tags": {"path": "/order/{parent}/tags", "parent": "order", )" + columns + "}}",
       "streams.tags: parent: no stream is called order"},
      {R"({"tags": {"path": "/tags", "table": "bronze_orders", )" + columns + "}}",
       "streams.tags: table bronze_orders belongs to stream orders already"},
      {R"({"tags": {"path": "/tags", "enabled": "no"}})",
       "streams.tags.enabled: accepted: true, false"},
      {R"({"tags": {"path": "/tags", "bucket": "ip"}})",
       "streams.tags.bucket: accepted: store, customers"},
      {R"({"tags": {"path": "/tags", "children": [{"path": "a", "shapes": ["full"], "stream": "brands"}],)" +
           columns + "}}",
       "streams.tags.children: brands is no stream of lines"},
      {R"({"tags": {"path": "/tags", "changes": "latest_first", )" + columns + "}}",
       "streams.tags: changes: latest_first takes code of its own; accepted: compare, "
       "newest_first"},
      {R"({"orders": {"path": "/my/orders"}})",
       "streams.orders.path: the way this stream is read is built in; a file may set its columns"},
      {R"({"notes": {"path": "/items/{parent}/notes", "parent": "order_items", )" + columns + "}}",
       "streams.notes: parent: order_items is not read before; accepted: orders, customers"},
      {R"({"notes": {"path": "/c/{parent}", "parent": "countries", )" + columns + "}}",
       "streams.notes: parent: countries is not read before"},
      {R"({"tags": {"path": "/tags", "changes": "newest_first", )" + columns + "}}",
       R"(streams.tags: changes: newest_first is for lists with paging = "pages")"},
      {R"({"tags": {"path": "/tags", "changes": "with_parent", )" + columns + "}}",
       "streams.tags: changes: with_parent needs a parent"},
      {R"({"tags": {"path": "/tags", "reread_days": 0}})",
       "streams.tags.reread_days: accepted: 1 to 3650 days"},
      {R"({"tags": {"path": "/tags", "gone": "it's \"gone\""}})",
       "streams.tags.gone: a reason has lower-case letters"},
      {R"({"tags": {"path": "/tags", "nested": "a.b"}})",
       "streams.tags.nested: expected the name of one member"},
      {R"({"tags": {"path": "/tags", "key": [7]}})",
       "streams.tags.key: expected members' names in quotes"},
      {R"({"tags": {"path": "/tags", "set_table": "bronze_tag_sets", )" + columns + "}}",
       "streams.tags: set_table needs parent_column"},
      {R"({"tags": {"path": "/t/{parent}", "parent": "products", "parent_column": "product_id",
           "set_table": "bronze_tag_sets", "paging": "pages", )" +
           columns + "}}",
       "streams.tags: set_table: only an answer without pages is a whole set"},
      {R"({"orders": 7})", "streams.orders: expected a table of keys"}};
  for (const auto& [document, expected] : mistakes) {
    EXPECT_THAT(problem_of(document), HasSubstr(expected)) << document;
  }
  const auto result = read_catalogue({}, *Json::parse(R"({"stream": {}})"));
  EXPECT_EQ(std::get<CatalogueProblem>(result).place, "stream");
}

TEST(Catalogue, SettledNamesAColumnAndItsValues) {
  const std::string start = R"({"tags": {"path": "/tags", "columns": [["state", "text", "s"]], )";
  const auto tags = stream_of(start + R"("settled": ["state", "sold", "lost"]}})", "tags");
  EXPECT_EQ(tags.settled_column, "state");
  EXPECT_EQ(tags.settled_values, (std::vector<std::string>{"sold", "lost"}));
  EXPECT_THAT(problem_of(start + R"("settled": ["state"]}})"),
              HasSubstr("streams.tags.settled: expected [column, value, ...]"));
  EXPECT_THAT(problem_of(start + R"("settled": ["state", "it's"]}})"),
              HasSubstr("streams.tags.settled: a value has lower-case letters"));
  EXPECT_THAT(problem_of(start + R"("settled": ["status", "sold"]}})"),
              HasSubstr("streams.tags: settled: status is no column of kind text"));
}

TEST(Catalogue, ImportantAndEmptyColumnsAreColumns) {
  const std::string columns = R"("columns": [["name", "text", "name"]])";
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {R"({"tags": {"path": "/tags", "important": ["title"], )" + columns + "}}",
       "streams.tags: important: no column is called title"},
      {R"({"tags": {"path": "/tags", "zero_when_empty": ["title"], )" + columns + "}}",
       "streams.tags: zero_when_empty: no column is called title"},
      {R"({"tags": {"path": "/tags", "zero_when_empty": ["name"], )" + columns + "}}",
       "streams.tags: zero_when_empty: name is text; accepted: columns of int, money, decimal and "
       "rate"}};
  for (const auto& [document, expected] : mistakes) {
    EXPECT_THAT(problem_of(document), HasSubstr(expected)) << document;
  }
}

TEST(Catalogue, NamesThatAWarehouseCouldNotTakeAreRefused) {
  const std::string columns = R"("columns": [["name", "text", "name"]])";
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {R"({"tags": {"path": "/tags", "columns": [["name", "text", "name"], ["order", "int", "o"]]}})",
       "streams.tags.columns[1]: order is a word of SQL that a warehouse keeps for itself"},
      {R"({"tags": {"path": "/tags", "columns": [["start", "int", "u"]]}})",
       "streams.tags.columns[0]: start is a word of SQL"},
      {R"({"tags": {"path": "/tags", "id_column": "group", )" + columns + "}}",
       "streams.tags.id_column: group is a word of SQL"},
      {R"({"tags": {"path": "/tags", "columns": [["Total", "int", "t"]]}})",
       "streams.tags.columns[0]: a name has lower-case letters"},
      {R"({"tags": {"path": "/tags", "columns": [["2nd", "int", "t"]]}})",
       "streams.tags.columns[0]: a name has lower-case letters"},
      {R"({"tags": {"path": "/tags", "columns": [["اسم", "int", "t"]]}})",
       "streams.tags.columns[0]: a name has lower-case letters"},
      {R"({"tags": {"path": "/tags", "table": "load_watermarks", )" + columns + "}}",
       "streams.tags: table load_watermarks is falaj's own"},
      {R"({"tags": {"path": "/tags", "colums": []}})",
       "streams.tags.colums: no key of a stream is called so; did you mean \"columns\"?"}};
  for (const auto& [document, expected] : mistakes) {
    EXPECT_THAT(problem_of(document), HasSubstr(expected)) << document;
  }
}

TEST(Catalogue, BuiltInStreamsSayWhereTheirFactsComeFrom) {
  EXPECT_EQ(catalogue().size(), built_in_streams().size());
  for (const auto& stream : built_in_streams()) {
    EXPECT_NE(stream.document, "") << stream.name;
    EXPECT_NE(extract::cost_of(stream), "") << stream.name;
    EXPECT_NE(extract::to_string(stream.paging), "");
    EXPECT_NE(extract::to_string(stream.changes), "");
  }
}

}  // namespace
}  // namespace falaj::connectors::salla
