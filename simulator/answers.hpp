// The envelopes that Salla's API wraps its answers in: objects, lists with pagination, errors.
// Threads:  functions without state.
// Facts:    salla-api.md 2, 2.1, 2.4
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http_server/request.hpp"
#include "http_server/response.hpp"
#include "simulator/json_out.hpp"
#include "simulator/quirks.hpp"

namespace falaj::simulator {

struct PageRequest {
  uint64_t page = 1;
  uint64_t per_page = 15;
};

// What of a list of `total` rows a page shows: rows [first, first + count).
struct PageRange {
  uint64_t first = 0;
  uint64_t count = 0;
};

PageRequest page_request(const http_server::Request& request, const Quirks& quirks);
PageRange page_range(const PageRequest& page, uint64_t total, const Quirks& quirks);

// "...],"pagination":{...}}" after the rows. `base`: "http://host/admin/v2/orders".
void end_list(JsonOut& out, const PageRequest& page, const PageRange& range, uint64_t total,
              const http_server::Request& request, std::string_view base, const Quirks& quirks);

inline constexpr std::string_view kDataStart = R"({"status":200,"success":true,"data":)";

// The body of a list's page: write(out, number) writes each of its rows, of about `row_bytes`.
template <typename Write>
std::string list_body(const http_server::Request& request, std::string_view base,
                      const Quirks& quirks, uint64_t total, uint64_t row_bytes, Write&& write) {
  const auto page = page_request(request, quirks);
  const auto range = page_range(page, total, quirks);
  JsonOut out(1024 + range.count * row_bytes);
  out.raw(kDataStart).raw("[");
  for (uint64_t k = 0; k < range.count; ++k) {
    if (k > 0) out.raw(",");
    write(out, range.first + k);
  }
  end_list(out, page, range, total, request, base, quirks);
  return out.take();
}

// A list that came whole, without pagination or cursor, becomes one page of itself.
void page_whole_list(std::string& body, const http_server::Request& request, std::string_view base,
                     const Quirks& quirks);

http_server::Response json_answer(int status, std::string body);
http_server::Response data_answer(std::string_view data);
// code: as JSON, so that it may be a number. fields: a JSON object, or empty for none.
http_server::Response error_answer(int status, std::string_view code, std::string_view message,
                                   std::string_view fields = {});
http_server::Response invalid_field(std::string_view field, std::string_view message);

}  // namespace falaj::simulator
