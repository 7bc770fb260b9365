// The simulated store, asked without a network: shapes, paging, filters, limits, tokens, faults,
// changes, the control API.
#include "simulator/simulator.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/json.hpp"
#include "simulator/civil_time.hpp"
#include "support/temp_dir.hpp"

namespace falaj::simulator {
namespace {

using http_server::Request;
using http_server::Response;

SimOptions small_store() {
  SimOptions options;
  options.orders = 300;
  options.customers = 90;
  options.products = 40;
  options.plan = "unlimited";
  options.now = parse_time("2026-11-23T09:45:00Z");
  options.time_scale = 1e-9;  // stands still unless pushed
  return options;
}

class Sim {
 public:
  explicit Sim(SimOptions options) {
    auto created = Simulator::create(std::move(options));
    EXPECT_TRUE(created.ok()) << (created.ok() ? "" : created.error().to_text());
    if (created.ok()) simulator_ = std::move(created).value();
  }
  Response ask(const std::string& method, const std::string& target, const std::string& body = "",
               const std::string& token = "sim-token") {
    Request request;
    request.method = method;
    request.target = target;
    request.headers = {{"Authorization", "Bearer " + token},
                       {"Content-Type", target.find("token") != std::string::npos
                                            ? "application/x-www-form-urlencoded"
                                            : "application/json"}};
    request.body = body;
    request.decode_target();
    return simulator_->handle(request);
  }
  Response get(const std::string& path, const std::string& token = "sim-token") {
    return ask("GET", "/admin/v2" + path, "", token);
  }
  Json json(const std::string& path) { return parsed(get(path)); }
  Json control(const std::string& path) { return parsed(ask("GET", "/_sim/" + path)); }
  Json post(const std::string& path, const std::string& body) {
    return parsed(ask("POST", "/_sim/" + path, body));
  }
  static Json parsed(const Response& response) {
    auto json = Json::parse(response.payload());
    EXPECT_TRUE(json.ok()) << response.payload().substr(0, 300);
    return json.ok() ? *json : Json();
  }

