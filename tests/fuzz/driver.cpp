// The side of a fuzz program that libFuzzer calls. FALAJ_FUZZ_SEEDS=FOLDER writes the target's seeds
// there and ends.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>

#include "fuzz/fuzz_target.hpp"
#include "fuzz/json_mutator.hpp"

namespace falaj::fuzz {

void expect(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

ExactBytes::ExactBytes(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {
  bytes_.shrink_to_fit();
}

}  // namespace falaj::fuzz

// The names and types below are libFuzzer's.
extern "C" {

size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  const char* folder = std::getenv("FALAJ_FUZZ_SEEDS");
  if (folder == nullptr) return 0;
  int number = 0;
  for (const auto& seed : falaj::fuzz::seeds()) {
    std::ofstream file(std::string(folder) + "/seed-" + std::to_string(number++), std::ios::binary);
    file.write(seed.data(), static_cast<std::streamsize>(seed.size()));
  }
  std::exit(0);
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  falaj::fuzz::fuzz_one({reinterpret_cast<const char*>(data), size});
  return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  std::minstd_rand random(seed);
  if (random() % 4 != 0) {
    const auto text = falaj::fuzz::mutate_json({reinterpret_cast<const char*>(data), size}, random);
    if (!text.empty() && text.size() <= max_size) {
      std::memcpy(data, text.data(), text.size());
      return text.size();
    }
  }
  return LLVMFuzzerMutate(data, size, max_size);
}
}
