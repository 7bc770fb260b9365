#include "simulator/api.hpp"

#include <array>
#include <charconv>

#include "simulator/answers.hpp"
#include "simulator/fixed_lists.hpp"
#include "simulator/side_lists.hpp"

namespace falaj::simulator {
namespace {

constexpr std::string_view kOrderFilters =
    "page per_page from_date to_date status payment_method branch tags customer_id reference_id "
    "coupon source selling_channel country city product shipping_app_id assign_employee created_by "
    "unread keyword accounting_services sort_by expanded format";

constexpr std::array kRoutes = {
    ApiRoute{"/orders", "orders.read", orders_list, kOrderFilters, true},
    ApiRoute{"/orders/items", "orders.read", order_items_list, "order_id", false},
    ApiRoute{"/orders/statuses", "orders.read", order_statuses, "", false},
    ApiRoute{"/orders/{id}", "orders.read", order_by_id, "format expanded", false},
    ApiRoute{"/orders/statuses/{id}", "orders.read", order_status_by_id, "", false},
    ApiRoute{"/orders/assignment/rules", "orders.read", fixed_list, "", false},
    ApiRoute{"/orders/assignment/{id}", "", order_assignment, "", false},
    ApiRoute{"/reservations", "orders.read", fixed_list, "start end", false},
    ApiRoute{"/customers", "customers.read", customers_list,
             "page per_page date_from date_to keyword fields", true},
    ApiRoute{"/customers/{id}", "customers.read", customer_by_id, "fields", false},
    ApiRoute{"/products", "products.read", products_list,
             "page per_page keyword status category categories format cursor", true},
    ApiRoute{"/products/{id}", "products.read", product_by_id, "", false},
    ApiRoute{"/products/{id}/variants", "products.read", product_variants_list, "page per_page",
             false},
    ApiRoute{"/products/variants/{id}", "products.read", variant_by_id, "", false},
    ApiRoute{"/products/options/templates", "products.read", fixed_list, "page per_page with",
             false},
    ApiRoute{"/products/options/templates/{id}", "products.read", fixed_entity, "with", false},
    ApiRoute{"/products/options/values/{id}", "products.read", option_value_by_id, "", false},
    ApiRoute{"/products/options/{id}", "products.read", option_by_id, "", false},
    ApiRoute{"/products/tags", "products.read", fixed_list, "page per_page", false},
    ApiRoute{"/store/info", "", store_info, "", false},
    ApiRoute{"/oauth2/user/info", "", user_info, "", false},
    ApiRoute{"/orders/{id}/histories", "orders.read", order_histories_list, "page per_page", false},
    ApiRoute{"/orders/invoices", "orders.read", side_list,
             "page per_page from_date to_date order_id", true},
    ApiRoute{"/orders/invoices/{id}", "orders.read", side_entity, "", false},
    ApiRoute{"/orders/tags", "orders.read", side_list, "page per_page", false},
    ApiRoute{"/orders/options", "orders.read", side_list, "page per_page", false},
    ApiRoute{"/orders/options/{id}", "orders.read", side_entity, "", false},
    ApiRoute{"/transactions", "transactions.read", side_list,
             "page per_page status payment_method order_id amount last_4_digit keyword", true},
    ApiRoute{"/transactions/{id}", "transactions.read", side_entity, "", false},
    ApiRoute{"/shipments", "shipping.read", side_list,
             "page per_page from_date to_date order_id courier_id courier_slug status "
             "shipment_type payment_method source ship_to ship_from",
             false},
    ApiRoute{"/shipments/{id}", "shipping.read", side_entity, "", false},
    ApiRoute{"/shipments/{id}/tracking", "shipping.read", shipment_tracking, "", false},
    ApiRoute{"/shipping/companies", "shipping.read", side_list, "", false},
    ApiRoute{"/shipping/companies/estimate-rate", "shipping.read", fixed_list,
             "city_id country_id order_id geocode postal_code", false},
    ApiRoute{"/shipping/companies/{id}", "shipping.read", side_entity, "", false},
    ApiRoute{"/shipping/companies/{id}/options", "shipping.read", company_options, "", false},
    ApiRoute{"/shipping/routes", "shipping.read", fixed_list, "page per_page name", false},
    ApiRoute{"/shipping/routes/{id}", "shipping.read", fixed_entity, "", false},
    ApiRoute{"/shipping/zones", "shipping.read", fixed_list, "company", false},
    ApiRoute{"/shipping/zones/{id}", "shipping.read", fixed_entity, "", false},
    ApiRoute{"/payment/methods", "payments.read", side_list, "page per_page status", false},
    ApiRoute{"/payment/banks", "payments.read", fixed_list, "page per_page status", false},
    ApiRoute{"/payment/banks/{id}", "payments.read", fixed_entity, "", false},
    ApiRoute{"/advertisements", "marketing.read", fixed_list, "page per_page", false},
    ApiRoute{"/advertisements/{id}", "marketing.read", fixed_entity, "", false},
    ApiRoute{"/customers/groups", "customers.read", side_list, "page per_page", false},
    ApiRoute{"/customers/groups/{id}", "customers.read", side_entity, "", false},
    ApiRoute{"/customers/loyalty/points", "customers.read", loyalty_points, "customer_id", false},
    ApiRoute{"/products/quantities", "products.read", side_list,
             "page per_page branch keyword categories brands tags", true},
    ApiRoute{"/products/quantities/audit", "products.read", side_list, "per_page cursor", false},
    ApiRoute{"/products/trashed", "products.read", side_list, "per_page cursor", false},
    ApiRoute{"/categories", "categories.read", side_list, "page per_page keyword status with",
             false},
    ApiRoute{"/categories/{id}", "categories.read", side_entity, "with", false},
    ApiRoute{"/categories/search", "categories.read", category_search, "page per_page keyword ids",
             false},
    ApiRoute{"/categories/{id}/children", "categories.read", category_children, "page per_page",
             false},
    ApiRoute{"/categories/{id}/products", "categories.read", category_products, "page per_page",
             false},
    ApiRoute{"/brands", "brands.read", side_list, "page per_page keyword with", false},
    ApiRoute{"/brands/{id}", "brands.read", side_entity, "with", false},
    ApiRoute{"/branches", "branches.read", side_list,
             "page per_page is_default keyword branch_code", false},
    ApiRoute{"/branches/allocation", "branches.read", fixed_list, "page per_page", false},
    ApiRoute{"/branches/allocation/{id}", "branches.read", fixed_entity, "", false},
    ApiRoute{"/branches/delivery-zones", "branches.read", fixed_list, "page per_page branch_id",
             false},
    ApiRoute{"/branches/delivery-zones/{id}", "branches.read", fixed_entity, "", false},
    ApiRoute{"/branches/{id}", "branches.read", side_entity, "with", false},
    ApiRoute{"/coupons", "marketing.read", side_list, "page per_page keyword", false},
    ApiRoute{"/coupons/{id}", "marketing.read", side_entity, "", false},
    ApiRoute{"/coupons/codes", "marketing.read", coupon_codes, "page per_page coupon_id", false},
    ApiRoute{"/specialoffers", "specialoffers.read", side_list, "page per_page keyword", false},
    ApiRoute{"/specialoffers/{id}", "specialoffers.read", side_entity, "", false},
    ApiRoute{"/carts/abandoned", "carts.read", side_list, "page per_page offset keyword", false},
    ApiRoute{"/carts/abandoned/{id}", "carts.read", abandoned_cart, "", false},
    ApiRoute{"/affiliates", "marketing.read", side_list, "page per_page keyword", false},
    ApiRoute{"/affiliates/{id}", "marketing.read", side_entity, "", false},
    ApiRoute{"/affiliates/{id}/links", "marketing.read", affiliate_links, "page per_page", false},
    ApiRoute{"/reviews", "reviews.read", side_list,
             "page per_page start_date end_date keyword type stars products blogs customers reply "
             "publish",
             true},
    ApiRoute{"/reviews/{id}", "reviews.read", side_entity, "", false},
    ApiRoute{"/taxes", "taxes.read", side_list, "page per_page", false},
    ApiRoute{"/taxes/{id}", "taxes.read", side_entity, "", false},
    ApiRoute{"/currencies", "metadata.read", side_list, "", false},
    ApiRoute{"/currencies/available", "metadata.read", fixed_list, "", false},
    ApiRoute{"/countries/{id}", "metadata.read", side_entity, "", false},
    ApiRoute{"/countries", "metadata.read", side_list, "page per_page", false},
    ApiRoute{"/countries/{id}/cities", "metadata.read", country_cities, "page per_page", false},
    ApiRoute{"/users", "", side_list, "page per_page", false},
};

std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto end = std::min(path.find('/'), path.size());
  const auto segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

bool fits(std::string_view pattern, std::string_view path, int64_t& id) {
  while (!pattern.empty() && !path.empty()) {
    const auto wanted = next_segment(pattern);
    const auto given = next_segment(path);
    if (wanted == "{id}") {
      const auto parsed = std::from_chars(given.data(), given.data() + given.size(), id);
      if (parsed.ec != std::errc() || parsed.ptr != given.data() + given.size()) return false;
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::span<const ApiRoute> api_routes() {
  return kRoutes;
}

const ApiRoute* find_route(std::string_view path, int64_t& id) {
  if (!path.starts_with('/')) return nullptr;
  for (const auto& route : kRoutes) {
    if (fits(route.pattern, path, id)) return &route;
  }
  return nullptr;
}

http_server::Response not_found(const ApiCall& call, std::string_view message,
                                std::string_view arabic_message, bool has_number_code) {
  const bool is_number = has_number_code && call.quirks[Quirk::kMixedErrorCodes];
  return error_answer(404, is_number ? "404" : "\"error\"",
                      call.quirks[Quirk::kArabicErrors] ? arabic_message : message);
}

std::shared_ptr<const std::string> PageCache::find(const std::string& key, uint64_t version) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  if (found->second.version != version) {
    drop(key);
    return nullptr;
  }
  return found->second.page;
}

void PageCache::drop(const std::string& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  bytes_ -= found->second.page->size();
  ages_.erase(found->second.age);
  entries_.erase(found);
}

void PageCache::keep(const std::string& key, uint64_t version,
                     std::shared_ptr<const std::string> page) {
  if (page->size() > bytes_max_ / 4) return;
  drop(key);
  while (bytes_ + page->size() > bytes_max_ && !ages_.empty()) {
    const auto oldest = ages_.front();
    drop(oldest);
  }
  bytes_ += page->size();
  ages_.push_back(key);
  entries_[key] = {std::move(page), version, std::prev(ages_.end())};
}

}  // namespace falaj::simulator