 private:
  std::unique_ptr<Simulator> simulator_;
};

std::string header(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

// Amounts as hundredths; the generated ones have two decimals at most.
int64_t cents(const Json& money) {
  const auto& amount = money.is_object() ? money["amount"] : money;
  if (amount.is_integer()) return amount.as_int() * 100;
  return static_cast<int64_t>(std::llround(amount.as_double() * 100));
}

std::vector<Json> all_orders(Sim& sim, const std::string& filters) {
  std::vector<Json> rows;
  for (int page = 1;; ++page) {
    const auto json = sim.json(fmt::format("/orders?per_page=60&page={}{}", page, filters));
    for (const auto& row : json["data"].as_array()) rows.push_back(row);
    if (page >= json["pagination"]["totalPages"].as_int()) return rows;
  }
}

TEST(Simulator, SameSeedGivesTheSameBytesAndAnotherSeedOthers) {
  Sim first(small_store());
  Sim second(small_store());
  auto other_options = small_store();
  other_options.seed = 2;
  Sim other(other_options);
  for (const auto* path : {"/orders?per_page=60", "/customers?per_page=60", "/products?per_page=60",
                           "/store/info", "/orders/statuses"}) {
    EXPECT_EQ(first.get(path).payload(), second.get(path).payload()) << path;
  }
  EXPECT_NE(first.get("/orders").payload(), other.get("/orders").payload());
}

TEST(Simulator, FullOrdersAddUp) {
  auto options = small_store();
  options.is_expanded = true;
  Sim sim(options);
  const auto rows = all_orders(sim, "&expanded=1");
  ASSERT_EQ(rows.size(), 300U);
  std::set<int64_t> ids;
  int64_t total = 0;
  for (const auto& order : rows) {
    ids.insert(order["id"].as_int());
    const auto& amounts = order["amounts"];
    int64_t discount = 0;
    for (const auto& entry : amounts["discounts"].as_array()) {
      discount += std::llround(std::stod(entry["discount"].as_string()) * 100);
    }
    EXPECT_EQ(cents(amounts["total"]),
              cents(amounts["sub_total"]) + cents(amounts["shipping_cost"]) +
                  cents(amounts["cash_on_delivery"]) + cents(amounts["tax"]["amount"]) - discount)
        << order.dump();
    int64_t items = 0;
    for (const auto& item : order["items"].as_array()) {
      items += cents(item["amounts"]["total"]);
      EXPECT_EQ(cents(item["amounts"]["total"]),
                cents(item["amounts"]["price_without_tax"]) * item["quantity"].as_int());
    }
    EXPECT_EQ(items, cents(amounts["sub_total"]));
    EXPECT_FALSE(order["items"].as_array().empty());
    total += cents(amounts["total"]);
  }
  EXPECT_EQ(ids.size(), 300U);
  const auto truth = sim.control("truth");
  EXPECT_EQ(truth["orders"].as_int(), 300);
  EXPECT_EQ(std::llround(std::stod(truth["total"].as_string()) * 100), total);
}

TEST(Simulator, LightOrdersNeedDetailsAndItems) {
  Sim sim(small_store());
  const auto row = sim.json("/orders?per_page=1&expanded=1")["data"].as_array().at(0);
  EXPECT_TRUE(row["amounts"].is_null()) << "expanded is ignored in a light store";
  const auto id = row["id"].as_int();
  const auto details = sim.json(fmt::format("/orders/{}", id))["data"];
  EXPECT_TRUE(details["items"].is_null());
  EXPECT_EQ(cents(details["amounts"]["total"]), cents(row["total"]));
  int64_t items = 0;
  const auto lines = sim.json(fmt::format("/orders/items?order_id={}", id))["data"];
  for (const auto& line : lines.as_array()) items += cents(line["amounts"]["total"]);
  EXPECT_EQ(items, cents(details["amounts"]["sub_total"]));
  EXPECT_EQ(sim.get("/orders/items").status, 422);
  EXPECT_EQ(sim.get("/orders/items?order_id=77").status, 404);
  EXPECT_EQ(sim.get("/orders/77").status, 404);
}

TEST(Simulator, PagesHaveSixtyRowsAtMostAndEndAtTenThousand) {
  auto options = small_store();
  options.orders = 12'000;
  Sim sim(options);
  const auto first = sim.json("/orders");
  EXPECT_EQ(first["pagination"]["perPage"].as_int(), 15);
  EXPECT_EQ(first["pagination"]["total"].as_int(), 12'000);
  EXPECT_TRUE(first["pagination"]["links"]["next"].as_string().starts_with("http://"));
  EXPECT_EQ(sim.json("/orders?per_page=500")["data"].as_array().size(), 60U);
  EXPECT_EQ(sim.json("/orders?per_page=60&page=166")["data"].as_array().size(), 60U);
  const auto deep = sim.json("/orders?per_page=60&page=167");
  EXPECT_TRUE(deep["data"].as_array().empty());
  EXPECT_EQ(deep["pagination"]["total"].as_int(), 12'000);
  ASSERT_TRUE(options.quirks.set("depth-cap,per-page-clamp", false).ok());
  Sim honest(options);
  EXPECT_EQ(honest.json("/orders?per_page=60&page=200")["data"].as_array().size(), 60U);
  EXPECT_EQ(honest.json("/orders?per_page=500")["data"].as_array().size(), 500U);
}

TEST(Simulator, DaysPartitionTheOrders) {
  Sim sim(small_store());
  const auto rows = all_orders(sim, "");
  std::string last = "9999";
  std::map<std::string, int64_t> by_day;
  for (const auto& row : rows) {
    const auto date = row["date"]["date"].as_string();
    EXPECT_LE(date, last) << "newest first";
    last = date;
    ++by_day[date.substr(0, 10)];
  }
  int64_t sum = 0;
  for (const auto& [day, count] : by_day) {
    const auto page = sim.json(fmt::format("/orders?from_date={0}&to_date={0}", day));
    EXPECT_EQ(page["pagination"]["total"].as_int(), count) << day;
    sum += count;
  }
  EXPECT_EQ(sum, 300);
  EXPECT_EQ(last.substr(0, 4), "2026");
  EXPECT_EQ(sim.json("/orders?from_date=2026-11-23")["pagination"]["total"].as_int(), 0)
      << "the newest is of the day before the clock's";
  EXPECT_EQ(sim.get("/orders?from_date=yesterday").status, 422);
}

TEST(Simulator, FiltersAndSorts) {
  Sim sim(small_store());
  const auto rows = all_orders(sim, "");
  std::map<std::string, int64_t> by_status;
  for (const auto& row : rows) ++by_status[row["status"]["slug"].as_string()];
  EXPECT_GE(by_status.size(), 4U);
  for (const auto& [slug, count] : by_status) {
    EXPECT_EQ(sim.json("/orders?status[]=" + slug)["pagination"]["total"].as_int(), count) << slug;
  }
  EXPECT_EQ(sim.get("/orders?status[]=nonsense").status, 422);
  EXPECT_EQ(sim.json("/orders?unknown=1")["pagination"]["total"].as_int(), 300);
  const auto reference = rows[7]["reference_id"].as_int();
  const auto one = sim.json(fmt::format("/orders?reference_id={}", reference))["data"].as_array();
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0]["id"].as_int(), rows[7]["id"].as_int());
  const auto dear = sim.json("/orders?sort_by=total-desc&per_page=60")["data"].as_array();
  for (size_t i = 1; i < dear.size(); ++i)
    EXPECT_GE(cents(dear[i - 1]["total"]), cents(dear[i]["total"]));
  const auto oldest = sim.json("/orders?sort_by=created_at-asc&per_page=1")["data"].as_array();
  EXPECT_EQ(oldest[0]["id"].as_int(), rows.back()["id"].as_int());
}

TEST(Simulator, ChangesShowInEveryShapeAndListsFollow) {
  Sim sim(small_store());
  std::map<int64_t, std::string> before;
  for (const auto& row : all_orders(sim, "")) before[row["id"].as_int()] = row.dump();
  const auto done = sim.post("mutate", R"({"create": 5, "change": 20, "delete": 8, "seed": 3})");
  EXPECT_EQ(done["created"].as_int(), 5);
  EXPECT_EQ(done["changed"].as_int(), 20);
  EXPECT_EQ(done["deleted"].as_int(), 8);
  std::map<int64_t, std::string> after;
  for (const auto& row : all_orders(sim, "")) after[row["id"].as_int()] = row.dump();
  EXPECT_EQ(after.size(), 297U);
  size_t changed = 0;
  size_t created = 0;
  for (const auto& [id, text] : after) {
    const auto old = before.find(id);
    created += old == before.end() ? 1 : 0;
    changed += old != before.end() && old->second != text ? 1 : 0;
  }
  EXPECT_EQ(created, 5U);
  EXPECT_EQ(changed, 20U);
  for (const auto& id : done["deleted_ids"].as_array()) {
    EXPECT_EQ(sim.get(fmt::format("/orders/{}", id.as_int())).status, 404);
  }
  const auto latest = sim.json("/orders?sort_by=updated_at-desc&per_page=60")["data"].as_array();
  std::set<int64_t> touched;
  for (size_t i = 0; i < 25; ++i) touched.insert(latest[i]["id"].as_int());
  for (const auto& id : done["changed_ids"].as_array()) EXPECT_TRUE(touched.contains(id.as_int()));
  for (const auto& id : done["created_ids"].as_array()) EXPECT_TRUE(touched.contains(id.as_int()));
  EXPECT_EQ(sim.control("truth")["orders"].as_int(), 297);
}

TEST(Simulator, NewPricesShowInDetailsOnlyAndSilentChangesDoNotSortHigher) {
  Sim sim(small_store());
  std::map<int64_t, std::string> before;
  for (const auto& row : all_orders(sim, "")) before[row["id"].as_int()] = row.dump();
  const auto truth = sim.control("truth");
  const auto done = sim.post("mutate", R"({"reprice": 6, "silent": 4, "seed": 3})");
  ASSERT_EQ(done["repriced_ids"].as_array().size(), 6U);
  ASSERT_EQ(done["silent_ids"].as_array().size(), 4U);
  std::map<int64_t, std::string> after;
  for (const auto& row : all_orders(sim, "")) after[row["id"].as_int()] = row.dump();
  for (const auto& id : done["repriced_ids"].as_array())
    EXPECT_EQ(before[id.as_int()], after[id.as_int()]);
  const auto latest = sim.json("/orders?sort_by=updated_at-desc&per_page=6")["data"].as_array();
  std::set<int64_t> touched;
  for (const auto& row : latest) touched.insert(row["id"].as_int());
  for (const auto& id : done["silent_ids"].as_array()) {
    EXPECT_NE(before[id.as_int()], after[id.as_int()]);
    EXPECT_FALSE(touched.contains(id.as_int()));
  }
  EXPECT_NE(sim.control("truth")["sub_total"].as_string(), truth["sub_total"].as_string());
}

TEST(Simulator, WhatWasDeletedCanComeBack) {
  Sim sim(small_store());
  const auto gone = sim.post("mutate", R"({"delete": 5})")["deleted_ids"].as_array();
  EXPECT_EQ(sim.post("mutate", R"({"revive": 7})")["revived_ids"].as_array().size(), 5U);
  for (const auto& id : gone)
    EXPECT_EQ(sim.get(fmt::format("/orders/{}", id.as_int())).status, 200);
}

TEST(Simulator, SubscriptionsAreMadeChangedListedAndEnded) {
  Sim sim(small_store());
  const auto ask = [&](const char* method, const std::string& path, const std::string& body = "") {
    return sim.ask(method, "/admin/v2" + path, body);
  };
  const std::string hook =
      R"({"name":"a","event":"order.created","url":"https://shop.example.com/x"})";
  const auto made = Sim::parsed(ask("POST", "/webhooks/subscribe", hook))["data"];
  EXPECT_EQ(made["event"].as_string(), "order.created");
  EXPECT_TRUE(made["headers"].is_object());
  // The same again is the same.
  EXPECT_EQ(Sim::parsed(ask("POST", "/webhooks/subscribe", hook))["data"]["id"].as_int(),
            made["id"].as_int());
  const auto changed = Sim::parsed(ask("PUT", fmt::format("/webhooks/{}", made["id"].as_int()),
                                       R"({"security_strategy":"token","secret":"s"})"))["data"];
  EXPECT_EQ(changed["security"]["strategy"].as_string(), "token");
  EXPECT_EQ(sim.json("/webhooks")["pagination"]["total"].as_int(), 1);
  EXPECT_GT(sim.json("/webhooks/events")["data"].as_array().size(), 50U);
  for (const char* url : {"http://localhost/x", "https://test.example.com/x", "ftp"}) {
    const auto refused =
        ask("POST", "/webhooks/subscribe",
            fmt::format(R"({{"name":"a","event":"order.created","url":"{}"}})", url));
    EXPECT_EQ(refused.status, 422) << url;
  }
  EXPECT_EQ(ask("POST", "/webhooks/subscribe",
                R"({"name":"a","event":"order.melted","url":"https://a.b/x"})")
                .status,
            422);
  EXPECT_EQ(ask("DELETE", "/webhooks/unsubscribe?url=https://shop.example.com/x").status, 202);
  EXPECT_EQ(ask("DELETE", "/webhooks/unsubscribe?id=1").status, 404);
  EXPECT_EQ(sim.json("/webhooks")["data"].as_array().size(), 0U);
}

TEST(Simulator, TokensAndScopes) {
  auto options = small_store();
  options.scopes = "orders.read products.read";
  options.stores = 2;
  Sim sim(options);
  EXPECT_EQ(sim.get("/orders", "sim-token").status, 401) << "two stores: sim-token-1 and -2";
  EXPECT_EQ(sim.get("/orders", "sim-token-1").status, 200);
  EXPECT_NE(sim.get("/orders", "sim-token-1").payload(),
            sim.get("/orders", "sim-token-2").payload());
  const auto missing = sim.get("/customers", "sim-token-1");
  EXPECT_EQ(missing.status, 401);
  EXPECT_NE(missing.payload().find("one of those scopes: customers.read"), std::string::npos);
  EXPECT_EQ(sim.get("/store/info", "sim-token-1").status, 200);
  options.stores = 1;
  options.token_lifetime_secs = 3600;
  Sim brief(options);
  EXPECT_EQ(brief.get("/orders").status, 200);
  brief.post("clock", R"({"advance_hours": 1})");
  EXPECT_EQ(brief.get("/orders").status, 401);
}

TEST(Simulator, ReusedRefreshTokenRevokesTheFamily) {
  Sim sim(small_store());
  const auto refresh = [&sim](const std::string& token) {
    return sim.ask("POST", "/oauth2/token",
                   "grant_type=refresh_token&client_id=a&client_secret=b&refresh_token=" + token);
  };
  const auto first = Sim::parsed(refresh("sim-refresh"));
  const auto access = first["access_token"].as_string();
  EXPECT_EQ(sim.get("/orders", access).status, 200);
  EXPECT_GT(first["expires"].as_int(), 1'700'000'000);
  const auto again = refresh("sim-refresh");
  EXPECT_EQ(again.status, 401);
  EXPECT_EQ(Sim::parsed(again)["error"].as_string(), "invalid_grant");
  EXPECT_EQ(sim.get("/orders", access).status, 401) << "the new token died with the family";
  EXPECT_EQ(refresh(first["refresh_token"].as_string()).status, 401);
}

TEST(Simulator, TheMinuteIsLimitedThenOneASecond) {
  auto options = small_store();
  options.plan = "plus";
  Sim sim(options);
  for (int i = 0; i < 120; ++i) {
    const auto response = sim.get("/store/info");
    ASSERT_EQ(response.status, 200) << i;
    EXPECT_EQ(header(response, "X-RateLimit-Remaining"), std::to_string(119 - i));
    EXPECT_EQ(header(response, "X-RateLimit-Limit"), "120");
  }
  const auto refused = sim.get("/store/info");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header(refused, "Retry-After"), "1");
  sim.post("clock", R"({"advance_seconds": 1})");
  EXPECT_EQ(sim.get("/store/info").status, 200);
  EXPECT_EQ(sim.get("/store/info").status, 429);
  sim.post("clock", R"({"advance_seconds": 60})");
  for (int i = 0; i < 120; ++i) ASSERT_EQ(sim.get("/store/info").status, 200) << i;
  ASSERT_TRUE(options.quirks.set("slow-tail", false).ok());
  Sim strict(options);
  for (int i = 0; i < 120; ++i) strict.get("/store/info");
  strict.post("clock", R"({"advance_seconds": 2})");
  const auto waiting = strict.get("/store/info");
  EXPECT_EQ(waiting.status, 429);
  EXPECT_EQ(header(waiting, "Retry-After"), "58");
}

TEST(Simulator, CustomersShareABucketOfFiveHundred) {
  auto options = small_store();
  options.plan = "special";
  options.stores = 2;
  Sim sim(options);
  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(sim.get("/customers?per_page=1", i % 2 == 0 ? "sim-token-1" : "sim-token-2").status,
              200);
  }
  EXPECT_EQ(sim.get("/customers", "sim-token-1").status, 429);
  EXPECT_EQ(sim.get("/orders", "sim-token-1").status, 200);
  const auto counts = sim.control("counters")["customers_quota"];
  EXPECT_EQ(counts["granted"].as_int(), 500);
  EXPECT_EQ(counts["refused"].as_int(), 1);
  EXPECT_EQ(counts["grantable"].as_int(), 500);
  sim.post("clock", R"({"advance_minutes": 10})");
  EXPECT_EQ(sim.get("/customers", "sim-token-2").status, 200);
}

TEST(Simulator, TheSameUrlOfTwoStoresIsNoRepeat) {
  auto options = small_store();
  options.stores = 2;
  Sim sim(options);
  sim.get("/orders", "sim-token-1");
  sim.get("/orders", "sim-token-2");
  EXPECT_EQ(sim.control("counters")["repeats"].as_int(), 0);
  sim.get("/orders", "sim-token-2");
  const auto counters = sim.control("counters");
  EXPECT_EQ(counters["repeats"].as_int(), 1);
  EXPECT_EQ(counters["repeated"].as_array().at(0)["store"].as_int(), 2);
  EXPECT_EQ(sim.control("counters?url=GET+/admin/v2/orders")["requests"].as_int(), 3)
      << "all stores together";
}

TEST(Simulator, CountsRequestsAndRepeats) {
  Sim sim(small_store());
  sim.get("/orders?page=1");
  sim.get("/orders?page=2");
  sim.get("/orders?page=1");
  sim.post("faults", R"({"action": "cut_body"})");
  sim.get("/orders?page=3");
  sim.get("/orders?page=3");
  const auto counters = sim.control("counters");
  EXPECT_EQ(counters["total"].as_int(), 5);
  EXPECT_EQ(counters["repeats"].as_int(), 1) << "what was cut had not been answered";
  EXPECT_EQ(counters["repeated"].as_array().at(0)["url"].as_string(),
            "GET /admin/v2/orders?page=1");
  const auto one = sim.control("counters?url=GET+/admin/v2/orders?page=3");
  EXPECT_EQ(one["requests"].as_int(), 2);
  EXPECT_EQ(one["answered"].as_int(), 1);
}

TEST(Simulator, FaultsStrikeWhenTold) {
  Sim sim(small_store());
  sim.post("faults", R"([{"action": "status", "status": 503, "nth": 2, "times": 2},
                         {"match": "/products", "action": "html"}])");
  EXPECT_EQ(sim.get("/orders").status, 200);
  EXPECT_EQ(sim.get("/orders").status, 503);
  EXPECT_EQ(sim.get("/orders").status, 503);
  EXPECT_EQ(sim.get("/orders").status, 200);
  EXPECT_TRUE(sim.get("/products").payload().starts_with("<!DOCTYPE html>"));
  EXPECT_EQ(sim.get("/products").payload().front(), '{');
  const auto struck = [&sim](const char* rule) {
    sim.post("faults", rule);
    return sim.get("/orders");
  };
  EXPECT_FALSE(Json::parse(struck(R"({"action": "truncate"})").payload()).ok());
  EXPECT_TRUE(struck(R"({"action": "reset"})").is_reset);
  EXPECT_EQ(struck(R"({"action": "delay", "delay_ms": 70})").delay, std::chrono::milliseconds(70));
  EXPECT_EQ(struck(R"({"action": "cut_body", "bytes": 9})").cut_body_after, 9U);
  EXPECT_GT(struck(R"({"action": "huge_body"})").payload().size(), 10U * 1024 * 1024);
  EXPECT_NE(struck(R"({"action": "invalid_utf8"})").payload().find('\xFF'), std::string::npos);
  EXPECT_NE(struck(R"({"action": "malformed_value"})").payload().find("99999999999999999999.5"),
            std::string::npos);
  EXPECT_NE(struck(R"({"action": "wrong_type"})").payload().find("not a number"),
            std::string::npos);
  EXPECT_EQ(struck(R"({"action": "empty"})").payload(), "");
  EXPECT_EQ(sim.ask("POST", "/_sim/faults", R"({"action": "explode"})").status, 422);
  EXPECT_EQ(sim.ask("POST", "/_sim/faults", R"({"action": "html", "nht": 3})").status, 422);
  sim.post("faults", R"({"action": "status", "rate": 0.5})");
  int failures = 0;
  for (int i = 0; i < 400; ++i) failures += sim.get("/store/info").status == 500 ? 1 : 0;
  EXPECT_GT(failures, 140);
  EXPECT_LT(failures, 260);
  sim.post("faults", R"({"clear": true})");
  EXPECT_EQ(sim.control("faults")["rules"].as_array().size(), 0U);
}

TEST(Simulator, ProductsGoByCursorInTheLightForm) {
  Sim sim(small_store());
  std::set<std::string> ids;
  std::string path = "/products?format=light&per_page=7";
  for (int page = 0; page < 20 && !path.empty(); ++page) {
    const auto json = sim.json(path);
    EXPECT_TRUE(json["pagination"].is_null());
    for (const auto& row : json["data"].as_array()) ids.insert(row["id"].as_string());
    const auto next = json["cursor"]["next"].as_string();
    path = next.empty() ? "" : next.substr(next.find("/products")) + "&per_page=7";
  }
  EXPECT_EQ(ids.size(), 40U);
}

TEST(Simulator, RefusesOptionsThatDoNotFit) {
  auto options = small_store();
  options.plan = "gold";
  EXPECT_NE(Simulator::create(options).error().message().find("special"), std::string::npos);
  options = small_store();
  options.dataset = "/nowhere/at/all.parquet";
  const auto missing = Simulator::create(options);
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message().find("/nowhere/at/all.parquet"), std::string::npos);
  EXPECT_FALSE(options.quirks.set("depth-cup", false).ok());
}

TEST(Simulator, ServesTheRealOrdersAsTheMappingSays) {
  FALAJ_REQUIRE_TEST_DATA();
  auto options = small_store();
  options.dataset = (test::test_data_dir() / "online_retail_ii_2009_2010.parquet").string();
  Sim sim(options);
  const auto truth = sim.control("truth");
  EXPECT_EQ(truth["orders"].as_int(), 28'816);
  EXPECT_EQ(truth["items"].as_int(), 525'461);
  EXPECT_EQ(truth["pieces"].as_int(), 6'591'135);
  EXPECT_EQ(truth["total"].as_string(), "10799942.50");
  EXPECT_EQ(truth["customers"].as_int(), 4'383);
  EXPECT_EQ(truth["products"].as_int(), 4'480);
  EXPECT_EQ(truth["orders_without_customer"].as_int(), 5'229);
  for (const auto& status : truth["by_status"].as_array()) {
    if (status["status"].as_string() != "restored") continue;
    EXPECT_EQ(status["orders"].as_int(), 4'592);
    EXPECT_EQ(status["total"].as_string(), "630602.51");
  }
  EXPECT_EQ(
      sim.json("/orders?from_date=2009-12-01&to_date=2010-12-31")["pagination"]["total"].as_int(),
      28'816);
  const auto found = sim.json("/orders?reference_id=C489449")["data"].as_array();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0]["reference_id"].as_string(), "C489449");
  EXPECT_EQ(found[0]["status"]["slug"].as_string(), "restored");
  EXPECT_EQ(found[0]["total"]["currency"].as_string(), "GBP");
}

// Every member of Salla's published examples is in what is served (of the union of some rows).
void collect_paths(const Json& json, const std::string& path, std::set<std::string>& paths) {
  for (const auto& item : json.as_array()) collect_paths(item, path + "[]", paths);
  for (const auto& [name, value] : json.as_object()) {
    paths.insert(path + "." + name);
    collect_paths(value, path + "." + name, paths);
  }
}

TEST(Simulator, ShapesHaveTheMembersOfThePublishedExamples) {
  FALAJ_REQUIRE_TEST_DATA();
  Sim sim(small_store());
  const auto id =
      sim.json("/orders?per_page=1&payment_method[]=mada")["data"].as_array().at(0)["id"].as_int();
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"orders-list.json", "/orders?per_page=60"},
      {"order-details.json", fmt::format("/orders/{}", id)},
      {"order-statuses-custom.json", "/orders/statuses"},
      {"products-list.json", "/products?per_page=60"}};
  // What only some orders have, or what only the shopper's own link tells.
  const std::set<std::string> optional = {".data.urls.rating", ".data.urls.checkout",
                                          ".data.customer.urls.digital_content"};
  for (const auto& [file, path] : pairs) {
    auto example =
        Json::parse(test::read_text_file(test::test_data_dir() / "salla-payloads" / file));
    ASSERT_TRUE(example.ok()) << file;
    std::set<std::string> wanted;
    std::set<std::string> served;
    collect_paths((*example), "", wanted);
    collect_paths(sim.json(path), "", served);
    for (const auto& member : wanted) {
      if (optional.contains(member) || member.find("discounts[]") != std::string::npos) continue;
      EXPECT_TRUE(served.contains(member)) << file << " has " << member;
    }
  }
}

}  // namespace
}  // namespace falaj::simulator
