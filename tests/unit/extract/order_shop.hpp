// A store in memory that answers list, detail and item requests the way Salla does: day and status
// filters, two sortings, whole pages, nothing beyond row 10,000.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "extract/day_window.hpp"
#include "unit/extract/extract_fixture.hpp"

namespace falaj::extract {

struct ShopOrder {
  int64_t id = 0;
  Day day = 0;  // created
  std::string status = "completed";
  int64_t changed = 0;  // sorts by latest change
  int64_t version = 0;  // visible in list rows
  int64_t value = 10;
  int64_t hidden = 0;  // visible in details only
  int64_t seen_in_details() const { return version + 1'000 * hidden; }
};

class OrderShop {
 public:
  enum class Expanded { kHonoured, kIgnored, kRefused };

  void add(int64_t id, Day day, const std::string& status = "completed") {
    selected_.clear();
    orders_.push_back({id, day, status, ++changes_, 0, 10, 0});
  }
  void change(int64_t id) {
    selected_.clear();
    for (ShopOrder& order : orders_) {
      if (order.id != id) continue;
      ++order.version;
      order.changed = ++changes_;
    }
  }
  // A change that sorts the order no higher.
  void change_silently(int64_t id) {
    selected_.clear();
    for (ShopOrder& order : orders_) order.version += order.id == id ? 1 : 0;
  }
  // A change that shows in no list row and sorts the order no higher.
  void change_hidden(int64_t id) {
    for (ShopOrder& order : orders_) order.hidden += order.id == id ? 1 : 0;
  }
  void set_value(int64_t id, int64_t value) {
    for (ShopOrder& order : orders_) {
      if (order.id == id) order.value = value;
    }
  }
  void remove(int64_t id) {
    selected_.clear();
    std::erase_if(orders_, [id](const ShopOrder& order) { return order.id == id; });
  }

  Result<Answer> answer(const std::string& request) const {
    const size_t mark = request.find('?');
    const std::string path = request.substr(0, mark);
    const auto query = mark == std::string::npos ? Query() : parse(request.substr(mark + 1));
    if (path == "/orders" || path == "/customers" || path == "/products") return list(query);
    if (path == "/orders/items") return items(std::stoll(query.at("order_id")));
    return details(std::stoll(path.substr(path.rfind('/') + 1)));
  }

  const std::vector<ShopOrder>& orders() const { return orders_; }

  Expanded expanded = Expanded::kIgnored;
  int64_t per_page_max = 60;
  bool ignores_days = false;
  bool ignores_status = false;
  bool ignores_sort = false;
  int64_t announced_too_many = 0;
  std::string bare_list;  // answered instead of any list when not empty

 private:
  using Query = std::map<std::string, std::string>;

  static Query parse(const std::string& text) {
    Query query;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find('&', at), text.size());
      const std::string pair = text.substr(at, end - at);
      query[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
      at = end + 1;
    }
    return query;
  }
  static std::string value(const Query& query, const std::string& name,
                           const std::string& other_name = "") {
    const auto found = query.find(name);
    if (found != query.end()) return found->second;
    return other_name.empty() ? "" : value(query, other_name);
  }

  std::string row(const ShopOrder& order, bool is_full) const {
    std::string text = fmt::format(
        R"({{"id":{},"version":{},"date":{{"date":"{} 12:00:00.000000","timezone":"Asia/Riyadh"}},)"
        R"("status":{{"slug":"{}"}},"clock":{})",
        order.id, is_full ? order.seen_in_details() : order.version, day_text(order.day),
        order.status, ++clock_reads_);
    if (is_full) {
      text += fmt::format(
          R"(,"updated_at":{{"date":"2026-02-16 {:02}:{:02}:{:02}","timezone":"Asia/Riyadh"}})",
          order.changed / 3600, order.changed / 60 % 60, order.changed % 60);
      text += R"(,"amounts":{},"items":[])";
    }
    return text + fmt::format(R"(,"total":{{"amount":{}}}}})", order.value);
  }

  Result<Answer> list(const Query& query) const {
    if (!bare_list.empty()) return answer_of(bare_list);
    if (query.contains("expanded") && expanded == Expanded::kRefused) return refused();
    const bool is_full = query.contains("expanded") && expanded == Expanded::kHonoured;
    const std::string from = value(query, "from_date", "date_from");
    const std::string to = value(query, "to_date", "date_to");
    const std::string status = value(query, "status[]");
    const auto& chosen = select(ignores_days ? "" : from, to, ignores_status ? "" : status,
                                ignores_sort ? "" : value(query, "sort_by"));
    const int64_t page = std::stoll(query.at("page"));
    const int64_t per_page = std::min(per_page_max, int64_t{std::stoll(query.at("per_page"))});
    if (page * per_page > 10'000) return refused();
    std::vector<std::string> rows;
    const auto total = static_cast<int64_t>(chosen.size());
    for (int64_t i = (page - 1) * per_page; i < std::min(total, page * per_page); ++i) {
      rows.push_back(row(*chosen[static_cast<size_t>(i)], is_full));
    }
    return answer_of(list_body(rows, total + announced_too_many, per_page, page));
  }

  // Kept until the next change: lists are read page by page.
  const std::vector<const ShopOrder*>& select(const std::string& from, const std::string& to,
                                              const std::string& status,
                                              const std::string& sort_by) const {
    auto [kept, is_new] = selected_.try_emplace({from, to, status, sort_by});
    if (!is_new) return kept->second;
    std::map<Day, bool> in_range;
    for (const ShopOrder& order : orders_) {
      const auto [known, is_first] = in_range.try_emplace(order.day, true);
      if (is_first && !from.empty()) {
        const std::string day = day_text(order.day);
        known->second = from <= day && day <= to;
      }
      if (known->second && (status.empty() || order.status == status)) {
        kept->second.push_back(&order);
      }
    }
    sort(kept->second, sort_by);
    return kept->second;
  }

  static void sort(std::vector<const ShopOrder*>& chosen, const std::string& by) {
    std::stable_sort(chosen.begin(), chosen.end(), [&by](const ShopOrder* a, const ShopOrder* b) {
      if (by == "updated_at-desc") return a->changed > b->changed;
      if (by == "updated_at-asc") return a->changed < b->changed;
      if (by == "created_at-asc") return std::pair(a->day, a->id) < std::pair(b->day, b->id);
      return std::pair(a->day, a->id) > std::pair(b->day, b->id);
    });
  }

  Result<Answer> details(int64_t id) const {
    for (const ShopOrder& order : orders_) {
      if (order.id == id) {
        return answer_of(fmt::format(R"({{"data":{{"id":{},"version":{},"amounts":{{}}}}}})",
                                     order.id, order.seen_in_details()));
      }
    }
    return not_found();
  }
  Result<Answer> items(int64_t id) const {
    if (auto order = details(id); !order.ok()) return order;
    return answer_of(fmt::format(R"({{"data":[{{"id":{},"quantity":1}}]}})", id * 10));
  }

  std::vector<ShopOrder> orders_;
  int64_t changes_ = 0;
  mutable std::map<std::array<std::string, 4>, std::vector<const ShopOrder*>> selected_;
  mutable int64_t clock_reads_ = 0;  // a member that differs from answer to answer
};

}  // namespace falaj::extract
