// The frame encoders of a landing directory: a few for all packages that are being written, since
// each holds some megabytes and a machine compresses only as many frames at once as it has
// processors.
// Owns:     the encoders, up to a number of them, made when first needed.
// Threads:  safe; take() waits while all are in use.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "landing/frame.hpp"

namespace falaj::landing {

class EncoderPool {
 public:
  explicit EncoderPool(size_t most);

  // An encoder for as long as this lives.
  class Lease {
   public:
    Lease(EncoderPool& pool, std::unique_ptr<FrameEncoder> encoder)
        : pool_(pool), encoder_(std::move(encoder)) {}
    ~Lease() { pool_.give_back(std::move(encoder_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    FrameEncoder* operator->() { return encoder_.get(); }

   private:
    EncoderPool& pool_;
    std::unique_ptr<FrameEncoder> encoder_;
  };
  Lease take();

 private:
  void give_back(std::unique_ptr<FrameEncoder> encoder);

  std::mutex mutex_;
  std::condition_variable freed_;
  size_t left_to_make_;
  std::vector<std::unique_ptr<FrameEncoder>> idle_;  // the last one used is taken first
};

}  // namespace falaj::landing
