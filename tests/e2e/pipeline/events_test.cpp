// Every documented event with a body of its documented shape: from Salla's side of the socket through
// the receiver, the inbox and its rule to what it leaves in bronze and gold. An event without a case
// fails.
#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <map>
#include <set>

#include "base/clock.hpp"
#include "base/hmac.hpp"
#include "support/documented_events.hpp"
#include "support/plain_client.hpp"
#include "support/programs.hpp"
#include "support/store_truth.hpp"
#include "support/temp_dir.hpp"
#include "support/webhook_receiver.hpp"

namespace falaj::test {
namespace {

constexpr int64_t kMerchant = 1305146709;

// What is sent, and what must come of it.
struct EventCase {
  std::string event;
  std::string data;
  std::string taken_as;
  std::string query;  // one value
  std::string expected;
  std::string asked = "";  // a path that must be asked for once, because of this event
  bool is_late = false;    // written an hour before it comes
  bool has_envelope = true;
};

std::string with_id(std::string text, int64_t id) {
  for (auto at = text.find("$ID"); at != std::string::npos; at = text.find("$ID"))
    text.replace(at, 3, std::to_string(id));
  return text;
}

std::string money(const std::string& amount) {
  return R"({"amount":)" + amount + R"(,"currency":"SAR"})";
}

// The time as Salla writes it, in one of its three forms.
std::string written_at(std::time_t time, size_t form) {
  std::tm parts{};
  const auto local = time + 3 * 3600;
  ::gmtime_r(form % 3 == 2 ? &time : &local, &parts);
  const char* forms[] = {"%a %b %d %Y %H:%M:%S GMT+0300", "%Y-%m-%d %H:%M:%S",
                         "%Y-%m-%dT%H:%M:%SZ"};
  char text[64];
  std::strftime(text, sizeof text, forms[form % 3], &parts);
  return text;
}

class Events : public testing::Test {
 protected:
  Events() { falaj_.set_environment("SALLA_WEBHOOK_SECRET", "s3"); }

