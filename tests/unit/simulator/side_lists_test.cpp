// The smaller resources of a simulated store: each in its shape of paging, consistent with the orders,
// with the oddities that make them hard to read.
#include "simulator/side_lists.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/json.hpp"
#include "simulator/civil_time.hpp"
#include "simulator/simulator.hpp"
#include "support/documented_events.hpp"

namespace falaj::simulator {
namespace {

class SideLists : public testing::Test {
 protected:
  SideLists() {
    SimOptions options;
    options.orders = 300;
    options.customers = 90;
    options.products = 60;
    options.plan = "unlimited";
    options.now = parse_time("2026-11-23T09:45:00Z");
    options.time_scale = 1e-9;
    auto created = Simulator::create(std::move(options));
    EXPECT_TRUE(created.ok());
    simulator_ = std::move(created).value();
  }

  http_server::Response ask(const std::string& method, const std::string& target,
                            const std::string& body = "") {
    http_server::Request request;
    request.method = method;
    request.target = target;
    request.headers = {{"Authorization", "Bearer sim-token"}};
    request.body = body;
    request.decode_target();
    return simulator_->handle(request);
  }
  Json get(const std::string& path) {
    auto json = Json::parse(std::string(ask("GET", "/admin/v2" + path).payload()));
    EXPECT_TRUE(json.ok()) << path;
    return json.ok() ? *json : Json();
  }
  // Every row, whatever the paging.
  Json::Array all(const std::string& path) {
    Json::Array rows;
    const std::string joint = path.find('?') == std::string::npos ? "?" : "&";
    std::string more = joint + "per_page=60&page=1";
    for (int page = 1; !more.empty(); ++page) {
      const auto answer = get(path + more);
      for (const auto& row : answer["data"].as_array()) rows.push_back(row);
      more.clear();
      if (answer["cursor"]["next"].is_integer()) {
        more = joint + "per_page=60&cursor=" + std::to_string(answer["cursor"]["next"].as_int());
      } else if (answer["pagination"]["totalPages"].as_int() > page) {
        more = joint + "per_page=60&page=" + std::to_string(page + 1);
      }
    }
    return rows;
  }
  int status(const std::string& path) { return ask("GET", "/admin/v2" + path).status; }

