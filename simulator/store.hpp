// One simulated store as it is now: its source, and what was created, changed and deleted since.
// Shape:    an order's index is for life; its id follows from it. Lists are of live orders.
// Owns:     the source; spans of a Selection are valid until the store changes.
// Threads:  confined to the server's thread.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "simulator/entity_source.hpp"
#include "simulator/quirks.hpp"
#include "simulator/randomness.hpp"

namespace falaj::simulator {

enum class OrderSort : uint8_t { kCreated, kUpdated, kId, kTotal };

struct OrderQuery {
  OrderSort sort = OrderSort::kCreated;
  bool is_descending = true;
  std::optional<Day> from;  // inclusive, by day of creation
  std::optional<Day> to;    // inclusive
  uint32_t statuses = 0;    // bits by OrderStatus; 0: any
  bool is_empty = false;    // a filter that nothing matches
  std::optional<uint32_t> customer;
  std::string reference;
};

// The orders that a query lists, in its order.
class Selection {
 public:
  size_t size() const { return last_ - first_; }
  uint32_t operator[](size_t place) const {
    return (*rows_)[is_descending_ ? last_ - 1 - place : first_ + place];
  }

 private:
  friend class Store;
  std::shared_ptr<const std::vector<uint32_t>> rows_;
  size_t first_ = 0;
  size_t last_ = 0;
  bool is_descending_ = false;
};

struct Mutation {
  uint32_t create = 0;
  uint32_t change = 0;
  uint32_t remove = 0;
  uint64_t seed = 0;
};

class Store {
 public:
  Store(std::unique_ptr<EntitySource> source, const Quirks& quirks, uint64_t seed);

  const EntitySource& source() const { return *source_; }
  const Quirks& quirks() const { return quirks_; }
  // Grows with every change.
  uint64_t version() const { return version_; }

  int64_t order_id(uint32_t index) const { return order_ids_.id(index); }
  int64_t item_id(uint32_t key) const { return item_ids_.id(key); }
  int64_t customer_id(uint32_t index) const { return customer_ids_.id(index); }
  int64_t product_id(uint32_t index) const { return product_ids_.id(index); }
  int64_t variant_id(uint32_t key) const { return variant_ids_.id(key); }
  // Index of a live one.
  std::optional<uint32_t> find_order(int64_t id) const;
  std::optional<uint32_t> find_customer(int64_t id) const;
  std::optional<uint32_t> find_product(int64_t id) const;

  void order(uint32_t index, Order& out) const;
  bool is_deleted_product(uint32_t index) const { return index >= source_->product_count(); }
  Selection select(const OrderQuery& query);
  // Customers created on those days, oldest first: the first index and the one after the last.
  std::pair<uint32_t, uint32_t> customers_between(std::optional<Day> from,
                                                  std::optional<Day> to) const;

  // Creates, changes and deletes so many random orders at that time; different ones each.
  Json mutate(const Mutation& mutation, RiyadhSeconds now);
  // Counts and totals of what the store holds now.
  Json truth() const;
  uint32_t live_orders() const { return static_cast<uint32_t>(by_created_->size()); }

 private:
  using Rows = std::vector<uint32_t>;
  RiyadhSeconds created(uint32_t index) const;
  RiyadhSeconds updated(uint32_t index) const;
  bool matches(const OrderQuery& query, uint32_t index, Order& order) const;
  std::shared_ptr<Rows> sorted(OrderSort sort);
  void create_one(Dice& dice, RiyadhSeconds now);
  void change_one(Order& order, Dice& dice);
  void change_items(Order& order, Dice& dice);
  Rows draw(uint32_t count, Dice& dice) const;
  void drop(const Rows& gone);

  std::unique_ptr<EntitySource> source_;
  Quirks quirks_;
  uint64_t seed_;
  IdPermutation order_ids_;
  IdPermutation item_ids_;
  IdPermutation customer_ids_;
  IdPermutation product_ids_;
  IdPermutation variant_ids_;
  uint64_t version_ = 1;
  std::unordered_map<uint32_t, Order> changed_;  // and created
  std::vector<bool> deleted_;
  uint32_t created_count_ = 0;
  uint32_t fresh_item_key_;
  std::shared_ptr<Rows> by_created_;
  std::shared_ptr<Rows> by_updated_;  // null until asked for
  std::shared_ptr<Rows> by_id_;       // of sorted_version_
  std::shared_ptr<Rows> by_total_;    // of sorted_version_
  uint64_t sorted_version_ = 0;
};

}  // namespace falaj::simulator
