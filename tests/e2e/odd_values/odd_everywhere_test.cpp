// Every odd value of docs/faults.md in every field of every list of a store, each in an entity of its
// own: one run ends well, what is beside them is complete in gold to the cent, and each case is where the
// tables of docs/faults.md and the catalogue's declaration of the field say: in BRONZE with its value, as
// NULL and counted, or in quarantine by the rule; what BRONZE has goes on to SILVER and GOLD.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>

#include "connectors/salla/catalogue.hpp"
#include "support/long_tests.hpp"
#include "support/odd_cases.hpp"
#include "support/plain_client.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"
#include "support/value_types/expected_row.hpp"
#include "support/value_types/silver_mirror.hpp"

namespace falaj::test {
namespace {

// Above every id of a simulated store.
constexpr int64_t kFirstCaseId = 40'000'000'000;
constexpr size_t kShown = 20;

class OddEverywhere : public testing::Test {
 protected:
  OddEverywhere()
      : store_({"--seed", "7", "--orders", "60", "--customers", "40", "--products", "30", "--plan",
                "unlimited", "--orders-shape", "expanded", "--token-lifetime", "0", "--now",
                "2026-11-23T09:45:00Z"}),
        falaj_(dir_ / "home", store_.base_url()) {}

  struct List {
    const decode::TableSpec* spec = nullptr;
    std::string path;
  };
  // The lists that falaj reads on its own.
  static std::vector<List> lists() {
    std::vector<List> found;
    for (const auto& stream : connectors::salla::built_in_streams()) {
      auto path = stream.path;
      if (path.empty() || !stream.is_enabled) continue;
      if (path.find('{') != std::string::npos || path == "/store/info") continue;
      if (path.ends_with('/')) path.pop_back();
      found.push_back({&stream.table, path});
    }
    return found;
  }

  // The list's first page.
  Json::Array rows_of(const std::string& path) {
    const auto& url = store_.base_url();
    const auto port = static_cast<uint16_t>(std::atoi(url.c_str() + url.rfind(':') + 1));
    PlainClient client(port);
    client.send("GET /admin/v2" + path +
                "?per_page=60&expanded=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sim-token"
                "\r\nConnection: close\r\n\r\n");
    const auto answer = client.answer();
    const auto body = Json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
    EXPECT_TRUE(body.ok()) << path << answer.substr(0, 200);
    return body.ok() ? (*body)["data"].as_array() : Json::Array();
  }

  struct Case {
    const decode::TableSpec* spec = nullptr;
    std::string place;
    OddValue value;
    std::string entity;
    std::string to_text() const {
      return spec->stream + " " + place + " = " + value.to_text() + ": ";
    }
  };

