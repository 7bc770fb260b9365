#include "simulator/quirks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace falaj::simulator {
namespace {

constexpr std::array kAll = {
    QuirkInfo{Quirk::kPermutedIds, "permuted-ids", true,
              "ids are obfuscated below 2^31, not in order of creation; off: 1, 2, 3"},
    QuirkInfo{Quirk::kPerPageClamp, "per-page-clamp", true,
              "per_page above 60 is served as 60; off: up to 1,000"},
    QuirkInfo{Quirk::kDepthCap, "depth-cap", true,
              "a page with page x per_page above 10,000 is empty, total stays"},
    QuirkInfo{Quirk::kHttpLinks, "http-links", true,
              "links name the public host with http://; off: this server's own address"},
    QuirkInfo{Quirk::kLinksLoseFilters, "links-lose-filters", true,
              "links carry the page and forget the filters"},
    QuirkInfo{Quirk::kEmptyArrayLinks, "empty-array-links", true,
              "links of a single page are [] where {} is meant (customers, products)"},
    QuirkInfo{Quirk::kEmptyContainers, "empty-containers", true,
              "[] or {} stand for no object: policy_options, sale_price, starting_price"},
    QuirkInfo{Quirk::kNumbersAsStrings, "numbers-as-strings", true,
              "quantity, sold_quantity, cost_price and others are strings on some rows"},
    QuirkInfo{Quirk::kArabicDigits, "arabic-digits", true,
              "weight labels use Arabic-Indic digits: ٠٫٢٥ كجم"},
    QuirkInfo{Quirk::kNullText, "null-text", true,
              "\"null\" and \"\" stand for no text (customer location and city)"},
    QuirkInfo{
        Quirk::kAbsentKeys, "absent-keys", true,
        "optional keys are missing on some rows (exchange_rate, features, payment_method, urls)"},
    QuirkInfo{Quirk::kPolymorphicOptions, "polymorphic-options", true,
              "an item option's value is an object, an array or a text"},
    QuirkInfo{Quirk::kDeletedProducts, "deleted-products", true,
              "product is null on one line in a hundred of full orders"},
    QuirkInfo{Quirk::kFillerBirthday, "filler-birthday", true,
              "1970-01-01 stands for an unknown birthday on some rows"},
    QuirkInfo{Quirk::kMixedErrorCodes, "mixed-error-codes", true,
              "error.code of a 404 is the number 404 or the text \"error\""},
    QuirkInfo{Quirk::kArabicErrors, "arabic-errors", true, "messages of some 404 are Arabic"},
    QuirkInfo{Quirk::kMissingScopeIs401, "missing-scope-401", true,
              "a missing scope is 401; off: 403"},
    QuirkInfo{Quirk::kIgnoredFilters, "ignored-filters", true,
              "unknown query parameters are ignored with 200; off: 422"},
    QuirkInfo{Quirk::kPythonBooleans, "python-booleans", true,
              "expanded=True is refused with 422; 1 and true are accepted"},
    QuirkInfo{Quirk::kSlowTail, "slow-tail", true,
              "after the minute's limit one request a second is still served; off: none"},
    QuirkInfo{Quirk::kRateHeaders, "rate-headers", true, "X-RateLimit-* are sent"},
    QuirkInfo{Quirk::kRetryAfter, "retry-after", true, "a 429 carries Retry-After"},
    QuirkInfo{Quirk::kCustomersBucket, "customers-bucket", true,
              "/customers: 500 requests in 10 minutes, all stores together"},
    QuirkInfo{Quirk::kTopLevelUserInfo, "top-level-user-info", false,
              "oauth2/user/info answers at top level; else inside data"},
    QuirkInfo{Quirk::kRefuseExpanded, "refuse-expanded", false,
              "a light store answers expanded=1 with 422; else it ignores it, as newer apps see"},
    QuirkInfo{Quirk::kUtcOrderDates, "utc-order-dates", false,
              "an order's date is 3 h early under a Riyadh label; updated_at is right"},
    QuirkInfo{Quirk::kIgnoredSort, "ignored-sort", false,
              "sort_by is ignored with 200: lists are always newest first by creation"},
    QuirkInfo{Quirk::kWebhookUrlCheck, "webhook-url-check", true,
              "a webhook's URL with localhost or test. in it is refused with 422"},
    QuirkInfo{Quirk::kOddPerPage, "odd-per-page", true,
              "categories and reviews have 20 rows a page at most, whatever per_page says"},
    QuirkInfo{Quirk::kNewLightProducts, "new-light-products", false,
              "format=light has its newer shape: prices, urls and features are objects"},
    QuirkInfo{Quirk::kGapArrays, "gap-arrays", false,
              "lists inside entities are PHP arrays with gaps: {\"1\":...,\"3\":...}"},
    QuirkInfo{Quirk::kGapLists, "gap-lists", false,
              "the data of a list is such an array too: {\"1\":{...},\"3\":{...}}"},
    QuirkInfo{Quirk::kEmptyListsForObjects, "empty-lists-for-objects", false,
              "[] stands for every {}, and for null where an object is meant"},
    QuirkInfo{Quirk::kEmptyObjectsForLists, "empty-objects-for-lists", false,
              "{} stands for every [] inside entities"},
    QuirkInfo{Quirk::kIdsAsText, "ids-as-text", false,
              "id, ids, groups and every member that ends with _id or _ids are texts"},
    QuirkInfo{Quirk::kJsonBom, "json-bom", false, "a byte order mark stands before the JSON"},
    QuirkInfo{Quirk::kPhpNotices, "php-notices", false,
              "a notice of PHP, in HTML, stands before the JSON"},
    QuirkInfo{Quirk::kStaleDetails, "stale-details", false,
              "details and items of an order are as before its last change, for ten minutes"},
    QuirkInfo{Quirk::kPagedLists, "paged-lists", false,
              "lists that are documented whole come in pages with pagination"},
    QuirkInfo{Quirk::kTimeOfDayFilters, "time-of-day-filters", false,
              "the time of day in from_date and to_date of orders counts; off: the day alone"},
};

}  // namespace

std::span<const QuirkInfo> all_quirks() {
  return kAll;
}

Quirks::Quirks() {
  for (const auto& info : kAll) on_[static_cast<size_t>(info.quirk)] = info.is_on;
}

Status Quirks::set(std::string_view names, bool is_on) {
  while (!names.empty()) {
    const auto end = std::min(names.find(','), names.size());
    const auto name = names.substr(0, end);
    names.remove_prefix(std::min(end + 1, names.size()));
    if (name.empty()) continue;
    if (name == "all") {
      is_on ? on_.set() : on_.reset();
      continue;
    }
    const auto* found = std::find_if(kAll.begin(), kAll.end(),
                                     [name](const auto& info) { return info.name == name; });
    if (found == kAll.end()) {
      return Error(ErrorKind::kUsage,
                   fmt::format("no quirk is named '{}'; `salla-sim quirks` lists them", name));
    }
    on_[static_cast<size_t>(found->quirk)] = is_on;
  }
  return {};
}

}  // namespace falaj::simulator