  std::unique_ptr<Simulator> simulator_;
};

TEST_F(SideLists, CountsOfTheTruthAreTheRowsOfTheLists) {
  const auto truth = Json::parse(std::string(ask("GET", "/_sim/truth").payload()));
  ASSERT_TRUE(truth.ok());
  for (const auto lists : {store_lists(), category_lists(), marketing_lists(), order_lists()}) {
    for (const auto& list : lists) {
      const auto rows = all(std::string(list.path));
      EXPECT_EQ(static_cast<int64_t>(rows.size() + list.nested),
                (*truth)["streams"][std::string(list.stream)].as_int())
          << list.stream;
      EXPECT_FALSE(rows.empty()) << list.stream;
      std::set<int64_t> ids;
      for (const auto& row : rows) {
        if (row["id"].is_integer() && list.stream != "product_quantities" &&
            list.stream != "quantity_audit") {
          EXPECT_TRUE(ids.insert(row["id"].as_int()).second) << list.stream << " has an id twice";
        }
      }
    }
  }
}

TEST_F(SideLists, WhatHangsOnOrdersFollowsThem) {
  std::map<int64_t, Json> orders;
  for (const auto& row : all("/orders")) orders[row["id"].as_int()] = row;
  ASSERT_EQ(orders.size(), 300U);
  std::map<std::string, int> invoices;
  for (const auto& row : all("/orders/invoices")) {
    ++invoices[row["type"].as_string()];
    const auto& order = orders.at(row["order_id"].as_int());
    EXPECT_EQ(row["total"]["amount"].dump(), order["total"]["amount"].dump());
    EXPECT_TRUE(row["sub_total"]["amount"].is_string());
  }
  int restored = 0;
  int sent = 0;
  for (const auto& [id, order] : orders) {
    const auto slug = order["status"]["slug"].as_string();
    restored += slug == "restored" ? 1 : 0;
    const bool is_sent = slug == "shipped" || slug == "delivering" || slug == "delivered" ||
                         slug == "completed" || slug == "restoring" || slug == "restored";
    sent += is_sent ? 1 : 0;
    EXPECT_EQ(status("/shipments?order_id=" + std::to_string(id)), is_sent ? 200 : 422);
  }
  EXPECT_EQ(invoices["Tax Invoice"], 300);
  EXPECT_EQ(invoices["Credit Note"], restored);
  EXPECT_EQ(all("/shipments").size(), static_cast<size_t>(sent));
  for (const auto& row : all("/transactions")) {
    EXPECT_GT(row["id"].as_int(), int64_t{1} << 31U);
    const auto& order = orders.at(row["references"]["order_id"].as_int());
    const auto method = order["payment_method"].as_string();
    if (method.empty()) continue;
    EXPECT_EQ(row["payment_method"]["slug"].as_string(), method);
  }
}

TEST_F(SideLists, DaysOfAFilterPartTheRows) {
  for (const auto* path : {"/orders/invoices", "/shipments", "/reviews"}) {
    const bool is_reviews = std::string(path) == "/reviews";
    const std::string from = is_reviews ? "?start_date=" : "?from_date=";
    const std::string to = is_reviews ? "?end_date=" : "?to_date=";
    const auto whole = all(path).size();
    const auto later = all(path + from + "2026-11-10").size();
    const auto before = all(path + to + "2026-11-09").size();
    EXPECT_GT(later, 0U);
    EXPECT_GT(before, 0U);
    EXPECT_EQ(later + before, whole) << path;
  }
}

TEST_F(SideLists, VolatileMembersDifferFromCallToCallAndNothingElse) {
  const auto first = get("/branches").dump();
  const auto second = get("/branches").dump();
  EXPECT_NE(first, second);
  const auto cart = get("/carts/abandoned")["data"].as_array().at(0);
  const auto later = get("/carts/abandoned")["data"].as_array().at(0);
  EXPECT_LT(cart["age_in_minutes"].as_int(), later["age_in_minutes"].as_int());
  EXPECT_EQ(cart["id"].as_int(), later["id"].as_int());
}

TEST_F(SideLists, DocumentedFiltersFilterOrAreRefused) {
  const auto total = [&](const std::string& target) {
    return get(target)["pagination"]["total"].as_int(-1);
  };
  EXPECT_EQ(total("/transactions?status=paid") + total("/transactions?status=pending") +
                total("/transactions?status=canceled") + total("/transactions?status=refunded"),
            total("/transactions"));
  EXPECT_LT(total("/transactions?status=pending"), total("/transactions"));
  const auto number =
      get("/transactions")["data"].as_array().at(0)["card"]["number"].as_string().substr(12);
  for (const auto& row : all("/transactions?last_4_digit=" + number))
    EXPECT_TRUE(row["card"]["number"].as_string().ends_with(number));
  EXPECT_EQ(total("/branches?is_default=1"), 1);
  EXPECT_EQ(total("/branches?is_default=0"), 2);
  EXPECT_EQ(total("/reviews?publish=true") + total("/reviews?publish=false"), total("/reviews"));
  EXPECT_EQ(total("/reviews?stars[]=3&stars[]=4&stars[]=5&stars[]=0"), total("/reviews"));
  EXPECT_EQ(total("/shipments?payment_method=cod") + total("/shipments?payment_method=pre_paid"),
            total("/shipments"));
  EXPECT_EQ(total("/coupons?keyword=FLJ10"), 1);
  EXPECT_EQ(total("/categories?status=hidden"), 0);
  // Together with days, and page by page.
  EXPECT_LT(all("/shipments?status=delivered&from_date=2026-11-10").size(),
            all("/shipments?from_date=2026-11-10").size());
  for (const auto* refused :
       {"/transactions?status=none", "/transactions?last_4_digit=12", "/shipments?status=lost_it",
        "/branches?is_default=maybe", "/orders?coupon=FLJ10", "/orders?city=1",
        "/reviews?stars[]=9", "/shipments?ship_to[country_code]=SA",
        "/carts/abandoned?offset=soon"}) {
    EXPECT_EQ(status(refused), 422) << refused;
  }
}

TEST_F(SideLists, ExtraRowsFollowTheListsOwn) {
  const auto before = get("/brands")["pagination"]["total"].as_int();
  EXPECT_EQ(ask("POST", "/_sim/extra-rows",
                R"({"rows":[{"list":"/brands","id":7,"row":"{\"id\":7,\"name\":[]}"},)"
                R"({"list":"/reviews","id":8,"day":"2026-11-20","row":"{\"id\":8}"},)"
                R"({"list":"/currencies","id":9,"row":"{\"code\":9e99}"}]})")
                .status,
            200);
  EXPECT_EQ(get("/brands")["pagination"]["total"].as_int(), before + 1);
  EXPECT_EQ(all("/brands").back().dump(), R"({"id":7,"name":[]})");
  EXPECT_EQ(get("/brands/7")["data"].dump(), R"({"id":7,"name":[]})");
  EXPECT_EQ(all("/reviews?start_date=2026-11-20&end_date=2026-11-20").back()["id"].as_int(), 8);
  for (const auto& row : all("/reviews?end_date=2026-11-19")) EXPECT_NE(row["id"].as_int(), 8);
  EXPECT_EQ(get("/currencies")["data"].as_array().size(), 5U);
  EXPECT_EQ(ask("POST", "/_sim/extra-rows", R"({"rows":[{"list":"/brands","row":"{"}]})").status,
            422);
  ask("DELETE", "/_sim/extra-rows");
  EXPECT_EQ(get("/brands")["pagination"]["total"].as_int(), before);
}

