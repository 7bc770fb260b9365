// The smaller resources of a store (brands, coupons, carts ...): one table says where each is asked for,
// how it is paged, how many rows there are and how a row is written. The API's answers, entities by
// id and the counts of /_sim/truth all come from it.
// Shape:    rows are functions of the store's seed and their number; those that hang on orders follow
//           the orders' state.
// Threads:  confined to one.
// Facts:    salla-api.md 2.1 (shapes of paging), 4.3 to 4.9
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/json.hpp"
#include "simulator/api.hpp"

namespace falaj::simulator {

enum class SidePaging { kPages, kIntegerCursor, kNone };

struct SideList {
  std::string_view stream;  // "brands"
  std::string_view path;    // "/brands"; its entities are below it
  SidePaging paging;
  uint64_t (*count)(SideCall&);          // rows that the call's filters leave
  int64_t (*id)(SideCall&, uint64_t k);  // 0: rows have none
  void (*write)(SideCall&, JsonOut&, uint64_t k);
  uint64_t nested = 0;  // entities inside its rows, where there are rows
  // Some lists give fewer rows a page, whatever per_page says (quirk odd-per-page).
  uint64_t page_rows_max = 60;
  // An entity's own answer, where it differs from its row.
  void (*write_details)(SideCall&, JsonOut&, uint64_t k) = nullptr;
};

// Which file has them: what the store sells and where, marketing, money and shipping.
std::span<const SideList> store_lists();
std::span<const SideList> marketing_lists();
std::span<const SideList> order_lists();
std::span<const SideList> category_lists();
// A store that came from a file has neither categories nor brands.
bool has_categories(SideCall& call);
// Whether with=NAME is asked for.
bool is_with(const SideCall& call, std::string_view name);

// The list that a path belongs to; null if there is none.
const SideList* find_side_list(std::string_view path);

http_server::Response side_list(ApiCall& call);
http_server::Response side_entity(ApiCall& call);
// GET /carts/abandoned/{id}: also carts that were bought and have left the list.
http_server::Response abandoned_cart(ApiCall& call);

// Rows of each list, by stream.
Json side_counts(StoreSlot& slot, const Quirks& quirks, int64_t now);
// Hides the last `rows` rows of a list more; false if there is no such stream.
bool remove_side_rows(StoreSlot& slot, std::string_view stream, uint64_t rows);

// A one-to-one image of an id below 2^31, for what hangs on another entity (an order's invoice).
int64_t derived_id(int64_t id, uint64_t salt);
// An id of its own for the k-th row of a list.
int64_t row_id(const StoreSlot& slot, uint64_t salt, uint64_t k);

// [...] around what `write` gives for 0 to count - 1.
template <typename Write>
void write_array(JsonOut& out, uint64_t count, Write&& write) {
  out.raw("[");
  for (uint64_t i = 0; i < count; ++i) {
    if (i > 0) out.raw(",");
    write(i);
  }
  out.raw("]");
}

}  // namespace falaj::simulator
