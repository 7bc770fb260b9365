// Runs of the orders' stream, one after the other against one shop in memory; what a run lands is
// known to the next one.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "extract/order_stream.hpp"
#include "unit/extract/order_shop.hpp"

namespace falaj::extract {

inline constexpr Day kToday = 20'500;

class OrderStreamTest : public ExtractTest {
 protected:
  struct Loaded {
    int64_t list_key = 0;
    UtcTime details_at{};
    int64_t version = -1;  // of its newest details
    bool has_items = false;
    Day day = 0;
    float value = 0;
  };

  void SetUp() override {
    ExtractTest::SetUp();
    source_.answerer = [this](const std::string& request) { return shop_.answer(request); };
    options_.page_size = 20;
    options_.statuses = {"completed"};
    options_.volatile_members = {"clock"};
  }

  void fill(int64_t count) {
    for (int64_t i = 1; i <= count; ++i) shop_.add(i, kToday - (count - i) / 10);
  }

  // One walk over the run; stays resumable until finish().
  Result<OrderOutcome> walk() {
    stream_ = std::make_unique<OrderStream>(*loop_, clock_, read_known_, cursors_, options_);
    auto outcome = stream_->run();
    load();
    return outcome;
  }

  // A whole new run that must succeed, and is remembered.
  OrderOutcome run() {
    start(fmt::format("R{}", ++runs_));
    auto outcome = walk();
    EXPECT_TRUE(outcome.ok()) << outcome.error().to_text();
    EXPECT_TRUE(stream_->remember().ok());
    return outcome.ok() ? std::move(*outcome) : OrderOutcome{};
  }

  // What the next run is said to take; nothing is landed or remembered.
  OrderPlan look(PlanLimits limits = {}) {
    PageLoop loop(source_, PageLoop::Options{});
    CursorStore cursors{cursors_.get, [](const std::string&, const std::string&) {
                          ADD_FAILURE() << "a plan set a cursor";
                          return Status();
                        }};
    OrderStream stream(loop, clock_, read_known_, cursors, options_);
    auto plan = stream.plan(limits);
    EXPECT_TRUE(plan.ok()) << plan.error().to_text();
    return plan.ok() ? std::move(*plan) : OrderPlan{};
  }

  // Makes known what this run has landed, as loading does: newest first wins.
  void load() {
    auto requests = landed();
    std::sort(requests.begin(), requests.end(),
              [](const auto& a, const auto& b) { return a.fetched_at < b.fetched_at; });
    for (const auto& request : requests) {
      const auto page = landing_->read_page(request);
      ASSERT_TRUE(page.ok());
      load_page(*page);
    }
  }

  void load_page(const landing::PageRecord& page) {
    const auto index = decode::PageIndex::read(page.body.view(), &options_.volatile_members);
    ASSERT_TRUE(index.ok());
    if (page.stream == "deletions") {
      loaded_.erase(index->rows.at(0).id);
    } else if (page.stream == "order_items") {
      loaded_[page.parent_id].has_items = true;
    } else {
      for (size_t i = 0; i < index->rows.size(); ++i) load_row(page, index->rows[i], i);
    }
  }

  void load_row(const landing::PageRecord& page, const decode::IndexRow& row, size_t position) {
    Loaded& order = loaded_[row.id];
    if (page.shape == "summary") order.list_key = row.payload_key;
    if (row.created_at) order.day = riyadh_day(*row.created_at);
    if (row.value > 0) order.value = row.value;
    if (page.shape == "summary" || page.fetched_at < order.details_at) return;
    const auto json = Json::parse(page.body.view());
    const Json& data = (*json)["data"];
    order.version = (data.is_array() ? data.as_array()[position] : data)["version"].as_int();
    order.details_at = page.fetched_at;
    if (page.shape == "full") order.has_items = true;
  }

  // Ids whose newest state is not known, or that are known and gone.
  std::vector<int64_t> stale() const {
    std::vector<int64_t> ids;
    std::set<int64_t> live;
    for (const ShopOrder& order : shop_.orders()) {
      live.insert(order.id);
      const auto found = loaded_.find(order.id);
      const bool is_known = found != loaded_.end() && found->second.has_items &&
                            found->second.version == order.seen_in_details();
      if (!is_known) ids.push_back(order.id);
    }
    for (const auto& [id, order] : loaded_) {
      if (!live.contains(id)) ids.push_back(id);
    }
    return ids;
  }

  int64_t asked_for(const std::string& part) const {
    return std::count_if(source_.asked.begin(), source_.asked.end(), [&](const auto& request) {
      return request.find(part) != std::string::npos;
    });
  }
  int64_t details_asked() const { return asked_for("/orders/") - asked_for("/orders/items"); }

  OrderShop shop_;
  OrderOptions options_;
  std::map<std::string, std::string> texts_;
  CursorStore cursors_{[this](const std::string& name) -> Result<std::optional<std::string>> {
                         const auto found = texts_.find(name);
                         if (found == texts_.end()) return std::optional<std::string>();
                         return std::optional(found->second);
                       },
                       [this](const std::string& name, const std::string& value) {
                         texts_[name] = value;
                         return Status();
                       }};
  std::map<int64_t, Loaded> loaded_;
  ReadKnownStore read_known_ = [this]() -> Result<KnownStore> {
    KnownStore known;
    for (const auto& [id, order] : loaded_) {
      known.orders.push_back({id, order.list_key, order.version >= 0 && order.has_items,
                              static_cast<uint16_t>(order.day), order.value});
    }
    return known;
  };
  std::unique_ptr<OrderStream> stream_;
  int runs_ = 0;
};

}  // namespace falaj::extract