TEST_F(SideLists, EveryDocumentedEventHasItsBody) {
  const auto events = test::documented_events();
  std::string names;
  for (const auto& event : events) names += (names.empty() ? "\"" : ",\"") + event + "\"";
  const auto response = ask("POST", "/_sim/events", R"({"number":3,"events":[)" + names + "]}");
  ASSERT_EQ(response.status, 200) << response.payload();
  const auto sent = Json::parse(response.payload());
  ASSERT_TRUE(sent.ok());
  ASSERT_EQ(sent->as_array().size(), events.size());
  std::map<std::string, Json> bodies;
  for (const auto& each : sent->as_array()) bodies[each["event"].as_string()] = each["data"];
  // Whole ones, and the short ones of salla-api.md 5.3.
  EXPECT_TRUE(bodies["order.created"]["items"].is_array());
  EXPECT_TRUE(bodies["order.status.updated"]["order"]["reference_id"].is_number());
  EXPECT_EQ(bodies["order.shipment.cancelled"].as_object().size(), 3U);
  EXPECT_EQ(bodies["product.tags.updated"].as_object().size(), 6U);
  EXPECT_TRUE(bodies["product.price.updated"]["name"].is_null());
  EXPECT_TRUE(bodies["product.price.updated"]["price"]["amount"].is_number());
  EXPECT_TRUE(bodies["product.created"]["name"].is_string());
  EXPECT_EQ(bodies["abandoned.cart.status.changed"].as_object().size(), 2U);
  EXPECT_TRUE(bodies["abandoned.cart.purchased"]["total"].is_number());
  EXPECT_TRUE(bodies["abandoned.cart"]["total"]["amount"].is_number());
  EXPECT_TRUE(bodies["invoice.created"]["items"].is_array());
  EXPECT_TRUE(bodies["customer.updated"]["source"]["user-agent"].is_string());
  EXPECT_TRUE(bodies["store.branch.updated"]["short_address"].is_string());
  EXPECT_EQ(ask("POST", "/_sim/events", R"({"events":["nothing.happened"]})").status, 422);
}

TEST_F(SideLists, PlacesHaveTheirNames) {
  const auto countries = all("/countries");
  EXPECT_GE(countries.size(), 20U);
  EXPECT_EQ(countries.at(1)["name_en"].as_string(), "United Arab Emirates");
  size_t count = 0;
  for (const auto& country : countries) {
    const auto id = std::to_string(country["id"].as_int());
    EXPECT_EQ(get("/countries/" + id)["data"].dump(), country.dump());
    for (const auto& city : all("/countries/" + id + "/cities")) {
      ++count;
      EXPECT_EQ(city["name_en"].as_string().find_first_of("0123456789"), std::string::npos);
    }
  }
  EXPECT_EQ(count, 187U);
  EXPECT_EQ(status("/countries/7/cities"), 404);
}

TEST_F(SideLists, ListsGetShorterWhenTold) {
  const auto before = all("/coupons");
  ask("POST", "/_sim/remove-rows", R"({"coupons": 2})");
  const auto after = all("/coupons");
  ASSERT_EQ(after.size() + 2, before.size());
  EXPECT_EQ(status("/coupons/" + std::to_string(before.back()["id"].as_int())), 404);
  EXPECT_EQ(status("/coupons/" + std::to_string(after.back()["id"].as_int())), 200);
  EXPECT_EQ(ask("POST", "/_sim/remove-rows", R"({"nothing": 2})").status, 422);
}

TEST_F(SideLists, SomePagesAreShorterThanAskedFor) {
  EXPECT_EQ(get("/reviews?per_page=60")["pagination"]["perPage"].as_int(), 20);
  EXPECT_EQ(get("/coupons?per_page=60")["pagination"]["perPage"].as_int(), 60);
  EXPECT_TRUE(get("/currencies").as_object().size() == 3U) << "no pagination at all";
}

}  // namespace
}  // namespace falaj::simulator
