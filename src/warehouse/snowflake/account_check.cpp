#include "operate/snowflake_check.hpp"

#include <fmt/format.h>

#include <ctime>
#include <optional>

#include "app/snowflake_access.hpp"
#include "base/private_key.hpp"
#include "http/curl_transport.hpp"
#include "warehouse/snowflake/remedy.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"

namespace falaj::operate {
namespace {

using State = operate::CheckItem::State;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A signed login holds for a minute, and Snowflake allows for as much.
constexpr seconds kClockOffMax{45};
constexpr milliseconds kAskTheTimeMax{5'000};
constexpr const char* kBadToken = "390144";  // JWT token is invalid

std::string host_of(const config::Settings& settings) {
  if (settings.snowflake_host.empty()) {
    return settings.snowflake_account + ".snowflakecomputing.com";
  }
  const auto scheme = settings.snowflake_host.find("://");
  auto host = scheme == std::string::npos ? settings.snowflake_host
                                          : settings.snowflake_host.substr(scheme + 3);
  return host.substr(0, host.find('/'));
}

warehouse::RemedyNames names_of(const config::Settings& settings,
                                const warehouse::SnowflakeOptions& options) {
  warehouse::RemedyNames names{.account = settings.snowflake_account,
                               .host = host_of(settings),
                               .user = settings.snowflake_user,
                               .role = settings.snowflake_role,
                               .warehouse = settings.snowflake_warehouse,
                               .database = settings.snowflake_database};
  const auto key = warehouse::private_key_of(options);
  if (!key.ok() || key->empty()) return names;
  if (auto text = public_key_text(*key); text.ok()) names.public_key = *text;
  if (auto fingerprint = public_key_fingerprint(*key); fingerprint.ok()) {
    names.fingerprint = *fingerprint;
  }
  return names;
}

// Where signing in is tried.
std::string address_of(const config::Settings& settings) {
  return settings.snowflake_host.starts_with("http://") ? "http://" + host_of(settings)
                                                        : "https://" + host_of(settings);
}

// What the host's answer says of the time; whoever may not sign in may ask this.
std::optional<UtcTime> time_at(const std::string& address) {
  http::CurlOptions options;
  options.connect_timeout = kAskTheTimeMax;
  options.total_timeout = kAskTheTimeMax;
  http::CurlTransport transport(options);
  std::optional<UtcTime> time;
  transport.start({.method = "GET", .url = address + "/"}, [&](Result<http::HttpResponse> answer) {
    if (!answer.ok()) return;
    const auto date = answer->headers.find("date");
    std::tm parts{};
    if (!date || !::strptime(date->c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts)) {
      return;
    }
    time = UtcTime(seconds(::timegm(&parts)));
  });
  while (transport.in_flight() > 0) transport.poll(milliseconds(200));
  return time;
}

operate::CheckItem check_clock(UtcTime here, UtcTime there) {
  const auto off = std::chrono::duration_cast<seconds>(here - there);
  operate::CheckItem item{"clock", State::kOk,
                          fmt::format("{} s away from Snowflake's", std::abs(off.count())), "", 0};
  if (std::chrono::abs(off) <= kClockOffMax) return item;
  item.state = State::kFailed;
  item.detail = fmt::format(
      "this machine's clock is {} s {} Snowflake's, so that it refuses what "
      "a key pair signs",
      std::abs(off.count()), off.count() > 0 ? "ahead of" : "behind");
  item.remedy = "let the clock be set, as root: timedatectl set-ntp true";
  item.exit_status = exit_code(ErrorKind::kInvalidConfig);
  return item;
}

operate::CheckItem failed(const char* name, const Error& error,
                          const warehouse::RemedyNames& names) {
  operate::CheckItem item{name, State::kFailed, error.to_text(), warehouse::remedy(error, names),
                          exit_code(error.kind())};
  if (item.remedy.empty() && error.kind() != ErrorKind::kInvalidConfig) {
    item.remedy = "docs/snowflake.md says what falaj needs of an account";
  }
  return item;
}

// "2026-11-23 10:00:00.000000"
std::optional<UtcTime> parse_time(const std::string& text) {
  std::tm parts{};
  if (::strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &parts) == nullptr) return std::nullopt;
  return UtcTime(seconds(::timegm(&parts)));
}

// Statements that need no warehouse, then one that wakes it.
void ask(warehouse::Session& session, const home::Home& home, const std::string& how,
         const warehouse::RemedyNames& names, std::vector<operate::CheckItem>& items) {
  session.tag_statements({.task = "check"});
  const auto now = session.query("SELECT CAST(CURRENT_TIMESTAMP AS TIMESTAMP_NTZ)");
  if (!now.ok()) {
    items.push_back(failed("snowflake", now.error(), names));
    if (now.error().vendor_code != kBadToken) return;
    if (const auto there = time_at(address_of(home.settings()))) {
      items.push_back(check_clock(home.clock().now(), *there));
    }
    return;
  }
  items.push_back(
      {"snowflake", State::kOk,
       fmt::format("{} signs in to {} by {}", home.settings().snowflake_user, names.host, how), "",
       0});
  if (!now->rows.empty()) {
    if (const auto there = parse_time(now->rows[0][0].value_or(""))) {
      items.push_back(check_clock(home.clock().now(), *there));
    }
  }
  const auto tables = session.query(
      "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA IN ('BRONZE', 'SILVER', "
      "'GOLD', 'OPS')");
  if (!tables.ok()) {
    items.push_back(failed("warehouse", tables.error(), names));
    return;
  }
  items.push_back(
      {"warehouse", State::kOk,
       fmt::format("{} in Snowflake account {}, {} tables", home.settings().snowflake_database,
                   home.settings().snowflake_account, tables->scalar_int()),
       "", 0});
}

}  // namespace

std::vector<operate::CheckItem> check_snowflake(const home::Home& home) {
  std::vector<operate::CheckItem> items;
  auto options = snowflake_options(home, true);
  options.tag = {.dag = "check"};
  const auto names = names_of(home.settings(), options);
  const auto driver = warehouse::driver_options(options);
  if (!driver.ok()) {
    items.push_back(failed("snowflake", driver.error(), names));
    return items;
  }
  for (const auto& warning : driver->warnings) {
    items.push_back({"snowflake", State::kWarning, warning, "", 0});
  }
  const auto opened = warehouse::open_snowflake(options);
  if (!opened.ok()) {
    items.push_back(failed("snowflake", opened.error(), names));
    return items;
  }
  const auto session = (*opened)->open_session();
  if (!session.ok()) {
    items.push_back(failed("snowflake", session.error(), names));
    return items;
  }
  ask(**session, home, driver->authentication, names, items);
  return items;
}

}  // namespace falaj::operate
