// Every odd value of docs/faults.md in every field of every list of a store, each in an entity of its
// own: one run ends well, what is beside them is complete in gold to the cent, and no case is lost.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "support/long_tests.hpp"
#include "support/odd_cases.hpp"
#include "support/plain_client.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

// Above every id of a simulated store.
constexpr int64_t kFirstCaseId = 40'000'000'000;

class OddEverywhere : public testing::Test {
 protected:
  OddEverywhere()
      : store_({"--seed", "7", "--orders", "60", "--customers", "40", "--products", "30", "--plan",
                "unlimited", "--orders-shape", "expanded", "--token-lifetime", "0", "--now",
                "2026-11-23T09:45:00Z"}),
        falaj_(dir_ / "home", store_.base_url()) {}

  // The lists that falaj reads on its own, and which table each fills.
  struct List {
    std::string stream;
    std::string path;
    std::string table;
  };
  std::vector<List> lists() {
    std::vector<List> found;
    const auto shown = falaj_.run_ok({"catalog", "show"});
    for (const auto& stream : shown.as_array()) {
      auto path = stream["path"].as_string();
      if (path.empty() || !stream["enabled"].as_bool()) continue;
      if (path.find('{') != std::string::npos || path == "/store/info") continue;
      if (path.ends_with('/')) path.pop_back();
      found.push_back({stream["stream"].as_string(), path, stream["table"].as_string()});
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
    std::string stream;
    std::string table;
    OddCase odd;
    int64_t id = 0;
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
      const auto text = entity_text(odd, number, id);
      batch.append(batch.empty() ? "" : ",").append(R"({"list":)").append(json_quote(list.path));
      batch.append(R"(,"id":)").append(std::to_string(id)).append(R"(,"day":"2026-11-20","row":)");
      batch.append(json_quote(text)).append("}");
      cases_.push_back({list.stream, list.table, std::move(odd), id});
      if (batch.size() > 600'000) post(batch);
    }
    post(batch);
  }
  void post(std::string& batch) {
    if (!batch.empty()) store_.post("/_sim/extra-rows", R"({"rows":[)" + batch + "]}");
    batch.clear();
  }

  // The numbers of the cases whose raw data a query gives.
  std::set<size_t> numbers_of(const std::string& query) {
    std::set<size_t> numbers;
    for (const auto& row : falaj_.sql("SELECT DISTINCT regexp_extract(raw_data, "
                                      "'\"odd_case\":([0-9]+)', 1) AS n FROM (" +
                                      query + ") WHERE raw_data LIKE '%odd_case%'"))
      numbers.insert(static_cast<size_t>(std::atoll(row["n"].as_string().c_str())));
    return numbers;
  }

  void expect_untouched_orders_are_whole();
  void expect_no_case_is_lost();

  TempDir dir_;
  SimStore store_;
  Falaj falaj_;
  std::vector<Case> cases_;
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

// A case is a row of BRONZE, or stands in quarantine with a reason.
void OddEverywhere::expect_no_case_is_lost() {
  auto found = numbers_of("SELECT raw_data FROM SILVER.quarantine");
  const auto quarantined = found.size();
  std::set<std::string> tables;
  for (const auto& each : cases_) tables.insert(each.table);
  for (const auto& table : tables) found.merge(numbers_of("SELECT raw_data FROM " + table));
  size_t lost = 0;
  for (size_t i = 0; i < cases_.size(); ++i) {
    if (found.contains(i) || ++lost > 20) continue;
    ADD_FAILURE() << cases_[i].stream << " " << cases_[i].odd.place << " = "
                  << cases_[i].odd.value.to_text() << " is neither in BRONZE nor in quarantine";
  }
  EXPECT_EQ(lost, 0U);
  std::cout << cases_.size() << " cases, of them " << quarantined << " in quarantine\n";
}

TEST_F(OddEverywhere, OneRunTakesEveryCaseAndLosesNothing) {
  // Each part has another share of the pairs of field and value; FALAJ_ODD_PART names one.
  constexpr uint64_t kParts = 32;
  const char* given = std::getenv("FALAJ_ODD_PART");
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  const uint64_t parts = is_long() ? 1 : kParts;
  const auto chosen =
      given != nullptr ? std::strtoull(given, nullptr, 10) : static_cast<uint64_t>(now);
  const auto part = chosen % parts;
  const auto values = odd_values();
  for (const auto& list : lists()) add_cases(list, values, part, parts);
  std::cout << values.size() << " odd values, " << cases_.size()
            << " cases, FALAJ_ODD_PART=" << part << " of " << parts << "\n";
  const auto finished = falaj_.run({"run"});
  ASSERT_EQ(finished.status, 0) << finished.out.substr(0, 4000) << finished.err.substr(0, 4000);
  expect_untouched_orders_are_whole();
  expect_no_case_is_lost();
}

}  // namespace
}  // namespace falaj::test
