#include "connectors/salla/salla_source.hpp"

namespace falaj::connectors::salla {

void SallaSource::fetch(const std::string& request, Done done) {
  client_.fetch(request, [done = std::move(done)](Result<http::ApiResponse> response) {
    if (!response.ok()) {
      done(std::move(response).error());
      return;
    }
    done(extract::Answer{response->status, std::move(response->body), response->received_at});
  });
}

extract::SourceCounters SallaSource::counters() const {
  const auto& counters = client_.counters();
  const auto quota = client_.quota();
  return {counters.requests, counters.retries, quota.limit_per_minute, quota.used_in_window};
}

}  // namespace falaj::connectors::salla