  // All cases of a list, added to it.
  void add_cases(const List& list, const std::vector<OddValue>& values, uint64_t part,
                 uint64_t parts) {
    const auto rows = rows_of(list.path);
    ASSERT_FALSE(rows.empty()) << list.path;
    std::string batch;
    for (auto& odd : odd_cases(rows, values, part, parts)) {
      const auto number = static_cast<int64_t>(cases_.size());
      const auto id = kFirstCaseId + number * 100;
      auto text = entity_text(odd, number, id);
      batch.append(batch.empty() ? "" : ",").append(R"({"list":)").append(json_quote(list.path));
      batch.append(R"(,"id":)").append(std::to_string(id)).append(R"(,"day":"2026-11-20","row":)");
      batch.append(json_quote(text)).append("}");
      cases_.push_back({list.spec, odd.place, odd.value, std::move(text)});
      if (batch.size() > 600'000) post(batch);
    }
    post(batch);
  }
  void post(std::string& batch) {
    if (!batch.empty()) store_.post("/_sim/extra-rows", R"({"rows":[)" + batch + "]}");
    batch.clear();
  }

  static const decode::TableSpec* spec_of(const std::string& stream) {
    for (const auto& spec : connectors::salla::catalogue()) {
      if (spec.stream == stream) return &spec;
    }
    return nullptr;
  }
  // Shows a difference, of many the first.
  void differ(const std::string& text) {
    if (++differences_ <= kShown) ADD_FAILURE() << text;
  }
  int64_t count(const std::string& from) {
    return std::atoll(falaj_.value("SELECT COUNT(*) FROM " + from).c_str());
  }

  void expect_untouched_orders_are_whole();
  void expect_bronze_is_as_the_tables_say();
  void expect_rows_of_table(const decode::TableSpec& spec);
  void expect_quarantine_is_as_the_tables_say();
  void expect_losses_are_counted();
  void expect_silver_shows_bronze();
  void expect_orders_without_what_they_need_are_in_quarantine();
  void expect_gold_has_what_silver_has();

  TempDir dir_;
  SimStore store_;
  Falaj falaj_;
  ValueTypes types_;
  std::vector<Case> cases_;
  std::vector<size_t> seen_;  // places of each case: one is right
  // Values that rows of BRONZE lack, by table, column and rule.
  std::map<std::tuple<std::string, std::string, std::string>, int64_t> lost_;
  size_t rows_checked_ = 0;
  size_t differences_ = 0;
};

// What the store itself holds is in gold as if nothing stood beside it.
void OddEverywhere::expect_untouched_orders_are_whole() {
  const auto orders = store_.get("/_sim/truth/orders");
  std::string ids;
  for (const auto& order : orders.as_array()) {
    ids.append(ids.empty() ? "" : ",").append(std::to_string(order["id"].as_int()));
  }
  const auto truth = store_.get("/_sim/truth");
  for (const auto* table : {"SILVER.silver_orders", "GOLD.gold_fact_orders"}) {
    const auto from = std::string(" FROM ") + table + " WHERE order_id IN (" + ids + ")";
    EXPECT_EQ(falaj_.value("SELECT COUNT(*)" + from), std::to_string(truth["orders"].as_int()))
        << table;
    EXPECT_EQ(falaj_.value("SELECT CAST(SUM(total_amount) AS DECIMAL(18,2))" + from),
              truth["total"].as_string())
        << table;
    EXPECT_EQ(falaj_.value("SELECT CAST(SUM(tax_amount) AS DECIMAL(18,2))" + from),
              truth["tax"].as_string())
        << table;
  }
  const auto lines = falaj_.sql(
      "SELECT COUNT(*) AS items, CAST(SUM(quantity) AS BIGINT) AS pieces FROM "
      "GOLD.gold_fact_order_items "
      "WHERE order_id IN (" +
      ids + ")");
  EXPECT_EQ(cell_text(lines.at(0)["items"]), std::to_string(truth["items"].as_int()));
  EXPECT_EQ(cell_text(lines.at(0)["pieces"]), std::to_string(truth["pieces"].as_int()));
}

// Every row, those of the store itself and lines too: what its payload means, column by column.
void OddEverywhere::expect_rows_of_table(const decode::TableSpec& spec) {
  std::string columns = "raw_data";
  for (const auto& field : spec.fields)
    columns += fmt::format(", CAST({0} AS VARCHAR) AS {0}", field.column);
  for (const auto& row : falaj_.sql("SELECT " + columns + " FROM BRONZE." + spec.table)) {
    ++rows_checked_;
    const auto raw = row["raw_data"].as_string();
    const auto expected = types_.row_of(spec, raw);
    auto who = spec.stream + ": ";
    if (raw.starts_with("{\"odd_case\":")) {
      const auto number = static_cast<size_t>(std::atoll(raw.c_str() + raw.find(':') + 1));
      ++seen_.at(number);
      who = cases_[number].to_text();
      if (cases_[number].entity != raw) differ(who + "raw_data is not what came");
    }
    if (!expected.rule.empty()) differ(who + "is a row, expected in quarantine: " + expected.rule);
    for (const auto& [column, cell] : expected.cells) {
      using Kind = ExpectedCell::Kind;
      const auto& found = row[column];
      if (!cell.rule.empty() && (cell.kind != Kind::kEither || found.is_null()))
        ++lost_[{spec.table, column, cell.rule}];
      if (cell.kind == Kind::kEither) continue;
      const bool has_value = cell.kind == Kind::kValue;
      const bool is_same = has_value != found.is_null() &&
                           (!has_value || !cell.text || found.as_string() == *cell.text);
      if (!is_same) {
        differ(fmt::format("{}{} = {}, expected {}", who, column, found.dump(),
                           has_value ? cell.text.value_or("a value") : "NULL"));
      }
    }
  }
}

void OddEverywhere::expect_bronze_is_as_the_tables_say() {
  seen_.assign(cases_.size(), 0);
  for (const auto& list : lists()) expect_rows_of_table(*list.spec);
  for (const auto* lines : {"order_items", "product_variants"})
    expect_rows_of_table(*spec_of(lines));
}

void OddEverywhere::expect_quarantine_is_as_the_tables_say() {
  size_t quarantined = 0;
  for (const auto& record : falaj_.sql("SELECT DISTINCT stream, rule, message, raw_data FROM "
                                       "SILVER.quarantine WHERE model IS NULL")) {
    const auto raw = record["raw_data"].as_string();
    const auto* spec = spec_of(record["stream"].as_string());
    ASSERT_NE(spec, nullptr) << record.dump();
    auto who = spec->stream + ": ";
    if (raw.starts_with("{\"odd_case\":")) {
      const auto number = static_cast<size_t>(std::atoll(raw.c_str() + raw.find(':') + 1));
      ++seen_.at(number);
      ++quarantined;
      who = cases_[number].to_text();
    }
    // What stands where lines are meant: no entity, but their whole list.
    const bool is_list = record["message"].as_string().ends_with("expected an array");
    const auto expected = is_list ? "wrong_type" : types_.row_of(*spec, raw).rule;
    if (record["rule"].as_string() != expected) {
      differ(fmt::format("{}in quarantine: {}, expected {}", who, record["rule"].as_string(),
                         expected.empty() ? "a row" : expected));
    }
  }
  for (size_t i = 0; i < cases_.size(); ++i) {
    if (seen_[i] == 0) differ(cases_[i].to_text() + "is neither in BRONZE nor in quarantine");
  }
  std::cout << cases_.size() << " cases, of them " << quarantined << " in quarantine; "
            << rows_checked_ << " rows compared\n";
}

void OddEverywhere::expect_losses_are_counted() {
  std::map<std::tuple<std::string, std::string, std::string>, int64_t> counted;
  for (const auto& row : falaj_.sql(
           "SELECT table_name, column_name, rule, CAST(SUM(values_lost) AS BIGINT) AS n FROM "
           "OPS.schema_drift GROUP BY ALL"))
    counted[{row["table_name"].as_string(), row["column_name"].as_string(),
             row["rule"].as_string()}] = std::atoll(cell_text(row["n"]).c_str());
  EXPECT_FALSE(lost_.empty());
  EXPECT_EQ(counted, lost_);
}

// Each entity is there, alive, and its columns show what BRONZE has.
void OddEverywhere::expect_silver_shows_bronze() {
  for (const auto& table : silver_tables()) {
    const auto& [bronze, silver, id, cleaned] = table;
    // Of those with one payload: which of several counts is another test's.
    const auto pairs = fmt::format(
        "(SELECT * FROM BRONZE.{0} WHERE {1} >= {2} QUALIFY COUNT(*) OVER (PARTITION BY store_id, "
        "{1}) = 1) b JOIN SILVER.{3} s ON s.store_id = b.store_id AND s.{1} = b.{1}",
        bronze, id, kFirstCaseId, silver);
    EXPECT_EQ(count(fmt::format("BRONZE.{0} b WHERE NOT EXISTS (SELECT 1 FROM SILVER.{1} s WHERE "
                                "s.store_id = b.store_id AND s.{2} = b.{2}) AND NOT EXISTS (SELECT "
                                "1 FROM SILVER.quarantine q WHERE q.model = '{1}' AND q.entity_id "
                                "= b.{2} AND q.resolved_at IS NULL)",
                                bronze, silver, id)),
              0)
        << silver << " lacks entities of " << bronze;
    std::string counts;
    for (const auto& row : falaj_.sql(fmt::format(
             "SELECT s.column_name AS name, MAX(CASE WHEN b.column_name IS NULL THEN 0 ELSE 1 END) "
             "AS is_same FROM information_schema.columns s LEFT JOIN information_schema.columns b "
             "ON b.table_name = '{}' AND b.column_name = s.column_name WHERE s.table_name = '{}' "
             "GROUP BY ALL",
             bronze, silver))) {
      const auto name = row["name"].as_string();
      const auto own = cleaned.find(name);
      if (own == cleaned.end() && row["is_same"].as_int() == 0) continue;
      const auto shown = own == cleaned.end() ? "b." + name : own->second;
      if (shown.empty()) continue;
      counts += fmt::format("{}SUM(CASE WHEN s.{} IS DISTINCT FROM {} THEN 1 ELSE 0 END) AS {}",
                            counts.empty() ? "" : ", ", name, shown, name);
    }
    ASSERT_NE(counts, "") << silver;
    const auto rows = falaj_.sql("SELECT " + counts + ", COUNT(*) AS all_rows FROM " + pairs);
    for (const auto& [name, different] : rows.at(0).as_object()) {
      const auto number = cell_text(different);
      if (name == "all_rows") {
        EXPECT_NE(number, "0") << silver;
      } else {
        EXPECT_EQ(number, "0") << silver << "." << name << " differs from what BRONZE has";
      }
    }
    const bool may_be_deleted =
        count("information_schema.columns WHERE column_name = 'is_deleted' AND table_name = '" +
              silver + "'") > 0;
    EXPECT_TRUE(!may_be_deleted || count("SILVER." + silver + " WHERE is_deleted") == 0) << silver;
  }
}

// The rules of silver_orders, told from the payload alone.
void OddEverywhere::expect_orders_without_what_they_need_are_in_quarantine() {
  const std::pair<const char*, const char*> kRules[] = {{"status_slug", "not_null(order_status)"},
                                                        {"total_amount", "not_null(total_amount)"},
                                                        {"created_at", "not_null(order_at)"}};
  std::map<std::string, int64_t> expected;
  for (const auto& each : cases_) {
    if (each.spec->stream != "orders") continue;
    const auto row = types_.row_of(*each.spec, each.entity);
    if (!row.rule.empty()) continue;
    for (const auto& [column, rule] : kRules) {
      if (row.cells.at(column).kind == ExpectedCell::Kind::kNull) ++expected[rule];
    }
  }
  std::map<std::string, int64_t> found;
  for (const auto& row : falaj_.sql(
           "SELECT rule, COUNT(*) AS n FROM SILVER.quarantine WHERE model = 'silver_orders' AND "
           "resolved_at IS NULL GROUP BY ALL"))
    found[row["rule"].as_string()] = std::atoll(cell_text(row["n"]).c_str());
  EXPECT_EQ(found, expected);
  EXPECT_EQ(count("SILVER.quarantine WHERE model IS NOT NULL AND model <> 'silver_orders'"), 0);
}

void OddEverywhere::expect_gold_has_what_silver_has() {
  EXPECT_EQ(count("SILVER.silver_orders s WHERE NOT EXISTS (SELECT 1 FROM GOLD.gold_fact_orders g "
                  "WHERE g.order_id = s.order_id AND g.total_amount = s.total_amount AND "
                  "g.tax_amount IS NOT DISTINCT FROM s.tax_amount AND g.order_status = "
                  "s.order_status)"),
            0);
  EXPECT_EQ(falaj_.value("SELECT CAST(SUM(order_count) AS BIGINT) FROM GOLD.mv_daily_sales"),
            falaj_.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders"));
  EXPECT_EQ(
      count("(SELECT s.order_id, COUNT(*), SUM(s.total_amount) FROM SILVER.silver_order_items s "
            "JOIN GOLD.gold_fact_orders o ON o.order_id = s.order_id GROUP BY ALL EXCEPT "
            "SELECT order_id, COUNT(*), SUM(total_amount) FROM GOLD.gold_fact_order_items "
            "GROUP BY ALL)"),
      0)
      << "orders with other lines in gold";
  for (const auto* entity : {"customer", "product"}) {
    EXPECT_EQ(count(fmt::format("SILVER.silver_{0}s s WHERE NOT EXISTS (SELECT 1 FROM "
                                "GOLD.gold_dim_{0}s g WHERE g.{0}_id = s.{0}_id AND g.is_current)",
                                entity)),
              0)
        << entity;
  }
}

TEST_F(OddEverywhere, OneRunTakesEveryCaseAndEachIsWhereTheTablesSay) {
  // Each part has another share of the pairs of field and value; FALAJ_ODD_PART names one, and
  // FALAJ_ODD_PARTS how many there are.
  constexpr uint64_t kParts = 32;
  const auto number = [](const char* name, uint64_t otherwise) {
    const char* given = std::getenv(name);
    return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
  };
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  const auto parts = std::max<uint64_t>(1, number("FALAJ_ODD_PARTS", is_long() ? 1 : kParts));
  const auto part = number("FALAJ_ODD_PART", static_cast<uint64_t>(now)) % parts;
  const auto values = odd_values();
  for (const auto& list : lists()) add_cases(list, values, part, parts);
  std::cout << values.size() << " odd values, " << cases_.size()
            << " cases, FALAJ_ODD_PART=" << part << " FALAJ_ODD_PARTS=" << parts << "\n";
  const auto finished = falaj_.run({"run"});
  ASSERT_EQ(finished.status, 0) << finished.out.substr(0, 4000) << finished.err.substr(0, 4000);
  expect_untouched_orders_are_whole();
  expect_bronze_is_as_the_tables_say();
  expect_quarantine_is_as_the_tables_say();
  expect_losses_are_counted();
  expect_silver_shows_bronze();
  expect_orders_without_what_they_need_are_in_quarantine();
  expect_gold_has_what_silver_has();
  EXPECT_EQ(differences_, 0U);
}

}  // namespace
}  // namespace falaj::test
