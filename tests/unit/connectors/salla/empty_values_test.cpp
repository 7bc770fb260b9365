// Every column of the catalogue, with each value that says nothing: what stands in the row is what
// decode::meaning_of() says, and docs/models.md tells of. No such value costs a row or is counted as lost.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/json.hpp"
#include "connectors/salla/catalogue.hpp"
#include "decode/page_decoder.hpp"

namespace falaj::connectors::salla {
namespace {

using decode::Empty;
using decode::FieldKind;
using decode::FieldSpec;
using decode::Meaning;
using decode::TableSpec;

// `value` at a path of the entity; nothing: the entity without it. A sum's value stands for the list.
std::string entity_with(const TableSpec& spec, const FieldSpec& field, const std::string& path,
                        const std::string& value) {
  std::set<std::string> given;
  std::string rest = path.substr(path.find('+') + 1);  // of code+number the number
  if (field.kind == FieldKind::kMoneySum) rest.resize(rest.find("[]"));
  given.insert(rest.substr(0, rest.find_first_of(".[")));
  std::string before;
  std::string after;
  while (true) {
    const auto dot = rest.find('.');
    auto step = rest.substr(0, dot);
    const bool is_array = step.ends_with("[]");
    // Of money, which is none without an amount.
    if (step == "currency" && before.ends_with("{")) before += R"("amount":1,)";
    if (is_array) step.resize(step.size() - 2);
    before += fmt::format(R"("{}":{})", step, is_array ? "[" : "");
    after = (is_array ? "]" : "") + after;
    if (dot == std::string::npos) break;
    before += "{";
    after = "}" + after;
    rest = rest.substr(dot + 1);
  }
  std::string entity = value.empty() ? "" : before + value + after;
  const auto add = [&](const std::string& key) {
    const auto name = key.substr(0, key.find('.'));
    if (name.starts_with("{") || !given.insert(name).second) return;
    entity += fmt::format(R"({}"{}":1)", entity.empty() ? "" : ",", name);
  };
  if (spec.key_paths.empty()) add("id");
  for (const auto& key : spec.key_paths) add(key);
  return "{" + entity + "}";
}

decode::DecodedBatches decode_one(const TableSpec& spec, const std::string& entity) {
  decode::PageDecoder decoder(spec, StoreId(77), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
  auto out = decoder.make_batches();
  const auto body = std::make_shared<const std::string>(R"({"data":[)" + entity + "]}");
  decode::SourcePage page;
  page.shape = "details";
  page.source = "list";
  page.request = "/any";
  page.parent_id = spec.parent_column.empty() ? 0 : 5;
  page.body = *body;
  page.owner = body;
  decoder.decode(page, out);
  return out;
}

std::string expected_cell(Meaning meaning, const std::string& value) {
  switch (meaning) {
    case Meaning::kUnknown:
    case Meaning::kNone: return "NULL";
    case Meaning::kZero: return "0";
    case Meaning::kEmptyText: return "''";
    case Meaning::kAsItCame: return value;
  }
  return "";
}

std::string cell(const rows::RowBatch& batch, const std::string& column) {
  const size_t index = batch.schema().find(column).value();
  if (batch.is_null(index, 0)) return "NULL";
  if (batch.schema().columns[index].type != rows::ColumnType::kText) {
    return std::to_string(batch.number(index, 0));
  }
  const auto text = batch.text(index, 0);
  return text.empty() ? "''" : std::string(text);
}

// An id itself may not be empty.
bool is_key(const TableSpec& spec, const std::string& path) {
  const auto& keys = spec.key_paths.empty() ? spec.id_paths : spec.key_paths;
  return std::find(keys.begin(), keys.end(), path) != keys.end();
}

TEST(EmptyValues, MeanWhatTheCatalogueSaysInEveryColumn) {
  const std::pair<Empty, std::string> kValues[] = {{Empty::kAbsent, ""},
                                                   {Empty::kNull, "null"},
                                                   {Empty::kList, "[]"},
                                                   {Empty::kObject, "{}"},
                                                   {Empty::kText, R"("")"}};
  int columns = 0;
  for (const TableSpec& spec : catalogue()) {
    for (const FieldSpec& field : spec.fields) {
      ++columns;
      for (const auto& path : field.paths) {
        if (is_key(spec, path)) continue;
        for (const auto& [what, value] : kValues) {
          const auto entity = entity_with(spec, field, path, value);
          SCOPED_TRACE(fmt::format("{}.{}: {}", spec.stream, field.column, entity));
          const auto got = decode_one(spec, entity);
          ASSERT_TRUE(got.rejections.empty()) << got.rejections[0].message;
          ASSERT_EQ(got.tables[0].rows.row_count(), 1U);
          const auto column = got.tables[0].rows.schema().find(field.column).value();
          for (const auto& loss : got.tables[0].loss_kinds) {
            EXPECT_NE(loss.column, column) << loss.message;
          }
          EXPECT_EQ(cell(got.tables[0].rows, field.column),
                    expected_cell(decode::meaning_of(spec, field, what), value));
        }
      }
    }
  }
  EXPECT_GT(columns, 300);
}

TEST(EmptyValues, WhatIsNotThereIsNeverKnownToBeNothing) {
  for (const TableSpec& spec : catalogue()) {
    for (const FieldSpec& field : spec.fields) {
      EXPECT_EQ(decode::meaning_of(spec, field, Empty::kAbsent), Meaning::kUnknown);
      EXPECT_EQ(decode::meaning_of(spec, field, Empty::kNull), Meaning::kUnknown);
    }
  }
}

// A value that no column can take, in each column alone: it costs the row where the catalogue says so.
TEST(EmptyValues, AValueOfAnotherTypeCostsTheRowOnlyInImportantColumns) {
  for (const TableSpec& spec : catalogue()) {
    for (const FieldSpec& field : spec.fields) {
      const auto path = field.paths.front().substr(field.paths.front().find('+') + 1);
      if (field.kind == FieldKind::kJson || is_key(spec, path)) continue;
      const auto entity = entity_with(spec, field, path, R"({"odd":[true]})");
      SCOPED_TRACE(fmt::format("{}.{}: {}", spec.stream, field.column, entity));
      const auto got = decode_one(spec, entity);
      const auto& important = spec.important;
      const bool shares_path =
          std::any_of(spec.fields.begin(), spec.fields.end(), [&](const FieldSpec& other) {
            const bool is_below =
                std::any_of(other.paths.begin(), other.paths.end(), [&](const auto& one) {
                  return one == path || one.starts_with(path + ".") || one.starts_with(path + "[");
                });
            return is_below &&
                   std::find(important.begin(), important.end(), other.column) != important.end();
          });
      if (shares_path) {
        EXPECT_EQ(got.rejections.size(), 1U);
        continue;
      }
      ASSERT_TRUE(got.rejections.empty()) << got.rejections[0].message;
      ASSERT_EQ(got.tables[0].rows.row_count(), 1U);
      EXPECT_EQ(cell(got.tables[0].rows, field.column), "NULL");
      EXPECT_FALSE(got.tables[0].losses.empty());
    }
  }
}

}  // namespace
}  // namespace falaj::connectors::salla
