#include "extract/reread_round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace falaj::extract {
namespace {

constexpr int64_t kPartsOfRing = 4;  // one of them, or a day's share, is the most that a run reads

}  // namespace

RereadRound::RereadRound(const std::optional<std::string>& remembered, int64_t days, UtcTime now)
    : length_(std::chrono::days(days)), now_(now), paid_until_(now) {
  if (!remembered) return;
  const char* end = remembered->data() + remembered->size();
  int64_t id = 0;
  int64_t micros = 0;
  const auto first = std::from_chars(remembered->data(), end, id);
  if (first.ec != std::errc() || first.ptr == end) return;
  if (std::from_chars(first.ptr + 1, end, micros).ec != std::errc()) return;
  last_id_ = id;
  // A clock that was set back must not stop the round.
  paid_until_ = std::min(UtcTime(Micros(micros)), now_);
}

std::vector<int64_t> RereadRound::due(const std::vector<KnownOrder>& orders) {
  due_.clear();
  const auto count = std::count_if(orders.begin(), orders.end(),
                                   [](const KnownOrder& order) { return order.is_deep; });
  if (count == 0) return due_;
  per_order_ = std::max(length_ / count, Micros(1));
  const auto share = std::max<Micros>(length_ / kPartsOfRing, std::chrono::days(1));
  paid_until_ = std::max(paid_until_, now_ - std::max(share, per_order_));
  const auto turns = std::min<int64_t>((now_ - paid_until_) / per_order_, count);
  auto at = std::upper_bound(orders.begin(), orders.end(), last_id_,
                             [](int64_t id, const KnownOrder& order) { return id < order.id; });
  while (static_cast<int64_t>(due_.size()) < turns) {
    if (at == orders.end()) at = orders.begin();
    if (at->is_deep) due_.push_back(at->id);
    ++at;
  }
  return due_;
}

std::string RereadRound::after(size_t done) const {
  const auto last = done > 0 ? due_[done - 1] : last_id_;
  const auto paid = paid_until_ + per_order_ * static_cast<int64_t>(done);
  return fmt::format("{} {}", last, paid.time_since_epoch().count());
}

}  // namespace falaj::extract
