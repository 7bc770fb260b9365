// A made-up Saudi shop: every order, customer and product is a function of seed and index.
// Shape:    a store of 10 M orders takes no more memory than one of ten.
// Threads:  safe (const).
#pragma once

#include <cstdint>
#include <memory>

#include "simulator/entity_source.hpp"

namespace falaj::simulator {

struct GeneratedOptions {
  uint64_t seed = 1;
  uint64_t orders = 1000;
  uint64_t customers = 400;
  uint64_t products = 120;
  int64_t last_day = 0;  // the newest orders' day; what is older has come further in life
  bool has_permuted_ids = true;
};

std::unique_ptr<EntitySource> make_generated_source(const GeneratedOptions& options);

}  // namespace falaj::simulator
