// Writes orders, items, customers and products in the shapes of the API.
// Shape:    as Salla's published examples: keys, order of keys, types that contradict the schema.
// Owns:     written products and a bounded number of written customers, since lists repeat them.
// Threads:  confined to one.
// Facts:    salla-api.md sections 3 and 4
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/entities.hpp"
#include "simulator/entity_source.hpp"
#include "simulator/json_out.hpp"
#include "simulator/quirks.hpp"

namespace falaj::simulator {

// The id of a product's variant, by its number.
int64_t variant_id(const ProductFacts& facts, size_t number);
// The ids of its option, and of that option's values.
int64_t option_id(const ProductFacts& facts);
int64_t option_value_id(const ProductFacts& facts, size_t number);

class EntityJson {
 public:
  EntityJson(const EntitySource& source, const Quirks& quirks, std::string domain);

  void order_summary(JsonOut& out, const OrderFacts& order);
  void order_details(JsonOut& out, const OrderFacts& order);
  void order_full(JsonOut& out, const OrderFacts& order);
  // [...]: the answer of /orders/items.
  void order_items(JsonOut& out, const OrderFacts& order);

  // `has_extras`: what only details, or fields[], bring.
  void customer(JsonOut& out, uint64_t index, bool has_extras);
  void product(JsonOut& out, uint64_t index);
  void product_light(JsonOut& out, uint64_t index);
  // One of its variants as /products/{id}/variants has it; alone it is a little narrower.
  void product_variant(JsonOut& out, uint64_t index, size_t number);
  void variant_alone(JsonOut& out, uint64_t index, size_t number);
  // The product's option and one of its values, with the variants they stand for.
  void option_alone(JsonOut& out, uint64_t index);
  void option_value_alone(JsonOut& out, uint64_t index, size_t number);

 private:
  struct KnownProduct {
    ProductFacts facts;
    std::string thumbnail;
    std::string in_item;  // the product object of a full order's line
  };
  struct KnownCustomer {
    uint64_t index = ~uint64_t{0};
    CustomerFacts facts;
    std::string in_order;  // without groups
  };

  const KnownProduct& known_product(uint64_t index);
  const KnownCustomer& known_customer(uint64_t index);

  void order_date(JsonOut& out, const OrderFacts& order);
  void order_status(JsonOut& out, const OrderFacts& order);
  void order_amounts(JsonOut& out, const OrderFacts& order);
  void order_source(JsonOut& out, const OrderFacts& order);
  void order_reference(JsonOut& out, const OrderFacts& order);
  void order_shipping(JsonOut& out, const OrderFacts& order);
  void order_people(JsonOut& out, const OrderFacts& order, bool has_groups);
  void receiver(JsonOut& out, const OrderFacts& order);
  void weight_label(JsonOut& out, int64_t grams);
  void item_start(JsonOut& out, const OrderFacts& order, const OrderItemFacts& item,
                  const KnownProduct& product);
  void item_options(JsonOut& out, const OrderItemFacts& item, const KnownProduct& product);
  void customer_core(JsonOut& out, const CustomerFacts& facts);
  void product_prices(JsonOut& out, const ProductFacts& facts);
  void product_stock(JsonOut& out, const ProductFacts& facts);
  void product_options(JsonOut& out, const ProductFacts& facts);
  void variant(JsonOut& out, const ProductFacts& facts, size_t number, bool is_details);
  void option_value(JsonOut& out, const ProductFacts& facts, size_t number);
  void variant_of_option(JsonOut& out, const ProductFacts& facts, size_t number);

  bool is(Quirk quirk) const { return quirks_[quirk]; }

  const EntitySource& source_;
  const Quirks& quirks_;
  std::string domain_;
  std::vector<std::unique_ptr<KnownProduct>> products_;
  std::vector<KnownCustomer> customers_;  // by index mod size
};

}  // namespace falaj::simulator
