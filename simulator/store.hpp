// One simulated store: what its source gave it, and what has been created, changed and deleted
// since.
// Shape:    lists reflect the state at the moment of the call, so rows shift between pages when
//           orders come and go, as the real ones do.
// Owns:     the source; a few bytes for each order created, changed or deleted.
// Threads:  confined to one.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "simulator/entity_source.hpp"

namespace falaj::simulator {

enum class OrderSort { kCreated, kUpdated, kTotal, kId };

struct OrderQuery {
  std::optional<int64_t> from_day;
  std::optional<int64_t> to_day;       // inclusive
  std::optional<int64_t> from_second;  // within those days
  std::optional<int64_t> to_second;    // inclusive
  std::vector<StatusIndex> statuses;
  std::vector<PaymentIndex> payments;
  std::optional<int64_t> customer_id;
  std::optional<std::string> reference;
  OrderSort sort = OrderSort::kCreated;
  bool is_ascending = false;
};

class RandomStream;
class Store;

// The orders that a query found; valid until the store's next change.
class OrderList {
 public:
  uint64_t size() const { return size_; }
  // Index of the k-th order in the query's sequence; k < size().
  uint64_t at(uint64_t k) const;

 private:
  friend class Store;
  const Store* store_ = nullptr;
  uint64_t size_ = 0;
  uint64_t first_ = 0;  // of the range, when there is no list
  bool is_ascending_ = false;
  std::shared_ptr<const std::vector<uint32_t>> list_;
};

struct MutationCounts {
  uint64_t create = 0;
  uint64_t change = 0;
  uint64_t remove = 0;
  uint64_t revive = 0;   // deleted ones come back as they first were, their updated_at too
  uint64_t reprice = 0;  // a dearer first line, and a discount that makes up for it
  uint64_t silent = 0;   // a change that leaves updated_at as it was
  uint64_t hidden = 0;   // a new price that leaves updated_at as it was
};

struct MutatedIds {
  std::vector<int64_t> created;
  std::vector<int64_t> changed;
  std::vector<int64_t> removed;
  std::vector<int64_t> revived;
  std::vector<int64_t> repriced;
  std::vector<int64_t> silent;
  std::vector<int64_t> hidden;
};

class Store {
 public:
  Store(int64_t number, std::unique_ptr<EntitySource> source)
      : number_(number), source_(std::move(source)) {}

  int64_t number() const { return number_; }  // 1, 2, ...
  const EntitySource& source() const { return *source_; }
  // Grows with each change.
  uint64_t version() const { return version_; }

  // Indexes in use are below this; deleted ones included.
  uint64_t order_end() const { return source_->order_count() + created_.size(); }
  uint64_t live_orders() const { return order_end() - deleted_.size(); }
  bool is_live(uint64_t index) const;
  std::optional<uint64_t> find_order(int64_t id) const;
  void order(uint64_t index, OrderFacts& out) const;
  // As it was before its last change, if that is younger than `max_age` seconds; else as it is.
  void order_before(uint64_t index, int64_t now, int64_t max_age, OrderFacts& out) const;
  OrderList orders(const OrderQuery& query);

  std::optional<uint64_t> find_customer(int64_t id) const;
  // Customers [first, second) created on the days from..to.
  std::pair<uint64_t, uint64_t> customers_between(std::optional<int64_t> from_day,
                                                  std::optional<int64_t> to_day) const;
  std::optional<uint64_t> find_product(int64_t id) const;

  // Creates, changes, deletes and revives orders, chosen by `seed`; a change shows in every shape
  // of an order, a new price in its lines and details only. Those that change and those that are deleted are
  // different ones, and existed before the call.
  MutatedIds mutate(const MutationCounts& counts, uint64_t seed, int64_t now);

 private:
  friend class OrderList;
  struct Change {
    uint64_t version = 0;
    std::optional<int64_t> updated;  // nothing: as it was before
    bool is_repriced = false;
    int64_t at = 0;  // when it was made
  };
  // A change of this order at `now`; what it was before is kept.
  Change& change_of(uint64_t index, int64_t now);

  static void apply(const Change& change, OrderFacts& facts);

  void revive(uint64_t count, RandomStream& random, MutatedIds& ids);
  // The j-th live index from `first` on.
  uint64_t select_live(uint64_t first, uint64_t j) const;
  std::pair<uint64_t, uint64_t> range_of(const OrderQuery& query) const;
  bool matches(const OrderFacts& facts, const OrderQuery& query) const;
  std::shared_ptr<const std::vector<uint32_t>> collect(const OrderQuery& query) const;

  int64_t number_;
  std::unique_ptr<EntitySource> source_;
  uint64_t version_ = 0;
  std::vector<int64_t> created_;   // times; index = source's count + position
  std::vector<uint64_t> deleted_;  // sorted
  std::unordered_map<uint64_t, Change> changed_;
  std::unordered_map<uint64_t, Change> before_;  // the last change
  std::map<std::string, std::shared_ptr<const std::vector<uint32_t>>> collected_;
  uint64_t collected_version_ = 0;
};

}  // namespace falaj::simulator
