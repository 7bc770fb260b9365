// Every row of docs/faults.md, "Odd values": the entity that it shows goes through the catalogue's
// columns, and its row has what the table says, or it is in quarantine for the reason named there. A
// value is lost to its column where the table says so, and nowhere else.
#include <gtest/gtest.h>

#include <memory>

#include "connectors/salla/catalogue.hpp"
#include "decode/page_decoder.hpp"
#include "support/fault_table.hpp"
#include "support/value_types/cell_text.hpp"

namespace falaj::test {
namespace {

constexpr const char* kHeading = "Odd values";

const std::vector<decode::TableSpec>& specs() {
  static const auto all = connectors::salla::catalogue();
  return all;
}

TEST(OddValues, BecomeWhatTheTableSays) {
  for (const auto& row : fault_rows(kHeading)) {
    SCOPED_TRACE(row.id);
    const auto stream = row["stream"];
    const auto spec = std::find_if(specs().begin(), specs().end(),
                                   [&](const auto& each) { return each.stream == stream; });
    ASSERT_NE(spec, specs().end()) << stream;
    const auto entity = row.quoted("an entity with");
    const auto expected = row.quoted("becomes");
    ASSERT_EQ(entity.size(), 1U);
    ASSERT_GE(expected.size(), 1U);
    decode::PageDecoder decoder(*spec, StoreId(77), PackageId("01KDVDNA00DK9ZK0NKN8YHMR5H"));
    auto out = decoder.make_batches();
    const auto body = std::make_shared<const std::string>(R"({"data":[)" + entity[0] + "]}");
    decode::SourcePage page;
    page.shape = spec->parent_column.empty() ? "full" : "items";
    page.source = "list";
    page.request = "/any";
    page.parent_id = spec->parent_column.empty() ? 0 : 5;
    page.body = *body;
    page.owner = body;
    decoder.decode(page, out);
    const auto equals = expected[0].find(" = ");
    if (equals == std::string::npos) {
      ASSERT_EQ(out.rejections.size(), 1U);
      EXPECT_EQ("quarantine: " + out.rejections[0].rule, expected[0]) << out.rejections[0].message;
      EXPECT_NE(out.rejections[0].raw_data, "");
      continue;
    }
    // Lines of another table may be refused beside it.
    for (const auto& rejection : out.rejections)
      ASSERT_NE(rejection.table, out.tables[0].table) << rejection.message;
    ASSERT_EQ(out.tables[0].rows.row_count(), 1U);
    EXPECT_EQ(cell_text(out.tables[0].rows, expected[0].substr(0, equals), 0).value_or("NULL"),
              expected[0].substr(equals + 3));
    if (expected.size() == 1) {
      EXPECT_TRUE(out.tables[0].losses.empty()) << out.tables[0].loss_kinds[0].message;
      continue;
    }
    ASSERT_FALSE(out.tables[0].losses.empty());
    for (const auto& kind : out.tables[0].loss_kinds) {
      EXPECT_EQ("lost: " + kind.rule, expected[1]) << kind.message;
    }
  }
}

}  // namespace
}  // namespace falaj::test