  static void deliver(PlainClient& client, const std::string& body) {
    client.send("POST /webhooks/salla HTTP/1.1\r\nHost: h\r\nX-Salla-Signature: " +
                to_hex(hmac_sha256("s3", body)) +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    const auto answer = client.answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << body << answer;
  }
  // Moves the clock of every falaj that is started from now on, and of events.
  void be_ahead(int seconds) {
    ahead_ = seconds;
    falaj_.set_environment("FALAJ_CLOCK_AHEAD_SECS", std::to_string(seconds));
  }
  std::string body_of(const EventCase& one, size_t form) const {
    if (!one.has_envelope) return one.data;
    const auto now =
        std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()) + ahead_;
    return R"({"event":")" + one.event + R"(","merchant":)" + std::to_string(kMerchant) +
           R"(,"created_at":")" + written_at(one.is_late ? now - 3600 : now, form) +
           R"(","data":)" + one.data + "}";
  }

  // ---- cases

  void add(EventCase one) { cases_.push_back(std::move(one)); }

  // An order that the store has, in the full shape of events, with a coupon and a line that only this
  // body has.
  std::string full_order(const Json& order, const std::string& mark) {
    const auto day = order["day"].as_string();
    const auto total = order["total"].as_string();
    return R"({"id":)" + order["id"].dump() +
           R"(,"reference_id":41027662,"urls":{},"date":{"date":")" + day +
           R"( 12:00:00.000000","timezone_type":3,"timezone":"Asia/Riyadh"},"draft":false,)"
           R"("read":true,"source":"store","status":{"id":1,"name":"x","slug":")" +
           order["status"].as_string() +
           R"(","customized":{"id":2,"name":"y"}},"payment_method":)"
           R"("mada","currency":"SAR","amounts":{"sub_total":)" +
           money(total) + R"(,"shipping_cost":)" + money("0") + R"(,"cash_on_delivery":)" +
           money("0") + R"(,"tax":{"percent":"15.00","amount":)" + money("0") +
           R"(},"discounts":[{"title":"t","type":"normal","code":")" + mark +
           R"(","discount":"0.00","discounted_shipping":0}],"total":)" + money(total) +
           R"(},"shipping":{"id":1,"company":"c","receiver":{"name":"n","phone":"9665"},"address":)"
           R"({"country":"SA","city":"جدة","shipping_address":"a"}},"items":[{"id":)" +
           std::to_string(next_line_++) + R"(,"name":"line","sku":")" + mark +
           R"(","quantity":7,"currency":"SAR","weight":0.25,"amounts":{"price_without_tax":)" +
           money("1.5") + R"(,"total_discount":)" + money("0") + R"(,"total":)" + money("10.5") +
           R"(},"product":null,"options":[]}],"customer":{"id":)" + order["customer"].dump() +
           R"(,"first_name":"M","last_name":"A","mobile":501806978,"mobile_code":"+966"},"tags":[]})";
  }

  void add_orders() {
    const auto orders = store_.get("/_sim/truth/orders").as_array();
    size_t next = 0;
    for (const auto* event :
         {"order.updated", "order.cancelled", "order.refunded", "order.products.updated",
          "order.payment.updated", "order.coupon.updated", "order.total.price.updated",
          "order.shipping.address.updated", "order.customer.updated", "order.shipment.creating",
          "order.shipment.created", "order.shipment.return.creating",
          "order.shipment.return.created"}) {
      const auto& order = orders[next++];
      add({event, full_order(order, event), "use_body",
           "SELECT f.coupon_code || ' ' || CAST(i.quantity AS VARCHAR) || ' ' || "
           "CAST(i.total_amount "
           "AS VARCHAR) FROM GOLD.gold_fact_orders f JOIN GOLD.gold_fact_order_items i ON "
           "i.order_id "
           "= f.order_id WHERE f.order_id = " +
               order["id"].dump(),
           std::string(event) + " 7.0000 10.5000"});
    }
    add_official_order(orders[next++]);
    // A body that lacks lines is asked for.
    const auto narrow = orders[next++]["id"].dump();
    add({"order.updated", R"({"id":)" + narrow + R"(,"status":{"slug":"completed"}})", "refetch",
         "SELECT COUNT(*) FROM BRONZE.bronze_orders WHERE source = 'webhook' AND order_id = " +
             narrow,
         "0", "/orders/" + narrow});
    add_hidden_changes(orders, next);
    const auto deleted =
        store_.post("/_sim/mutate", R"({"delete":1,"seed":3})")["deleted_ids"].as_array()[0].dump();
    add({"order.deleted", R"({"id":)" + deleted + R"(,"status":{},"amounts":{},"items":[]})",
         "tombstone",
         "SELECT MAX(d.reason) || ' ' || CAST((SELECT COUNT(*) FROM GOLD.gold_fact_orders WHERE "
         "order_id = " +
             deleted +
             ") AS VARCHAR) FROM BRONZE.bronze_deletions d WHERE d.entity = "
             "'orders' AND d.deletion_id = " +
             deleted,
         "webhook 0"});
  }

  // The example that Salla publishes, of an order that this store has.
  void add_official_order(const Json& order) {
    auto body =
        Json::parse(read_text_file(test_data_dir() / "salla-payloads/webhook-order-created.json"));
    ASSERT_TRUE(body.ok());
    auto data = (*body)["data"];
    data.set("id", order["id"].as_int());
    auto status = data["status"];
    status.set("slug", order["status"].as_string());
    data.set("status", status);
    auto amounts = data["amounts"];
    amounts.set("total", *Json::parse(money(order["total"].as_string())));
    data.set("amounts", amounts);
    add({"order.created", data.dump(), "use_body",
         "SELECT f.coupon_code || ' ' || CAST(i.quantity AS VARCHAR) || ' ' || CAST(i.total_amount "
         "AS "
         "VARCHAR) || ' ' || f.shipping_city FROM GOLD.gold_fact_orders f JOIN "
         "GOLD.gold_fact_order_items i ON i.order_id = f.order_id WHERE f.order_id = " +
             order["id"].dump(),
         "new offer 1.0000 186.0000 جدة"});
  }

  // Changes that no list shows: gold has them if the narrow event made falaj ask.
  void add_hidden_changes(const Json::Array& orders, size_t used) {
    std::set<int64_t> taken;
    for (size_t i = 0; i < used; ++i) taken.insert(orders[i]["id"].as_int());
    std::vector<std::string> ids;
    for (int seed = 1; ids.size() < 3; ++seed) {
      const auto done =
          store_.post("/_sim/mutate", R"({"hidden":1,"seed":)" + std::to_string(seed) + "}");
      const auto id = done["hidden_ids"].as_array()[0].as_int();
      if (taken.insert(id).second) ids.push_back(std::to_string(id));
    }
    const auto changed = store_.get("/_sim/truth/orders").as_array();
    const auto check = [&](const std::string& event, const std::string& id,
                           const std::string& data) {
      for (const auto& order : changed) {
        if (order["id"].dump() != id) continue;
        add({event, data, "refetch",
             "SELECT CAST(CAST(subtotal_amount AS DECIMAL(18,2)) AS VARCHAR) FROM "
             "GOLD.gold_fact_orders WHERE order_id = " +
                 id,
             order["sub_total"].as_string(), "/orders/" + id});
      }
    };
    check("order.status.updated", ids[0],
          R"({"id":999,"status":"تم","customized":null,"note":"","order":{"id":)" + ids[0] +
              R"(,"items":[{"product_id":3}]}})");
    check("order.shipment.cancelled", ids[1],
          R"({"id":)" + ids[1] + R"(,"reference_id":41,"shipping_number":"S1"})");
    check("order.shipment.return.cancelled", ids[2],
          R"({"id":)" + ids[2] + R"(,"reference_id":41,"shipping_number":"S1"})");
  }

  // A body that becomes a row of its stream. `shown`: an expression over that row.
  void add_body(const std::string& event, const std::string& table, const std::string& column,
                const std::string& data, const std::string& shown, const std::string& expected) {
    const auto id = next_id_++;
    add({event, with_id(data, id), "use_body",
         "SELECT " + shown + " || ' ' || source FROM BRONZE." + table + " WHERE " + column + " = " +
             std::to_string(id),
         expected + " webhook"});
  }
  void add_gone(const std::string& event, const std::string& stream) {
    const auto id = std::to_string(next_id_++);
    add({event, R"({"id":)" + id + R"(,"name":"gone"})", "tombstone",
         "SELECT MAX(reason) FROM BRONZE.bronze_deletions WHERE entity = '" + stream +
             "' AND deletion_id = " + id,
         "webhook"});
  }
  // Of an entity that the store does not have: asked for, answered 404, a deletion.
  void add_asked(const std::string& event, const std::string& stream, const std::string& path,
                 const std::string& data, bool is_late = false, bool has_envelope = true) {
    const auto id = next_id_++;
    add({event, with_id(data, id), "refetch",
         "SELECT MAX(reason) FROM BRONZE.bronze_deletions WHERE entity = '" + stream +
             "' AND deletion_id = " + std::to_string(id),
         "404", path + std::to_string(id), is_late, has_envelope});
  }
  // Nothing comes of it, and nothing private of it stays.
  void add_ignored(const std::string& event, const std::string& data, bool is_private = false) {
    add({event, data, "ignore",
         "SELECT MAX(CASE WHEN raw_data LIKE '%4711%' THEN 'kept' ELSE 'not kept' END) FROM "
         "BRONZE.bronze_webhooks WHERE event = '" +
             event + "'",
         is_private ? "not kept" : "kept"});
  }

  void add_products_and_customers() {
    const std::string product =
        R"({"id":$ID,"sku":"E","name":"event","price":{"amount":11.5,"currency":"SAR"},"status":"sale",)"
        R"("quantity":"50","sale_price":{},"brand":null,"categories":[],"type":"product"})";
    for (const auto* event : {"product.created", "product.updated", "product.available"}) {
      add_body(event, "bronze_products", "product_id", product,
               "name || ' ' || CAST(price AS VARCHAR) || ' ' || CAST(quantity AS VARCHAR)",
               "event 11.5000 50.0000");
    }
    add_gone("product.deleted", "products");
    const std::pair<const char*, const char*> narrow[] = {
        {"product.quantity.low", R"("quantity":2)"},
        {"product.price.updated", R"("price":{"amount":1,"currency":"SAR"})"},
        {"product.status.updated", R"("status":"out")"},
        {"product.image.updated", R"("images":[])"},
        {"product.category.updated", R"("categories":[])"},
        {"product.brand.updated", R"("brand":{"id":1})"},
        {"product.tags.updated", R"("tags":[])"},
        {"product.channels.changed", R"("channels":["app"])"}};
    for (const auto& [event, part] : narrow) {
      add_asked(event, "products", "/products/",
                R"({"id":$ID,"sku":"E","mpn":null,"gtin":null,"barcode":null,)" +
                    std::string(part) + "}");
    }
    for (const auto* event : {"customer.created", "customer.updated"}) {
      add_body(
          event, "bronze_customers", "customer_id",
          R"({"id":$ID,"first_name":"A","last_name":"B","mobile":555,"mobile_code":"+966",)"
          R"("groups":[1],"source":{"device":"x","user-agent":"y","ip":"1.2.3.4"},"is_blocked":false})",
          "first_name || ' ' || mobile || ' ' || groups", "A 555 [1]");
    }
    add_ignored("customer.login", R"({"id":4711})");
    add_ignored("customer.otp.request", R"({"code":"4711","to":"+966"})", true);
  }

  void add_lists() {
    for (const auto* event : {"category.created", "category.updated"}) {
      add_body(
          event, "bronze_categories", "category_id",
          R"({"id":$ID,"name":"c","parent_id":0,"sort_order":2,"status":"active","sub_categories":[],)"
          R"("update_at":"2024-10-24 13:24:48"})",
          "name || ' ' || CAST(updated_at AS VARCHAR)", "c 2024-10-24 10:24:48");
    }
    add_asked("category.updated", "categories", "/categories/", R"({"id":$ID,"name":"c"})", true);
    for (const auto* event : {"brand.created", "brand.updated"}) {
      add_body(event, "bronze_brands", "brand_id",
               R"({"id":$ID,"name":"b","status":true,"logo":"l"})",
               "name || ' ' || CAST(is_active AS VARCHAR)", "b true");
    }
    add_gone("brand.deleted", "brands");
    for (const auto* event :
         {"shipment.creating", "shipment.created", "shipment.cancelled", "shipment.updated"}) {
      add_body(
          event, "bronze_shipments", "shipment_id",
          R"({"id":$ID,"order_id":1,"type":"shipment","status":"created","courier_name":"k",)"
          R"("total":{"amount":"9.5","currency":"SAR"},"customer":{"id":1,"name":"n"},"label":[]})",
          "status_slug || ' ' || CAST(total_amount AS VARCHAR)", "created 9.5000");
    }
    add_ignored("shipping.zone.created", R"({"id":4711,"zone_code":"z"})");
    add_ignored("shipping.zone.updated", R"({"id":4711,"zone_code":"z"})");
    for (const auto* event : {"shipping.company.created", "shipping.company.updated"}) {
      add({event, R"({"id":5,"name":"k"})", "read_list",
           "SELECT COUNT(*) FROM BRONZE.bronze_shipping_companies WHERE source <> 'list'", "0"});
    }
    add_gone("shipping.company.deleted", "shipping_companies");
    for (const auto* event : {"store.branch.created", "store.branch.updated",
                              "store.branch.setDefault", "store.branch.activated"}) {
      add_body(
          event, "bronze_branches", "branch_id",
          R"({"id":$ID,"name":"b","status":"active","type":[],"is_default":true,"branch_code":"B1",)"
          R"("short_address":"s","location":{"lat":"30.5","lng":"31.25"},"cod_cost":"5.00"})",
          "branch_code || ' ' || CAST(latitude AS VARCHAR) || ' ' || CAST(cod_cost AS VARCHAR)",
          "B1 30.50000000 5.0000");
    }
    add_gone("store.branch.deleted", "branches");
    add_body("storetax.created", "bronze_taxes", "tax_id",
             R"({"id":$ID,"tax":15,"status":"active","country":null})",
             "CAST(tax_percent AS VARCHAR)", "15.0000");
    add_carts_and_marketing();
  }

  void add_carts_and_marketing() {
    for (const auto* event : {"abandoned.cart", "abandoned.cart.updated"}) {
      add_body(
          event, "bronze_abandoned_carts", "abandoned_cart_id",
          R"({"id":$ID,"total":{"amount":20,"currency":"SAR"},"subtotal":{"amount":18,"currency":"SAR"},)"
          R"("total_discount":{},"age_in_minutes":5,"status":"active","customer":{"id":7,"name":"n"},)"
          R"("items":[{"id":1,"product_id":2,"quantity":3}]})",
          "CAST(total_amount AS VARCHAR) || ' ' || CAST(items_count AS VARCHAR)", "20.0000 1");
    }
    add_bought_carts();
    add_ignored("coupon.applied", R"({"id":4711,"code":"c"})");
    for (const auto* event : {"coupon.created", "coupon.updated"}) {
      add_body(
          event, "bronze_coupons", "coupon_id",
          R"({"id":$ID,"code":"C1","type":"p","amount":{"amount":10,"currency":"SAR"},)"
          R"("minimum_amount":90,"free_shipping":false,"statistics":{"num_of_usage":3}})",
          "code || ' ' || CAST(minimum_amount AS VARCHAR) || ' ' || CAST(usage_count AS VARCHAR)",
          "C1 90.0000 3");
    }
    const std::string invoice =
        R"({"id":$ID,"invoice_number":"7","order_id":1,"type":"فاتورة","date":"2022-06-26",)"
        R"("sub_total":{"amount":"100.00","currency":"SAR"},"items":[],"total":{"amount":115,"currency":"SAR"}})";
    add_body(
        "invoice.created", "bronze_invoices", "invoice_id", invoice,
        "type || ' ' || CAST(sub_total_amount AS VARCHAR) || ' ' || CAST(total_amount AS VARCHAR)",
        "فاتورة 100.0000 115.0000");
    add_asked("invoice.created", "invoices", "/orders/invoices/", invoice, false, false);
    for (const auto* event : {"specialoffer.created", "specialoffer.updated"}) {
      add_body(
          event, "bronze_special_offers", "special_offer_id",
          R"({"id":$ID,"name":"o","offer_type":"buy_x_get_y","status":"active","buy":{"min_items":-1},)"
          R"("get":{},"start_date":"2024-02-16 10:00:00"})",
          "offer_type || ' ' || CAST(starts_at AS VARCHAR)", "buy_x_get_y 2024-02-16 07:00:00");
    }
    add_body("review.added", "bronze_reviews", "review_id",
             R"({"id":$ID,"type":"rating","rating":4,"content":"good","order_id":null,)"
             R"("created_at":"2024-02-16 10:00:00","customer":{"id":1,"mobile":555}})",
             "CAST(rating AS VARCHAR) || ' ' || content || ' ' || customer_mobile", "4 good 555");
  }

  // Known as bought from the event on, also where its body does not say so and the store has no such
  // cart any more.
  void add_bought_carts() {
    const auto silver = [](int64_t cart) {
      return "SELECT status || ' ' || CAST(is_deleted AS VARCHAR) || ' ' || CAST(total_amount AS "
             "VARCHAR) FROM SILVER.silver_abandoned_carts WHERE abandoned_cart_id = " +
             std::to_string(cart);
    };
    const auto bought = next_id_++;
    add({"abandoned.cart.purchased",
         with_id(R"({"id":$ID,"total":120.5,"subtotal":100,"total_discount":0,"items":[]})",
                 bought),
         "use_body", silver(bought), "purchased false 120.5000"});
    const auto changed = next_id_++;
    add({"abandoned.cart",
         with_id(R"({"id":$ID,"total":30,"total_discount":0,"status":"active","items":[]})",
                 changed),
         "use_body", silver(changed), "purchased false 30.0000"});
    add({"abandoned.cart.status.changed", with_id(R"({"id":$ID,"status":"purchased"})", changed),
         "refetch", silver(changed), "purchased false 30.0000",
         "/carts/abandoned/" + std::to_string(changed)});
  }

  void add_ignored_ones() {
    for (const auto* event :
         {"communication.sms.send", "communication.email.send", "communication.whatsapp.send"})
      add_ignored(event, R"({"content":"your code is 4711","notifiable":["+966"]})", true);
    for (const auto* event : {"subscription.created", "subscription.charge.succeeded"})
      add_ignored(event, R"({"id":4711,"created_at":"2022-03-07T11:57:13.000000Z"})");
    for (const auto* event :
         {"app.installed", "app.updated", "app.trial.started", "app.trial.expired",
          "app.trial.canceled", "app.subscription.started", "app.subscription.renewed",
          "app.subscription.expired", "app.subscription.canceled"})
      add_ignored(event, R"({"id":4711,"app_name":"falaj","plan_type":"recurring"})");
    add_ignored("app.settings.updated", R"({"id":1,"settings":{"pin":"4711"}})", true);
  }

  std::map<std::string, std::string> taken() const {
    std::map<std::string, std::string> by_body;
    for (const auto& row : falaj_.sql("SELECT body_sha256, event || ' ' || taken_as AS what FROM "
                                      "BRONZE.bronze_webhooks"))
      by_body[row["body_sha256"].as_string()] = row["what"].as_string();
    return by_body;
  }
  // All values in one statement: `falaj sql` once instead of once a case. Several rows are shown.
  std::vector<std::string> values() const {
    std::string all;
    for (size_t i = 0; i < cases_.size(); ++i) {
      all += (i > 0 ? " UNION ALL SELECT " : "SELECT ") + std::to_string(i) +
             " AS place, (SELECT STRING_AGG(CAST(v AS VARCHAR), ' & ') FROM (" + cases_[i].query +
             ") q(v)) AS value";
    }
    std::vector<std::string> found(cases_.size());
    for (const auto& row : falaj_.sql(all))
      found.at(static_cast<size_t>(row["place"].as_int())) = cell_text(row["value"]);
    return found;
  }

  TempDir dir_;
  SimStore store_{{"--orders", "60", "--customers", "30", "--products", "10", "--plan", "unlimited",
                   "--seed", "5"}};
  Falaj falaj_{(dir_ / "home").string(), store_.base_url()};
  std::vector<EventCase> cases_;
  int64_t next_id_ = 2'000'000'001;
  int64_t next_line_ = 900'000'001;
  int ahead_ = 0;
};

