#include "http/transport.hpp"

#include <algorithm>
#include <cctype>

namespace falaj::http {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) ==
                  std::tolower(static_cast<unsigned char>(y));
         });
}

// "host" of scheme://[user@]host[:port]/..., without brackets.
std::string_view host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  auto rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) rest = rest.substr(at + 1);
  if (rest.starts_with('[')) return rest.substr(1, rest.find(']') - 1);
  return rest.substr(0, rest.find(':'));
}

}  // namespace

void Headers::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string> Headers::find(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (same_name(key, name)) return value;
  }
  return std::nullopt;
}

bool is_loopback_url(std::string_view url) {
  const auto host = host_of(url);
  if (host == "localhost" || host == "::1") return true;
  // Four numbers only: "127.example.org" is somebody else's host.
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(host.begin(), host.end(), '.') == 3;
}

Status check_url(std::string_view url) {
  if (url.starts_with("https://") && !host_of(url).empty()) return {};
  if (url.starts_with("http://") && is_loopback_url(url)) return {};
  return Error(ErrorKind::kInvalidConfig,
               fmt::format("the address must be https://... (plain http only to this machine): {}",
                           excerpt(url)));
}

}  // namespace falaj::http
