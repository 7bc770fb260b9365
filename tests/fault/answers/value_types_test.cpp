// Every odd value of docs/faults.md at every place that a column of any stream of the catalogue reads, and
// at every place on the way there: each column is as the table "Types of values" says, by its kind and
// what the catalogue declares of it. Entities of a stream stand on one page, so none costs another its row.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <memory>
#include <set>

#include "connectors/salla/catalogue.hpp"
#include "decode/page_decoder.hpp"
#include "support/odd_cases.hpp"
#include "support/value_types/cell_text.hpp"
#include "support/value_types/expected_row.hpp"

namespace falaj::test {
namespace {

using decode::FieldKind;
using decode::TableSpec;

struct Case {
  std::string place;
  std::string value;
  std::string entity;
};

// "a.b[].c" -> {"a":{"b":[{"c":VALUE}]}}, without the outer braces.
std::string nested(const std::string& path, const std::string& value) {
  const auto dot = path.find('.');
  auto step = path.substr(0, dot);
  const bool is_list = step.ends_with("[]");
  if (is_list) step.resize(step.size() - 2);
  auto inner = dot == std::string::npos ? value : "{" + nested(path.substr(dot + 1), value) + "}";
  if (is_list) inner = "[" + inner + "]";
  return fmt::format(R"("{}":{})", step, inner);
}

// The path and what is above it: "a.b[].c", "a.b[]", "a.b", "a".
std::set<std::string> places_of(const TableSpec& spec) {
  std::set<std::string> places;
  const auto add = [&](std::string path) {
    while (!path.empty()) {
      places.insert(path);
      if (path.ends_with("[]")) {
        path.resize(path.size() - 2);
      } else {
        const auto dot = path.rfind('.');
        path.resize(dot == std::string::npos ? 0 : dot);
      }
    }
  };
  for (const auto& field : spec.fields) {
    for (const auto& path : field.paths) {
      const auto number = path.substr(path.find('+') + 1);
      add(number);
      if (number != path) add(path.substr(0, path.find('+')));
      if (field.kind == FieldKind::kMoney) add(path + ".amount");
      if (field.kind == FieldKind::kTimestamp) add(path + ".date");
      if (field.kind == FieldKind::kTimestamp) add(path + ".timezone");
    }
  }
  for (const auto& path : spec.id_paths) add(path);
  for (const auto& path : spec.key_paths) {
    if (path != "{parent}") add(path);
  }
  return places;
}

std::vector<Case> cases_of(const TableSpec& spec, const std::vector<OddValue>& values) {
  std::vector<Case> cases;
  for (const auto& place : places_of(spec)) {
    for (const auto& value : values) {
      std::string entity = value.json ? nested(place, *value.json) : "";
      // What makes it an entity, where that is not what is odd.
      auto keys = spec.key_paths.empty() ? spec.id_paths : spec.key_paths;
      for (const auto& key : keys) {
        const auto root = key.substr(0, key.find('.'));
        if (root.starts_with('{') || root == place.substr(0, place.find_first_of(".["))) continue;
        entity += fmt::format(R"({}"{}":7)", entity.empty() ? "" : ",", root);
      }
      cases.push_back({place, value.to_text(), "{" + entity + "}"});
    }
  }
  return cases;
}

class Page {
 public:
  Page(const TableSpec& spec, const std::vector<Case>& cases)
      : spec_(spec),
        decoder_(spec, StoreId(77), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H")),
        out(decoder_.make_batches()) {
    std::string entities;
    for (const auto& each : cases) entities += (entities.empty() ? "" : ",") + each.entity;
    const auto body = std::make_shared<const std::string>(R"({"data":[)" + entities + "]}");
    decode::SourcePage page;
    page.shape = spec.parent_column.empty() ? "details" : "items";
    page.source = "list";
    page.request = "/any";
    page.parent_id = spec.parent_column.empty() ? 0 : 5;
    page.body = *body;
    page.owner = body;
    decoder_.decode(page, out);
    const auto& rows = out.tables[0].rows;
    for (size_t row = 0; row < rows.row_count(); ++row)
      rows_[rows.number(decode::kPackageRow, row)] = row;
    for (const auto& rejection : out.rejections) rules_[rejection.package_row] = rejection.rule;
    for (const auto& loss : out.tables[0].losses) {
      const auto& kind = out.tables[0].loss_kinds[loss.kind];
      losses_[{loss.row, rows.schema().columns[kind.column].name}] = kind.rule;
    }
  }

  // What became of a case, one line; empty: what was expected.
  std::string difference(int64_t number, const ExpectedRow& expected) const {
    const auto refused = rules_.find(number);
    const auto rule = refused == rules_.end() ? std::string() : refused->second;
    if (rule != expected.rule)
      return fmt::format("quarantine \"{}\", expected \"{}\"", rule, expected.rule);
    if (!rule.empty()) return "";
    const auto row = rows_.at(number);
    for (const auto& [column, cell] : expected.cells) {
      const auto text = cell_text(out.tables[0].rows, column, row);
      const auto lost = losses_.find({static_cast<uint32_t>(row), column});
      const auto lost_rule = lost == losses_.end() ? std::string() : lost->second;
      using Kind = ExpectedCell::Kind;
      const auto rule_wanted = cell.kind == Kind::kEither && text ? std::string() : cell.rule;
      if (lost_rule != rule_wanted)
        return fmt::format("{}: lost \"{}\", expected \"{}\"", column, lost_rule, rule_wanted);
      if (cell.kind == Kind::kEither) continue;
      if ((cell.kind == Kind::kValue) != text.has_value())
        return fmt::format("{} = {}, expected {}", column, text.value_or("NULL"),
                           cell.kind == Kind::kValue ? cell.text.value_or("a value") : "NULL");
      if (cell.text && *text != *cell.text)
        return fmt::format("{} = {}, expected {}", column, *text, *cell.text);
    }
    return "";
  }

 private:
  const TableSpec& spec_;
  decode::PageDecoder decoder_;

 public:
  decode::DecodedBatches out;

 private:
  std::map<int64_t, size_t> rows_;  // by package_row
  std::map<int64_t, std::string> rules_;
  std::map<std::pair<uint32_t, std::string>, std::string> losses_;
};

TEST(ValueTypes, EveryPlaceOfEveryStreamTakesEachAsTheTableSays) {
  ValueTypes types;
  const auto values = odd_values();
  size_t count = 0;
  size_t different = 0;
  for (const auto& spec : connectors::salla::catalogue()) {
    if (spec.stream == "webhooks" || spec.stream == "deletions") continue;  // written by falaj
    const auto cases = cases_of(spec, values);
    count += cases.size();
    const Page page(spec, cases);
    for (size_t i = 0; i < cases.size(); ++i) {
      const auto expected = types.row_of(spec, cases[i].entity);
      const auto found = page.difference(static_cast<int64_t>(i), expected);
      if (found.empty() || ++different > 30) continue;
      ADD_FAILURE() << spec.stream << " " << cases[i].place << " = " << cases[i].value << ": "
                    << found << "\n"
                    << cases[i].entity;
    }
  }
  EXPECT_EQ(different, 0U);
  types.expect_every_cell_was_used();
  std::cout << values.size() << " odd values, " << count << " cases\n";
}

}  // namespace
}  // namespace falaj::test
