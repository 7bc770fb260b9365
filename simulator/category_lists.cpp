// Categories: a tree in a list, what is below one, and which products are in it; see side_lists.hpp.
#include <algorithm>
#include <array>

#include "simulator/answers.hpp"
#include "simulator/catalogue_words.hpp"
#include "simulator/side_lists.hpp"

namespace falaj::simulator {
namespace {

using http_server::Response;

enum Salt : uint64_t { kRootCategories = 807 };

struct Category {
  std::string_view name;
  int64_t id;
};

// Those of the products on offer; none when the store came from a file.
const std::vector<Category>& categories_of(SideCall& call) {
  static const std::vector<Category> kNone;
  static const std::vector<Category> kAll = [] {
    std::vector<Category> all;
    for (const auto& good : goods()) {
      const bool is_known = std::any_of(all.begin(), all.end(), [&](const auto& category) {
        return category.name == good.category;
      });
      if (!is_known) all.push_back({good.category, category_id(good.category)});
    }
    return all;
  }();
  const auto& source = call.slot.store.source();
  if (source.product_count() == 0) return kNone;
  ProductFacts product;
  source.product(0, product);
  return product.category.empty() ? kNone : kAll;
}

// The first two are below a category of their own.
constexpr uint64_t kNested = 2;

// Stays open.
void write_names(SideCall& call, JsonOut& out, const Category& category) {
  out.raw(R"({"id":)").number(category.id).raw(R"(,"name":)").text(category.name);
  out.raw(R"(,"urls":{"customer":"https://)").raw(call.slot.domain).raw("/c");
  out.number(category.id).raw(R"(","admin":"/categories"})");
}

// What every form has; `has_all`: and what the list and the details have alone. Stays open.
void write_one_category(SideCall& call, JsonOut& out, const Category& category, int64_t parent,
                        uint64_t sort, bool has_all) {
  write_names(call, out, category);
  if (has_all) {
    out.raw(R"(,"image":)").raw(sort % 2 == 0 ? R"("https://cdn.salla.sa/c.png")" : "null");
    out.raw(R"(,"show_in":{"app":true,"salla_points":false},"has_hidden_products":false)");
  }
  out.raw(R"(,"parent_id":)").number(parent).raw(R"(,"sort_order":)");
  out.raw(sort % 4 == 3 ? "null" : sort % 3 == 2 ? "\"7\"" : "1");
  out.raw(R"(,"status":"active","update_at":"2026-01-05 10:00:00","metadata":)");
  out.raw(sort % 2 == 0 ? R"({"title":"قسم","description":"","url":"c/one"})"
                        : R"({"title":null,"description":null,"url":null})");
  if (is_with(call, "translations")) {
    out.raw(R"(,"translations":{"en":{"name":"Category","metadata":{"title":"Category",)"
            R"("description":"","url":"c/one"}}})");
  }
}

uint64_t category_count(SideCall& call) {
  const auto all = categories_of(call).size();
  return all == 0 ? 0 : all - kNested + 1;
}

int64_t category_row_id(SideCall& call, uint64_t k) {
  return k == 0 ? row_id(call.slot, kRootCategories, 0) : categories_of(call)[k + kNested - 1].id;
}

Category root_of(SideCall& call) {
  return {"أزياء", category_row_id(call, 0)};
}

// Categories below: `sub_categories`, and `items` where they are asked for.
void write_below(SideCall& call, JsonOut& out, std::string_view member, uint64_t count) {
  out.raw(",\"").raw(member).raw("\":");
  const auto root = root_of(call).id;
  const auto& all = categories_of(call);
  write_array(out, count, [&](uint64_t i) {
    write_one_category(call, out, all[i], root, i, member != "items");
    out.raw(",\"").raw(member).raw("\":[]}");
  });
}

void write_category(SideCall& call, JsonOut& out, uint64_t k) {
  const auto category = k == 0 ? root_of(call) : categories_of(call)[k + kNested - 1];
  write_one_category(call, out, category, 0, k, true);
  write_below(call, out, "sub_categories", k == 0 ? kNested : 0);
  if (is_with(call, "items")) write_below(call, out, "items", k == 0 ? kNested : 0);
  out.raw("}");
}

constexpr std::array kLists = {SideList{"categories", "/categories", SidePaging::kPages,
                                        category_count, category_row_id, write_category, kNested,
                                        20}};

SideCall side_call(ApiCall& call) {
  return {call.slot, call.quirks, call.now, &call.request, std::nullopt};
}

// The category of the path's id, nested ones too.
const Category* find_category(SideCall& side, int64_t id) {
  static Category root;
  root = root_of(side);
  if (!categories_of(side).empty() && root.id == id) return &root;
  for (const auto& category : categories_of(side)) {
    if (category.id == id) return &category;
  }
  return nullptr;
}

Response gone(const ApiCall& call) {
  return not_found(call, "The content you are trying to access is no longer available",
                   "المحتوى الذي تحاول الوصول اليه غير متوفر", false);
}

template <typename Write>
Response paged(ApiCall& call, uint64_t total, Write&& write) {
  return json_answer(200, list_body(call.request, call.base_url + std::string(call.path),
                                    call.quirks, total, 400, write));
}

}  // namespace

bool has_categories(SideCall& call) {
  return !categories_of(call).empty();
}

std::span<const SideList> category_lists() {
  return kLists;
}

Response category_children(ApiCall& call) {
  auto side = side_call(call);
  const auto* category = find_category(side, call.id);
  if (category == nullptr) return gone(call);
  const auto count = category->id == root_of(side).id ? kNested : 0;
  return paged(call, count, [&](JsonOut& out, uint64_t k) {
    write_names(side, out, categories_of(side)[k]);
    out.raw(R"(,"sort_order":)").number(static_cast<int64_t>(k)).raw(R"(,"items":[]})");
  });
}

Response category_products(ApiCall& call) {
  auto side = side_call(call);
  const auto* category = find_category(side, call.id);
  if (category == nullptr) return gone(call);
  const auto& source = call.slot.store.source();
  std::vector<ProductFacts> products;
  ProductFacts product;
  for (uint64_t i = 0; i < source.product_count(); ++i) {
    source.product(i, product);
    if (product.category_id == category->id) products.push_back(product);
  }
  return paged(call, products.size(), [&](JsonOut& out, uint64_t k) {
    out.raw(R"({"id":)").number(products[k].id).raw(R"(,"name":)").text(products[k].name);
    out.raw(R"(,"image":"https://cdn.salla.sa/p.jpg","sort":)").number(static_cast<int64_t>(k));
    out.raw("}");
  });
}

Response category_search(ApiCall& call) {
  auto side = side_call(call);
  const auto keyword = std::string(call.request.parameter("keyword").value_or(""));
  const auto ids = call.request.parameters("ids");
  std::vector<Category> found;
  for (const auto& category : categories_of(side)) {
    const bool is_named = category.name.find(keyword) != std::string_view::npos;
    const bool is_listed =
        ids.empty() || std::any_of(ids.begin(), ids.end(), [&](const std::string_view id) {
          return id == std::to_string(category.id);
        });
    if (is_named && is_listed) found.push_back(category);
  }
  return paged(call, found.size(), [&](JsonOut& out, uint64_t k) {
    write_one_category(side, out, found[k], 0, k, false);
    out.raw("}");
  });
}

}  // namespace falaj::simulator
