// The digests of the latest events, so that a repeat is answered without being kept again.
// Shape:    a body is under way from begin() to end(), and then known, if it could be kept.
// Owns:     at most `limit` digests of known bodies; the oldest goes first.
// Threads:  safe.
#pragma once

#include <cstring>
#include <deque>
#include <mutex>
#include <unordered_set>

#include "base/sha256.hpp"

namespace falaj::webhooks {

class SeenBodies {
 public:
  enum class State { kNew, kUnderWay, kKnown };

  explicit SeenBodies(size_t limit) : limit_(limit) {}

  // What is known of a body; a new one is under way from now on.
  State begin(const Sha256Digest& digest) {
    std::lock_guard lock(mutex_);
    if (known_.contains(digest)) return State::kKnown;
    return under_way_.insert(digest).second ? State::kNew : State::kUnderWay;
  }
  void end(const Sha256Digest& digest, bool is_kept) {
    std::lock_guard lock(mutex_);
    under_way_.erase(digest);
    if (!is_kept || limit_ == 0 || !known_.insert(digest).second) return;
    order_.push_back(digest);
    if (order_.size() <= limit_) return;
    known_.erase(order_.front());
    order_.pop_front();
  }
  bool is_known(const Sha256Digest& digest) const {
    std::lock_guard lock(mutex_);
    return known_.contains(digest);
  }

 private:
  struct Hash {
    size_t operator()(const Sha256Digest& digest) const {
      size_t value = 0;
      std::memcpy(&value, digest.data(), sizeof value);
      return value;
    }
  };
  using Digests = std::unordered_set<Sha256Digest, Hash>;
  const size_t limit_;
  mutable std::mutex mutex_;
  Digests known_;
  Digests under_way_;
  std::deque<Sha256Digest> order_;
};

}  // namespace falaj::webhooks
