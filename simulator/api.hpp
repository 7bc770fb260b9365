// The API's resources: which paths there are, what scope each needs, and their answers.
// Shape:    a call has passed the token and the quota.
// Threads:  confined to one.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http_server/request.hpp"
#include "http_server/response.hpp"
#include "simulator/entity_json.hpp"
#include "simulator/extra_rows.hpp"
#include "simulator/quota.hpp"
#include "simulator/store.hpp"

namespace falaj::simulator {

// What the smaller resources of a store remember.
struct SideState {
  uint64_t calls = 0;  // makes volatile members differ from answer to answer
  std::map<std::string_view, uint64_t> removed;  // rows at the end of a list that are hidden
  // (day, order) of restored orders, of the store's version + 1.
  std::vector<std::pair<int64_t, uint64_t>> credit_notes;
  uint64_t credit_notes_version = 0;
  std::vector<uint64_t> quantity_rows;  // rows of /products/quantities before each product, and all
  std::optional<std::vector<uint64_t>> out_of_stock;  // products, sorted
};

// One store and what answers for it.
struct StoreSlot {
  StoreSlot(int64_t number, std::unique_ptr<EntitySource> source, const Quirks& quirks,
            std::string store_domain)
      : store(number, std::move(source)),
        json(store.source(), quirks, store_domain),
        domain(std::move(store_domain)) {}

  // What /store/info says, and events name as their merchant.
  int64_t merchant_id() const { return 1'305'146'708 + store.number(); }

  Store store;
  EntityJson json;
  std::string domain;
  std::string plan;
  bool is_expanded = false;
  std::unique_ptr<Quota> quota;  // null: unlimited
  SideState side;
  ExtraRows extra;
};

// A look at one of the smaller resources.
struct SideCall {
  StoreSlot& slot;
  const Quirks& quirks;
  int64_t now;                                   // local seconds
  const http_server::Request* request;           // null: no filters
  std::optional<http_server::Response> refusal;  // of a filter's value
};

// The id that /store/info says.
int64_t store_number_id(const StoreSlot& slot);

struct ApiCall {
  const http_server::Request& request;
  std::string_view path;  // below /admin/v2, without a slash at the end
  int64_t id = 0;         // the number in the path
  StoreSlot& slot;
  const Quirks& quirks;
  std::string base_url;  // "http://api.salla.dev/admin/v2", for links
  int64_t now = 0;       // local seconds
};

using ApiHandler = http_server::Response (*)(ApiCall&);

struct ApiRoute {
  std::string_view pattern;  // "/orders/{id}"
  std::string_view scope;    // "" needs none
  ApiHandler handler;
  std::string_view filters;  // known query parameters, space separated
  bool is_list = false;      // large and repeatable: may be kept by the page cache
};

std::span<const ApiRoute> api_routes();
// The route of a path and the number in it; null if there is none.
const ApiRoute* find_route(std::string_view path, int64_t& id);

// Pages already written, by URL, until the store changes; bounded.
class PageCache {
 public:
  explicit PageCache(size_t bytes_max) : bytes_max_(bytes_max) {}
  std::shared_ptr<const std::string> find(const std::string& key, uint64_t version);
  void keep(const std::string& key, uint64_t version, std::shared_ptr<const std::string> page);

 private:
  struct Entry {
    std::shared_ptr<const std::string> page;
    uint64_t version = 0;
    std::list<std::string>::iterator age;
  };
  void drop(const std::string& key);

  size_t bytes_max_;
  size_t bytes_ = 0;
  std::unordered_map<std::string, Entry> entries_;
  std::list<std::string> ages_;  // oldest first
};

http_server::Response orders_list(ApiCall& call);
http_server::Response order_by_id(ApiCall& call);
http_server::Response order_items_list(ApiCall& call);
http_server::Response order_statuses(ApiCall& call);
http_server::Response customers_list(ApiCall& call);
http_server::Response customer_by_id(ApiCall& call);
http_server::Response products_list(ApiCall& call);
http_server::Response product_by_id(ApiCall& call);
http_server::Response product_variants_list(ApiCall& call);
http_server::Response variant_by_id(ApiCall& call);
http_server::Response option_by_id(ApiCall& call);
http_server::Response option_value_by_id(ApiCall& call);
http_server::Response order_status_by_id(ApiCall& call);
http_server::Response category_children(ApiCall& call);
http_server::Response category_products(ApiCall& call);
http_server::Response category_search(ApiCall& call);
http_server::Response store_info(ApiCall& call);
http_server::Response user_info(ApiCall& call);
http_server::Response order_histories_list(ApiCall& call);
http_server::Response shipment_tracking(ApiCall& call);
http_server::Response coupon_codes(ApiCall& call);
http_server::Response affiliate_links(ApiCall& call);
http_server::Response country_cities(ApiCall& call);
http_server::Response loyalty_points(ApiCall& call);

http_server::Response not_found(const ApiCall& call, std::string_view message,
                                std::string_view arabic_message, bool has_number_code);

}  // namespace falaj::simulator
