#include "http/announced_limit.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <ctime>

namespace falaj::http {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kHourSeconds = 3600;
// No store is allowed more a minute: a larger number is no limit of requests.
constexpr int64_t kLimitMax = 100'000;

std::optional<int64_t> number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  int64_t value = 0;
  const auto* end = text->data() + text->size();
  const auto [stop, problem] = std::from_chars(text->data(), end, value);
  if (problem != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::optional<AnnouncedLimit> announced_limit(const Headers& headers, int64_t server_now) {
  const auto limit = number(headers.find("X-RateLimit-Limit"));
  const auto remaining = number(headers.find("X-RateLimit-Remaining"));
  if (!limit || !remaining || *limit == 0 || *limit > kLimitMax) return std::nullopt;
  AnnouncedLimit announced;
  announced.limit = *limit;
  announced.remaining = std::min(*remaining, announced.limit);
  const auto reset = number(headers.find("X-RateLimit-Reset"));
  if (!reset) return announced;
  const auto now = server_now / kSecond;
  if (*reset <= kHourSeconds) {
    announced.resets_at = now + *reset;
  } else if (*reset >= now - kHourSeconds && *reset <= now + kHourSeconds) {
    announced.resets_at = *reset;
  }
  return announced;
}

std::optional<int64_t> announced_date(const Headers& headers) {
  const auto text = headers.find("Date");
  if (!text) return std::nullopt;
  std::tm parts{};
  if (::strptime(text->c_str(), "%a, %d %b %Y %H:%M:%S", &parts) == nullptr) return std::nullopt;
  return std::chrono::microseconds(std::chrono::seconds(::timegm(&parts))).count();
}

}  // namespace falaj::http