// The two that bring and take tokens are below.
const std::set<std::string> kOfTokens = {"app.store.authorize", "app.uninstalled"};

TEST_F(Events, EachDoesWhatItsRuleSays) {
  FALAJ_REQUIRE_TEST_DATA();
  falaj_.run_ok();
  // A body counts as seen some seconds before it was written: later than what is known.
  be_ahead(60);
  add_orders();
  add_products_and_customers();
  add_lists();
  add_ignored_ones();
  std::set<std::string> tested = kOfTokens;
  for (const auto& one : cases_) tested.insert(one.event);
  for (const auto& event : documented_events()) EXPECT_TRUE(tested.contains(event)) << event;

  store_.reset_counters();
  std::vector<std::string> bodies;
  {
    Receiver receiver(falaj_);
    PlainClient client(receiver.port());
    for (size_t i = 0; i < cases_.size(); ++i) {
      bodies.push_back(body_of(cases_[i], i));
      deliver(client, bodies.back());
    }
    falaj_.run_ok();
  }
  const auto rows = taken();
  EXPECT_EQ(rows.size(), cases_.size());
  const auto found = values();
  for (size_t i = 0; i < cases_.size(); ++i) {
    const auto& one = cases_[i];
    SCOPED_TRACE(one.event + " " + one.data.substr(0, 60));
    const auto row = rows.find(to_hex(sha256(bodies[i])));
    ASSERT_NE(row, rows.end());
    EXPECT_EQ(row->second, one.event + " " + one.taken_as);
    EXPECT_EQ(found[i], one.expected) << one.query;
    if (one.asked.empty()) continue;
    EXPECT_EQ(store_.get("/_sim/counters?url=GET%20/admin/v2" + one.asked)["requests"].as_int(), 1)
        << one.asked;
  }
  // Nothing of it lasts longer than the store says: the next run leaves what the store has.
  EXPECT_EQ(falaj_.run_ok()["rows_loaded"].as_int(), 0);
}

