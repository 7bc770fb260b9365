// salla-sim against Salla's documentation: every answer key by key and type by type.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "support/documented_shapes.hpp"
#include "support/plain_client.hpp"
#include "support/programs.hpp"
#include "support/temp_dir.hpp"

namespace falaj::test {
namespace {

struct Answer {
  int status = 0;
  Json body;
};

class Documentation : public testing::Test {
 protected:
  Documentation()
      : store_({"--seed", "7", "--orders", "300", "--customers", "90", "--products", "60", "--plan",
                "unlimited", "--now", "2026-11-23T09:45:00Z"}),
        closed_({"--seed", "7", "--orders", "5", "--plan", "unlimited", "--scopes", "no.read"}) {}

  static Answer ask(SimStore& store, const std::string& target, const std::string& method = "GET",
                    const std::string& body = "") {
    const auto& url = store.base_url();
    PlainClient client(static_cast<uint16_t>(std::atoi(url.c_str() + url.rfind(':') + 1)));
    client.send(method + " /admin/v2" + target +
                " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sim-token\r\nConnection: close\r\n"
                "Content-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
    const auto text = client.answer();
    const auto head = text.find("\r\n\r\n");
    if (head == std::string::npos) return {};
    auto parsed = Json::parse(std::string_view(text).substr(head + 4));
    EXPECT_TRUE(parsed.ok()) << target;
    return {std::atoi(text.c_str() + 9), parsed.ok() ? *parsed : Json()};
  }
  Json get(const std::string& target) {
    const auto answer = ask(store_, target);
    EXPECT_EQ(answer.status, 200) << target << " " << answer.body.dump();
    return answer.body;
  }

  // Ids at a place of a list's rows: "" is the row's own, "skus" of each of its skus.
  std::vector<std::string> ids(const std::string& list, const std::vector<std::string>& inside) {
    std::vector<std::string> found;
    collect_ids(get(list)["data"], inside, 0, found);
    if (found.size() > 40) found.resize(40);
    return found;
  }
  static void collect_ids(const Json& value, const std::vector<std::string>& inside, size_t depth,
                          std::vector<std::string>& found) {
    for (const auto& row : value.is_object() ? Json::Array{value} : value.as_array()) {
      if (depth < inside.size()) {
        collect_ids(row[inside[depth]], inside, depth + 1, found);
      } else {
        found.push_back(std::to_string(row["id"].as_int()));
      }
    }
  }

  std::vector<std::string> targets_of(const std::string& path);
  Places served(const std::string& path, const std::string& status);
  void compare(const DocumentedEndpoint& endpoint);

  SimStore store_;
  SimStore closed_;  // a token that may see nothing
  std::set<size_t> used_;
  size_t compared_places_ = 0;
  size_t compared_answers_ = 0;
};

// Requests whose answers together show what the endpoint can say.
std::vector<std::string> Documentation::targets_of(const std::string& path) {
  static const std::map<std::string, std::pair<std::string, std::vector<std::string>>> kSources = {
      {"/orders/{order_id}/histories", {"/orders?per_page=60", {}}},
      {"/orders/assignment/{order_id}", {"/orders", {}}},
      {"/orders/items", {"/orders?per_page=60", {}}},
      {"/coupons/codes", {"/coupons?per_page=60", {}}},
      {"/products/{product}/variants", {"/products?per_page=60", {}}},
      {"/products/variants/{variant}", {"/products?per_page=60", {"skus"}}},
      {"/products/options/{option}", {"/products?per_page=60", {"options"}}},
      {"/products/options/values/{value}", {"/products?per_page=60", {"options", "values"}}}};
  if (path == "/reservations") return {"/reservations?start=2026-01-01&end=2026-12-31"};
  if (path == "/shipping/companies/estimate-rate") return {path + "?city_id=1&country_id=1"};
  const auto open = path.find('{');
  std::vector<std::string> targets;
  const auto source = kSources.find(path);
  if (open == std::string::npos && source == kSources.end()) {
    targets.push_back(path + "?per_page=60");
    targets.push_back(path + "?per_page=1&page=2");
  } else {
    const auto list = source != kSources.end() ? source->second.first : path.substr(0, open - 1);
    const auto inside =
        source != kSources.end() ? source->second.second : std::vector<std::string>{};
    for (const auto& id : ids(list, inside)) {
      if (open == std::string::npos) {
        targets.push_back(path + (path == "/orders/items" ? "?order_id=" : "?coupon_id=") + id);
      } else {
        targets.push_back(path.substr(0, open) + id + path.substr(path.find('}') + 1));
      }
    }
  }
  for (const auto* prefix :
       {"/brands", "/branches", "/categories", "/products/options/templates"}) {
    if (!path.starts_with(prefix)) continue;
    const auto plain = targets;
    for (const auto& target : plain) {
      for (const auto* with : {"translations", "items", "details"})
        targets.push_back(target + (target.find('?') == std::string::npos ? "?" : "&") +
                          "with=" + with);
    }
  }
  return targets;
}

Places Documentation::served(const std::string& path, const std::string& status) {
  Places places;
  const auto open = path.find('{');
  const auto without_id = open == std::string::npos
                              ? path
                              : path.substr(0, open) + "7" + path.substr(path.find('}') + 1);
  std::vector<std::string> targets = {without_id};
  auto* store = &store_;
  if (status == "200") targets = targets_of(path);
  if (status == "401") store = &closed_;
  if (status == "404" && path == "/orders/items") targets = {path + "?order_id=7"};
  if (status == "404" && path == "/coupons/codes") targets = {path + "?coupon_id=7"};
  if (status == "422" && path == "/transactions") targets = {path + "?last_4_digit=12&status=none"};
  for (const auto& target : targets) {
    const auto answer = ask(*store, target);
    EXPECT_EQ(std::to_string(answer.status), status) << target << " " << answer.body.dump();
    if (std::to_string(answer.status) != status) continue;
    collect_places(answer.body, "", places);
    ++compared_answers_;
  }
  return places;
}

void Documentation::compare(const DocumentedEndpoint& endpoint) {
  const auto& accepted = accepted_differences();
  for (const auto& [status, documented] : endpoint.by_status) {
    // A whole status that the simulated store does not give.
    const auto find = [&](const std::string& what) {
      for (size_t i = 0; i < accepted.size(); ++i) {
        const auto& each = accepted[i];
        const bool is_path = each.path == endpoint.path || each.path == "*";
        if (!is_path || each.status != status) continue;
        const bool is_prefix = each.what.ends_with("*");
        const auto wanted = is_prefix ? each.what.substr(0, each.what.size() - 1) : each.what;
        if (is_prefix ? what.starts_with(wanted) : what == wanted) {
          used_.insert(i);
          return true;
        }
      }
      return false;
    };
    if (find("never answers so")) continue;
    const auto places = served(endpoint.path, status);
    compared_places_ += documented.size();
    for (const auto& what : differences(documented, places)) {
      if (!find(what))
        ADD_FAILURE() << "{\"" << endpoint.path << "\", \"" << status << "\", \"" << what
                      << "\", \"\"},";
    }
  }
}

TEST_F(Documentation, EveryAnswerHasWhatIsDocumented) {
  FALAJ_REQUIRE_TEST_DATA();
  ask(store_, "/webhooks/subscribe", "POST",
      R"({"name":"a","event":"order.created","url":"https://example.sa/hook","rule":"a = b",)"
      R"("headers":[{"key":"Authorization","value":"x"},{"key":"Accept-Language","value":"ar"}]})");
  const auto endpoints = documented_endpoints((test_data_dir() / "salla-examples").string());
  ASSERT_FALSE(endpoints.empty());
  size_t with_examples = 0;
  for (const auto& endpoint : endpoints) {
    if (!endpoint.by_status.empty()) ++with_examples;
    if (!endpoint.by_status.contains("200")) {
      // Nothing to compare, but an answer there is.
      EXPECT_FALSE(served(endpoint.path, "200").empty()) << endpoint.path;
    }
    compare(endpoint);
  }
  const auto& accepted = accepted_differences();
  for (size_t i = 0; i < accepted.size(); ++i) {
    EXPECT_TRUE(used_.contains(i))
        << accepted[i].path << " " << accepted[i].status << " " << accepted[i].what
        << ": accepted, but there is no such difference";
  }
  std::cout << endpoints.size() << " endpoints, " << with_examples << " with examples, "
            << compared_answers_ << " answers, " << compared_places_
            << " documented keys compared, " << accepted.size() << " differences accepted\n";
}

}  // namespace
}  // namespace falaj::test
