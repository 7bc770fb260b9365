// Entities without an id, entities inside entities, and entities of a parent: what their rows' ids are.
#include "decode/entity_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decode/page_decoder.hpp"
#include "decode/page_index.hpp"

namespace falaj::decode {
namespace {

using ::testing::ElementsAre;

TableSpec spec_with_key(std::vector<std::string> key) {
  TableSpec spec;
  spec.stream = "things";
  spec.table = "bronze_things";
  spec.id_column = "thing_id";
  spec.key_paths = std::move(key);
  spec.fields = {{"name", FieldKind::kText, {"name"}}};
  return spec;
}

std::optional<int64_t> key_of(const TableSpec& spec, std::string_view entity, int64_t parent = 0) {
  JsonText json;
  EXPECT_FALSE(json.index(entity)) << entity;
  return EntityKey(spec).of(json, json.root(), parent);
}

DecodedBatches decode_page(const TableSpec& spec, const std::string& body, int64_t parent = 0) {
  PageDecoder decoder(spec, StoreId(77), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
  auto out = decoder.make_batches();
  auto owned = std::make_shared<std::string>(body);
  SourcePage page;
  page.shape = "full";
  page.source = "list";
  page.request = "/things";
  page.parent_id = parent;
  page.body = *owned;
  page.owner = owned;
  decoder.decode(page, out);
  return out;
}

std::vector<int64_t> ids_of(const DecodedBatches& batches) {
  std::vector<int64_t> ids;
  const auto& rows = batches.tables[0].rows;
  for (size_t i = 0; i < rows.row_count(); ++i) ids.push_back(rows.number(kEntityId, i));
  return ids;
}

TEST(EntityKey, IsTheSameForTheSameMembersAlone) {
  const auto spec = spec_with_key({"code", "at.date"});
  const auto id = key_of(spec, R"({"code":"SAR","at":{"date":"2026-01-01"},"name":"a"})");
  ASSERT_TRUE(id);
  EXPECT_GT(*id, 0);
  EXPECT_EQ(id,
            key_of(spec, R"({"name":"b","at":{"zone":1,"date":"2026-01-01"},"code":"\u0053AR"})"));
  EXPECT_NE(id, key_of(spec, R"({"code":"SAR","at":{"date":"2026-01-02"}})"));
  EXPECT_NE(id, key_of(spec, R"({"code":"SAR"})"));
}

TEST(EntityKey, PartsDoNotRunIntoEachOther) {
  const auto spec = spec_with_key({"a", "b"});
  EXPECT_NE(key_of(spec, R"({"a":"x","b":"yz"})"), key_of(spec, R"({"a":"xy","b":"z"})"));
  EXPECT_NE(key_of(spec, R"({"a":"x"})"), key_of(spec, R"({"b":"x"})"));
  EXPECT_EQ(key_of(spec, R"({"a":"x","b":null})"), key_of(spec, R"({"a":"x","b":{}})"));
}

TEST(EntityKey, NoMemberIsNoKeyAndAParentAloneIsItsId) {
  EXPECT_EQ(key_of(spec_with_key({"code"}), R"({"name":"x","code":null})"), std::nullopt);
  EXPECT_EQ(key_of(spec_with_key({"{parent}"}), R"({"name":"x"})", 42), 42);
  const auto both = spec_with_key({"{parent}", "n"});
  EXPECT_NE(key_of(both, R"({"n":1})", 1), key_of(both, R"({"n":1})", 2));
}

TEST(EntityKey, TheIndexAndTheRowsAgree) {
  auto spec = spec_with_key({"code", "{parent}"});
  const std::string body = R"({"data":[{"code":"A"},{"code":7},{"name":"without"}]})";
  const auto index = PageIndex::read(body, nullptr, &spec, 5);
  ASSERT_TRUE(index.ok());
  const auto got = decode_page(spec, body, 5);
  EXPECT_THAT(ids_of(got), ElementsAre(index->rows[0].id, index->rows[1].id));
  EXPECT_EQ(index->rows[2].id, 0);
  ASSERT_EQ(got.rejections.size(), 1U);
  EXPECT_EQ(got.rejections[0].rule, "missing_id");
  EXPECT_EQ(got.rejections[0].message,
            "code, {parent}: found nothing, expected a key of these members");
}

TEST(EntityKey, NestedEntitiesAreRowsOfTheirOwn) {
  auto spec = spec_with_key({});
  spec.nested = "below";
  const auto got = decode_page(
      spec,
      R"({"data":[{"id":1,"name":"a","below":[{"id":2,"below":[{"id":3,"name":"c"}]},{"id":"x"}]},)"
      R"({"id":4,"below":{}}]})");
  EXPECT_THAT(ids_of(got), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(got.tables[0].fetched, 5);
  ASSERT_EQ(got.rejections.size(), 1U);
  std::vector<int64_t> places;
  for (size_t i = 0; i < 4; ++i) places.push_back(got.tables[0].rows.number(kPackageRow, i));
  EXPECT_THAT(places, ElementsAre(0, 1, 2, 4)) << "no two rows of a page share a place";
}

TEST(EntityKey, AParentOfEntitiesIsAColumn) {
  auto spec = spec_with_key({});
  spec.parent_column = "group_id";
  const auto got = decode_page(spec, R"({"data":[{"id":1,"name":"a"},{"id":2,"name":"b"}]})", 9);
  ASSERT_EQ(got.tables.size(), 1U) << "no table of sets";
  const auto& rows = got.tables[0].rows;
  ASSERT_EQ(rows.row_count(), 2U);
  EXPECT_EQ(rows.schema().columns[kParentId].name, "group_id");
  EXPECT_EQ(rows.number(kParentId, 1), 9);
  EXPECT_EQ(rows.text(kParentId + 1, 1), "b");
  EXPECT_EQ(decode_page(spec, R"({"data":[]})").rejections.size(), 1U) << "whose are they?";
}

}  // namespace
}  // namespace falaj::decode
