#include "app/client_options.hpp"

#include "base/ulid.hpp"

namespace falaj::app {

http::ClientOptions client_options(const home::Home& home, const StoreAccess& access) {
  const auto& settings = home.settings();
  http::ClientOptions options;
  options.base_url = settings.api_base_url;
  options.tokens = access.tokens;
  options.whose = access.name;
  options.max_in_flight = static_cast<size_t>(settings.max_in_flight);
  options.retry.max_retries = static_cast<int>(settings.max_retries);
  options.retry.delay = std::chrono::seconds(settings.retry_delay_secs);
  options.retry.rate_limit_delay = std::chrono::seconds(settings.rate_limit_delay_secs);
  options.retry.rate_limit_max = std::chrono::seconds(settings.rate_limit_secs_max);
  options.random_seed = UlidGenerator::random_seed();
  return options;
}

}  // namespace falaj::app