TEST_F(Events, TokensComeAndGoWithTheirEvents) {
  falaj_.set_environment("SALLA_API_TOKEN", "");
  {
    Receiver receiver(falaj_);
    PlainClient client(receiver.port());
    deliver(client, store_.post("/_sim/install", "").dump());
  }
  falaj_.run_ok();
  EXPECT_EQ(falaj_.value("SELECT COUNT(*) FROM GOLD.gold_fact_orders"), "60");
  const auto state = [&] {
    const auto shown = falaj_.run({"store", "show", std::to_string(kMerchant), "--json"});
    return Json::parse(shown.out).value()["state"].as_string();
  };
  EXPECT_EQ(state(), "active");
  // Half an hour later, so that it is not taken for one of the install before.
  be_ahead(1800);
  Receiver receiver(falaj_);
  PlainClient client(receiver.port());
  deliver(client, body_of({"app.uninstalled", R"({"id":1,"app_name":"falaj"})", "", "", ""}, 1));
  EXPECT_EQ(state(), "uninstalled");
  EXPECT_EQ(falaj_.run({"run"}).status, 78) << "there is nothing to read";
  deliver(client, store_.post("/_sim/install", "").dump());
  EXPECT_EQ(state(), "active");
  falaj_.run_ok();
  EXPECT_EQ(falaj_.value("SELECT STRING_AGG(event || ' ' || taken_as, ', ' ORDER BY event) FROM "
                         "BRONZE.bronze_webhooks WHERE received_at > (SELECT MIN(received_at) FROM "
                         "BRONZE.bronze_webhooks)"),
            "app.store.authorize credentials, app.uninstalled credentials");
}

}  // namespace
}  // namespace falaj::test
