// What quirks make of any answer: PHP's lists, what stands before the JSON, details that lag behind.
#include "simulator/php_answer.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/simulator.hpp"

namespace falaj::simulator {
namespace {

std::string made(std::string body, const char* quirk) {
  Quirks quirks;
  EXPECT_TRUE(quirks.set(quirk, true).ok()) << quirk;
  EXPECT_TRUE(has_php_quirks(quirks)) << quirk;
  make_php_answer(body, quirks);
  return body;
}

TEST(PhpAnswer, ListsWithGapsAreObjects) {
  const std::string body =
      R"({"data":[{"id":1,"tags":[5,"a"],"none":[]}],"pagination":{"total":1}})";
  EXPECT_EQ(made(body, "gap-arrays"),
            R"({"data":[{"id":1,"tags":{"1":5,"3":"a"},"none":[]}],"pagination":{"total":1}})");
  EXPECT_EQ(made(body, "gap-lists"),
            R"({"data":{"1":{"id":1,"tags":[5,"a"],"none":[]}},"pagination":{"total":1}})");
}

TEST(PhpAnswer, EmptyContainersStandForEachOther) {
  const std::string body = R"({"data":{"a":{},"b":[],"customer":null,"note":null},"links":{}})";
  EXPECT_EQ(made(body, "empty-lists-for-objects"),
            R"({"data":{"a":[],"b":[],"customer":[],"note":null},"links":[]})");
  EXPECT_EQ(made(body, "empty-objects-for-lists"),
            R"({"data":{"a":{},"b":{},"customer":null,"note":null},"links":{}})");
  // A list without rows stays one.
  EXPECT_EQ(made(R"({"data":[]})", "empty-objects-for-lists"), R"({"data":[]})");
}

TEST(PhpAnswer, IdsAreTextsAndNothingElse) {
  EXPECT_EQ(made(R"({"data":{"id":7,"order_id":8,"brands_ids":[9,-1],"grid":1,"total":2}})",
                 "ids-as-text"),
            R"({"data":{"id":"7","order_id":"8","brands_ids":["9","-1"],"grid":1,"total":2}})");
}

TEST(PhpAnswer, SomethingStandsBeforeTheJson) {
  EXPECT_EQ(made("{}", "json-bom"), "\xEF\xBB\xBF{}");
  const auto noticed = made("{}", "php-notices");
  EXPECT_TRUE(noticed.starts_with("<br />\n<b>Notice</b>")) << noticed;
  EXPECT_TRUE(noticed.ends_with("<br />\n{}")) << noticed;
}

class OddStore {
 public:
  explicit OddStore(const char* quirks) {
    SimOptions options;
    options.orders = 120;
    options.customers = 30;
    options.products = 20;
    options.plan = "unlimited";
    options.now = parse_time("2026-11-23T09:45:00Z");
    options.time_scale = 1e-9;
    EXPECT_TRUE(options.quirks.set(quirks, true).ok());
    simulator_ = std::move(Simulator::create(std::move(options)).value());
  }
  Json ask(const std::string& method, const std::string& target, const std::string& body = "") {
    http_server::Request request;
    request.method = method;
    request.target = target;
    request.headers = {{"Authorization", "Bearer sim-token"}};
    request.body = body;
    request.decode_target();
    const auto response = simulator_->handle(request);
    EXPECT_EQ(response.status, 200) << target << "\n" << response.payload();
    return Json::parse(response.payload()).value();
  }
  Json get(const std::string& path) { return ask("GET", "/admin/v2" + path); }
  Json post(const std::string& path, const std::string& body) {
    return ask("POST", "/_sim/" + path, body);
  }

 private:
  std::unique_ptr<Simulator> simulator_;
};

TEST(Quirks, DetailsLagBehindTheListForTenMinutes) {
  OddStore store("stale-details");
  const auto id = std::to_string(
      store.post("mutate", R"({"change":1})")["changed_ids"].as_array().at(0).as_int());
  const auto listed = [&] {
    for (int page = 1; page <= 2; ++page) {
      const auto rows = store.get("/orders?per_page=60&page=" + std::to_string(page));
      for (const auto& row : rows["data"].as_array()) {
        if (std::to_string(row["id"].as_int()) == id) return row["status"].dump();
      }
    }
    return std::string();
  };
  const auto details = [&] { return store.get("/orders/" + id)["data"]["status"].dump(); };
  ASSERT_NE(listed(), "");
  EXPECT_NE(details(), listed());
  store.post("clock", R"({"advance_minutes":10})");
  EXPECT_EQ(details(), listed());
  // After two changes, details show the first.
  store.post("mutate", R"({"hidden":120,"seed":3})");
  const auto first = store.get("/orders/items?order_id=" + id).dump();
  store.post("mutate", R"({"reprice":120,"seed":4})");
  EXPECT_NE(store.get("/orders/items?order_id=" + id).dump(), first);
}

TEST(Quirks, WholeListsComeInPages) {
  OddStore store("paged-lists");
  const auto page = store.get("/orders/statuses?page=2&per_page=15");
  EXPECT_EQ(page["pagination"]["currentPage"].as_int(), 2);
  EXPECT_EQ(page["pagination"]["total"].as_int(), 20);
  EXPECT_EQ(page["data"].as_array().size(), 5U);
  EXPECT_EQ(store.get("/currencies")["pagination"]["totalPages"].as_int(), 1);
  EXPECT_TRUE(store.get("/store/info")["pagination"].is_null());
}

TEST(Quirks, TheTimeOfDayOfAFilterCountsWhereTheStoreHonoursIt) {
  OddStore plain("rate-headers");
  OddStore exact("time-of-day-filters");
  const auto day = plain.get("/orders")["data"].as_array().at(0)["date"]["date"].as_string();
  const auto total = [&](OddStore& store, const std::string& from, const std::string& to) {
    return store
        .get("/orders?from_date=" + day.substr(0, 10) + from + "&to_date=" + day.substr(0, 10) +
             to)["pagination"]["total"]
        .as_int();
  };
  const auto whole = total(plain, "", "");
  ASSERT_GT(whole, 0);
  EXPECT_EQ(total(plain, "T00:00:00", "T00:00:01"), whole);
  EXPECT_EQ(total(exact, "", ""), whole);
  EXPECT_EQ(total(exact, "T00:00:00", "T11:59:59") + total(exact, "T12:00:00", "T23:59:59"), whole);
  EXPECT_EQ(total(exact, "T00:00:00", "T00:00:01"), 0);
}

}  // namespace
}  // namespace falaj::simulator
