// A Saudi shop made up from a seed: every entity is a function of the seed and its index, so that
// ten million orders need no memory.
// Facts:    SAR, VAT of 15 %, the mix of payments and the life of a status as a shop on Salla has
//           them; about every thirtieth item is of a product that was deleted.
// Threads:  const after construction.
#pragma once

#include "simulator/entity_source.hpp"
#include "simulator/shop_calendar.hpp"

namespace falaj::simulator {

struct GeneratedCounts {
  uint32_t orders = 1'000;
  uint32_t customers = 300;
  uint32_t products = 100;
};

class GeneratedSource final : public EntitySource {
 public:
  // The history ends with the last whole day before `now`.
  GeneratedSource(uint64_t seed, const GeneratedCounts& counts, RiyadhSeconds now,
                  bool has_deleted_products);

  uint32_t order_count() const override { return counts_.orders; }
  uint32_t customer_count() const override { return counts_.customers; }
  uint32_t product_count() const override { return counts_.products; }
  void order(uint32_t index, Order& out) const override;
  RiyadhSeconds order_created(uint32_t index) const override;
  RiyadhSeconds order_updated(uint32_t index) const override;
  Customer customer(uint32_t index) const override;
  RiyadhSeconds customer_created(uint32_t index) const override;
  Product product(uint32_t index) const override;
  std::string_view currency() const override { return "SAR"; }
  std::string_view store_name() const override { return "متجر فلج التجريبي"; }
  std::string new_reference(uint32_t n) const override;

 private:
  struct Life {
    OrderStatus status;
    RiyadhSeconds updated;
  };
  Life life(uint32_t index, RiyadhSeconds created, Payment payment) const;
  Payment payment(uint32_t index) const;
  OrderItem item(uint32_t order, uint32_t line) const;
  // What products of that index sell for, without the rest of the product.
  Money price(uint32_t product) const;

  uint64_t seed_;
  GeneratedCounts counts_;
  RiyadhSeconds end_;  // the history's last second
  bool has_deleted_products_;
  ShopCalendar calendar_;
};

}  // namespace falaj::simulator
