#include "simulator/api.hpp"

#include <array>
#include <charconv>

#include "simulator/answers.hpp"

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
    ApiRoute{"/customers", "customers.read", customers_list,
             "page per_page date_from date_to keyword fields", true},
    ApiRoute{"/customers/{id}", "customers.read", customer_by_id, "fields", false},
    ApiRoute{"/products", "products.read", products_list,
             "page per_page keyword status category categories format cursor", true},
    ApiRoute{"/products/{id}", "products.read", product_by_id, "", false},
    ApiRoute{"/products/{id}/variants", "products.read", product_variants_list, "page per_page",
             false},
    ApiRoute{"/store/info", "", store_info, "", false},
    ApiRoute{"/oauth2/user/info", "", user_info, "", false},
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
