#include "simulator/request_counters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "simulator/random_stream.hpp"

namespace falaj::simulator {
namespace {

constexpr size_t kListedMax = 100;

}  // namespace

uint64_t RequestCounters::key_of(uint32_t store, std::string_view method, std::string_view target) {
  const std::hash<std::string_view> hash;
  return mix64(hash(method) + store) ^ hash(target);
}

void RequestCounters::count(uint32_t store, std::string_view endpoint, std::string_view method,
                            std::string_view target, int status) {
  ++total_;
  auto found = by_endpoint_.find(endpoint);
  if (found == by_endpoint_.end()) found = by_endpoint_.try_emplace(std::string(endpoint)).first;
  ++found->second[status];
  stores_ = std::max(stores_, store);
  const auto key = key_of(store, method, target);
  auto& url = urls_[key];
  url.store = store;
  if (url.requests == 0 && names_.size() < kNamedMax) {
    names_.emplace(key, fmt::format("{} {}", method, target));
  }
  ++url.requests;
  if (url.answered > 0) {
    ++url.repeats;
    ++repeats_;
  }
  if (status == 200) ++url.answered;
}

Json RequestCounters::to_json() const {
  Json json;
  json.set("total", total_);
  json.set("repeats", repeats_);
  json.set("distinct_urls", static_cast<int64_t>(urls_.size()));
  Json::Array endpoints;
  for (const auto& [endpoint, statuses] : by_endpoint_) {
    Json row;
    int64_t requests = 0;
    Json by_status{Json::Object{}};
    for (const auto& [status, number] : statuses) {
      requests += number;
      by_status.set(status == 0 ? "none" : std::to_string(status), number);
    }
    row.set("endpoint", endpoint);
    row.set("requests", requests);
    row.set("by_status", std::move(by_status));
    endpoints.push_back(std::move(row));
  }
  json.set("by_endpoint", std::move(endpoints));
  std::vector<std::pair<uint32_t, uint64_t>> repeated;
  for (const auto& [key, url] : urls_) {
    if (url.repeats > 0) repeated.emplace_back(url.repeats, key);
  }
  const auto shown = std::min(repeated.size(), kListedMax);
  std::partial_sort(repeated.begin(), repeated.begin() + static_cast<std::ptrdiff_t>(shown),
                    repeated.end(), std::greater<>());
  Json::Array list;
  for (size_t i = 0; i < shown; ++i) {
    const auto& url = urls_.at(repeated[i].second);
    const auto name = names_.find(repeated[i].second);
    Json row;
    row.set("store", static_cast<int64_t>(url.store));
    row.set("url", name == names_.end() ? std::string("(not kept)") : name->second);
    row.set("requests", static_cast<int64_t>(url.requests));
    row.set("answered", static_cast<int64_t>(url.answered));
    row.set("repeats", static_cast<int64_t>(url.repeats));
    list.push_back(std::move(row));
  }
  json.set("repeated", std::move(list));
  return json;
}

Json RequestCounters::url_to_json(std::string_view method_and_target) const {
  const auto space = std::min(method_and_target.find(' '), method_and_target.size());
  const auto rest = method_and_target.substr(std::min(space + 1, method_and_target.size()));
  const auto method = method_and_target.substr(0, space);
  Asked asked;
  for (uint32_t store = 0; store <= stores_; ++store) {
    const auto found = urls_.find(key_of(store, method, rest));
    if (found == urls_.end()) continue;
    asked.requests += found->second.requests;
    asked.answered += found->second.answered;
    asked.repeats += found->second.repeats;
  }
  Json json;
  json.set("url", std::string(method_and_target));
  json.set("requests", static_cast<int64_t>(asked.requests));
  json.set("answered", static_cast<int64_t>(asked.answered));
  json.set("repeats", static_cast<int64_t>(asked.repeats));
  return json;
}

void RequestCounters::clear() {
  *this = RequestCounters();
}

}  // namespace falaj::simulator
