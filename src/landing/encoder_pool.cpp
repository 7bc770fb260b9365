#include "landing/encoder_pool.hpp"

#include <algorithm>

namespace falaj::landing {

EncoderPool::EncoderPool(size_t most) : left_to_make_(std::max<size_t>(1, most)) {}

EncoderPool::Lease EncoderPool::take() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [this] { return !idle_.empty() || left_to_make_ > 0; });
  if (idle_.empty()) {
    --left_to_make_;
    return {*this, std::make_unique<FrameEncoder>()};
  }
  auto encoder = std::move(idle_.back());
  idle_.pop_back();
  return {*this, std::move(encoder)};
}

void EncoderPool::give_back(std::unique_ptr<FrameEncoder> encoder) {
  {
    std::lock_guard lock(mutex_);
    idle_.push_back(std::move(encoder));
  }
  freed_.notify_one();
}

}  // namespace falaj::landing
