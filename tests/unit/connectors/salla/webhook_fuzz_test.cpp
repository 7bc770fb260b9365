// A short walk through mangled events; the long one is the fuzz target's.
#include <gtest/gtest.h>

#include <random>

#include "fuzz/webhook_target.hpp"
#include "support/long_tests.hpp"

namespace falaj::fuzz {
namespace {

// Bytes changed, cut out, doubled, or taken from another seed.
std::string mangled(std::string text, const std::vector<std::string>& seeds,
                    std::mt19937_64& random) {
  const auto below = [&random](size_t bound) { return bound == 0 ? 0 : random() % bound; };
  for (size_t step = 1 + below(4); step > 0; --step) {
    const auto at = below(text.size() + 1);
    const auto length = below(std::min<size_t>(text.size() - at, 40) + 1);
    switch (below(4)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(random());
        break;
      case 1: text.erase(at, length); break;
      case 2: text.insert(at, text.substr(at, length)); break;
      default: {
        const auto& other = seeds[below(seeds.size())];
        text.insert(at, other.substr(below(other.size() + 1), length));
      }
    }
  }
  return text;
}

TEST(WebhookFuzz, MangledEventsDoNoHarm) {
  const auto seeds = webhook_seeds();
  for (const auto& seed : seeds) fuzz_webhook(seed);
  const uint64_t number = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(number));
  printf("seed %lu\n", number);
  std::mt19937_64 random(number);
  const int rounds = test::is_long() ? 200'000 : 3'000;
  for (int i = 0; i < rounds; ++i)
    fuzz_webhook(mangled(seeds[random() % seeds.size()], seeds, random));
}

}  // namespace
}  // namespace falaj::fuzz
