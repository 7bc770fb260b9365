// Counts what was asked and how it was answered, so that a test can prove what a client did.
// Units:    a request "repeats" when the same store had answered the same method and URL with 200,
//           whole, before.
// Owns:     16 bytes or so for each different URL, and the first kNamedMax of their texts.
// Threads:  confined to one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/json.hpp"

namespace falaj::simulator {

class RequestCounters {
 public:
  static constexpr size_t kNamedMax = 200'000;

  // `store`: its number, 0 for none. `endpoint`: "GET /orders/{id}"; `status` 0: reset or cut, so
  // not answered.
  void count(uint32_t store, std::string_view endpoint, std::string_view method,
             std::string_view target, int status);
  // The whole account; "repeated" lists the most repeated URLs.
  Json to_json() const;
  // Requests and answers of one exact "GET /admin/v2/...", all stores together.
  Json url_to_json(std::string_view method_and_target) const;
  void clear();

 private:
  struct Asked {
    uint32_t requests = 0;
    uint32_t answered = 0;
    uint32_t repeats = 0;
    uint32_t store = 0;
  };
  static uint64_t key_of(uint32_t store, std::string_view method, std::string_view target);

  int64_t total_ = 0;
  int64_t repeats_ = 0;
  uint32_t stores_ = 0;  // the greatest number seen
  std::map<std::string, std::map<int, int64_t>, std::less<>> by_endpoint_;
  std::unordered_map<uint64_t, Asked> urls_;
  std::unordered_map<uint64_t, std::string> names_;
};

}  // namespace falaj::simulator
