// Where a store's first state comes from: made up from a seed, or read from a file. What changes
// afterwards is kept by Store.
// Shape:    orders and customers are numbered by their time of creation, oldest first.
// Threads:  safe (const).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "simulator/entities.hpp"

namespace falaj::simulator {

class EntitySource {
 public:
  virtual ~EntitySource() = default;

  virtual uint64_t order_count() const = 0;
  virtual uint64_t customer_count() const = 0;
  virtual uint64_t product_count() const = 0;
  virtual std::string_view currency() const = 0;

  virtual int64_t order_time(uint64_t index) const = 0;
  virtual std::pair<uint64_t, uint64_t> orders_between(int64_t from, int64_t to) const = 0;
  virtual int64_t order_id(uint64_t index) const = 0;
  virtual uint64_t order_index(int64_t id) const = 0;
  virtual std::optional<uint64_t> order_by_reference(std::string_view reference) const = 0;
  // `created`: of an order that was made after the start; nothing for one of the source's own.
  virtual void order(uint64_t index, std::optional<int64_t> created, OrderFacts& out) const = 0;

  virtual int64_t customer_time(uint64_t index) const = 0;
  virtual int64_t customer_id(uint64_t index) const = 0;
  virtual uint64_t customer_index(int64_t id) const = 0;
  virtual void customer(uint64_t index, CustomerFacts& out) const = 0;

  virtual uint64_t product_index(int64_t id) const = 0;
  virtual void product(uint64_t index, ProductFacts& out) const = 0;
};

}  // namespace falaj::simulator
