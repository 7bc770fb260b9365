#include "http/host_time.hpp"

#include <ctime>

#include "http/curl_transport.hpp"

namespace falaj::http {

using std::chrono::milliseconds;

std::optional<UtcTime> time_at(const std::string& address) {
  constexpr milliseconds kPatience{5'000};
  CurlOptions options;
  options.connect_timeout = kPatience;
  options.total_timeout = kPatience;
  CurlTransport transport(options);
  std::optional<UtcTime> time;
  transport.start({.method = "GET", .url = address + "/"}, [&](Result<HttpResponse> answer) {
    if (!answer.ok()) return;
    const auto date = answer->headers.find("date");
    std::tm parts{};
    if (!date || !::strptime(date->c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts)) return;
    time = UtcTime(std::chrono::seconds(::timegm(&parts)));
  });
  while (transport.in_flight() > 0) transport.poll(milliseconds(200));
  return time;
}

}  // namespace falaj::http
