#include "extract/product_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "extract/catalogue_list.hpp"

namespace falaj::extract {
namespace {

ListSpec list_of(const ProductList& options) {
  ListSpec list;
  list.stream = "products";
  list.path = "/products";
  list.page_size = options.page_size;
  list.is_optional = true;
  list.may_be_cut = true;
  list.status_parameter = "status";
  list.statuses = {"sale", "out", "hidden", "deleted"};
  return list;
}

std::vector<int64_t> difference(const std::vector<int64_t>& all,
                                const std::vector<int64_t>& known) {
  std::vector<int64_t> rest;
  std::set_difference(all.begin(), all.end(), known.begin(), known.end(), std::back_inserter(rest));
  return rest;
}

Status read_one_by_one(PageLoop& loop, const std::vector<int64_t>& ids) {
  size_t at = 0;
  return loop.run(
      [&]() -> std::optional<PageAsk> {
        if (at >= ids.size()) return std::nullopt;
        PageAsk ask;
        ask.stream = "products";
        ask.source = "detail";
        ask.is_list = false;
        ask.purpose = Purpose::kBackfill;
        ask.entity_id = ids[at++];
        ask.request = fmt::format("/products/{}", ask.entity_id);
        return ask;
      },
      [](const PageAsk&, PageResult) -> Status { return {}; });
}

}  // namespace

Result<SweepResult> read_products(PageLoop& loop, const ProductList& options,
                                  std::vector<std::string>& notes) {
  FALAJ_ASSIGN(auto seen, sweep_list(loop, list_of(options), [](const decode::IndexRow&) {}));
  if (!seen.is_cut || options.light == nullptr) return seen;
  FALAJ_ASSIGN(auto light,
               read_catalogue_lists(loop, {{options.light, {}, {}}}, options.page_size));
  const auto& ids = light.front().ids;
  const auto unreached = difference(ids, seen.ids);
  FALAJ_ASSIGN(const auto known, options.known());
  const auto unknown = difference(unreached, known);
  FALAJ_TRY(read_one_by_one(loop, unknown));
  notes.push_back(fmt::format(
      "products: the list lets one reach {} of {}; of the others {} were read one by one and {} "
      "are "
      "known from before",
      seen.ids.size(), seen.announced, unknown.size(), unreached.size() - unknown.size()));
  seen.ids.insert(seen.ids.end(), unreached.begin(), unreached.end());
  std::sort(seen.ids.begin(), seen.ids.end());
  seen.is_cut = !light.front().is_whole;
  return seen;
}

Result<SweepPlan> plan_products(PageLoop& loop, const ProductList& options, int64_t asks_max) {
  FALAJ_ASSIGN(auto plan, plan_sweep(
                              loop, list_of(options), [](const decode::IndexRow&) {}, asks_max));
  if (!plan.is_cut || options.light == nullptr) return plan;
  const auto light_pages = (plan.announced + options.page_size - 1) / options.page_size;
  plan.requests += CountRange::at_least(light_pages);
  plan.rows += CountRange::at_least(0);
  return plan;
}

}  // namespace falaj::extract
