#include "connectors/salla/salla_source.hpp"

namespace falaj::connectors::salla {
namespace {

http::Share share_of(extract::Purpose purpose) {
  switch (purpose) {
    case extract::Purpose::kChanges: return http::Share::kChanges;
    case extract::Purpose::kDeepening: return http::Share::kDeepening;
    case extract::Purpose::kBackfill: return http::Share::kBackfill;
  }
  return http::Share::kChanges;
}

static_assert(http::kTimeIsUp == extract::kTimeIsUp);

}  // namespace

void SallaSource::fetch(const std::string& request, extract::Purpose purpose, Done done) {
  client_.fetch(
      request,
      [done = std::move(done)](Result<http::ApiResponse> response) {
        if (!response.ok()) {
          done(std::move(response).error());
          return;
        }
        done(extract::Answer{response->status, std::move(response->body), response->received_at});
      },
      share_of(purpose));
}

extract::SourceCounters SallaSource::counters() const {
  const auto& counters = client_.counters();
  const auto quota = client_.quota();
  return {counters.requests, counters.retries, quota.limit_per_minute, quota.used_in_window};
}

}  // namespace falaj::connectors::salla
