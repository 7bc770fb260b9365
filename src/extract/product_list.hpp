// Products, however many: the list as far as it can be paged, cut by status where it is longer; what
// is still out of reach one by one, by the ids of the light list, whose cursor has no end.
// Threads:  confined to one.
// Errors:   of sweep_list and read_catalogue_lists.
// Facts:    salla-api.md 2.1 (nothing past page x per_page = 10,000), 4.4 (statuses; format=light has
//           an opaque cursor and no total)
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "extract/list_sweep.hpp"
#include "extract/stream_spec.hpp"

namespace falaj::extract {

struct ProductList {
  int64_t page_size = 60;
  const StreamSpec* light = nullptr;  // products_light; null: what is out of reach stays so
  // Asked only when something is out of reach: products that the warehouse has, sorted.
  std::function<Result<std::vector<int64_t>>()> known;
};

// SweepResult::is_cut: not all ids are known. Notes say what was done beyond the list.
Result<SweepResult> read_products(PageLoop& loop, const ProductList& options,
                                  std::vector<std::string>& notes);

// From the first pages; how many of a longer catalogue's products are new is not known.
Result<SweepPlan> plan_products(PageLoop& loop, const ProductList& options, int64_t asks_max);

}  // namespace falaj::extract
