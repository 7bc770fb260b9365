// Where a store's first state comes from: made up from a seed, or read from a file. What changes
// afterwards is kept by Store.
// Shape:    orders are numbered by time of creation, oldest first; so are customers.
// Threads:  confined to the server's thread; const calls may be repeated and answer the same.
#pragma once

#include <string_view>

#include "simulator/entity.hpp"

namespace falaj::simulator {

class EntitySource {
 public:
  virtual ~EntitySource() = default;

  virtual uint32_t order_count() const = 0;
  virtual uint32_t customer_count() const = 0;
  virtual uint32_t product_count() const = 0;

  virtual void order(uint32_t index, Order& out) const = 0;
  // The same as of the whole order, without reading it.
  virtual RiyadhSeconds order_created(uint32_t index) const = 0;
  virtual RiyadhSeconds order_updated(uint32_t index) const = 0;
  virtual Customer customer(uint32_t index) const = 0;
  virtual RiyadhSeconds customer_created(uint32_t index) const = 0;
  // Indices from product_count() on are products that were deleted.
  virtual Product product(uint32_t index) const = 0;

  virtual std::string_view currency() const = 0;
  virtual std::string_view store_name() const = 0;
  // A reference number for an order created now: the n-th since the start.
  virtual std::string new_reference(uint32_t n) const = 0;
};

}  // namespace falaj::simulator
