#include "warehouse/snowflake/account_check.hpp"

#include <fmt/format.h>

#include <ctime>
#include <optional>

#include "base/private_key.hpp"
#include "warehouse/snowflake/remedy.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"

namespace falaj::warehouse {
namespace {

using Kind = Finding::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A signed login holds for a minute, and Snowflake allows for as much.
constexpr seconds kClockOffMax{45};
constexpr const char* kBadToken = "390144";  // JWT token is invalid

std::string host_of(const SnowflakeOptions& options) {
  if (options.host.empty()) {
    return options.account + ".snowflakecomputing.com";
  }
  const auto scheme = options.host.find("://");
  auto host = scheme == std::string::npos ? options.host : options.host.substr(scheme + 3);
  return host.substr(0, host.find('/'));
}

RemedyNames names_of(const SnowflakeOptions& options) {
  RemedyNames names{.account = options.account,
                    .host = host_of(options),
                    .user = options.user,
                    .role = options.role,
                    .warehouse = options.warehouse,
                    .database = options.database};
  const auto key = private_key_of(options);
  if (!key.ok() || key->empty()) return names;
  if (auto text = public_key_text(*key); text.ok()) names.public_key = *text;
  if (auto fingerprint = public_key_fingerprint(*key); fingerprint.ok()) {
    names.fingerprint = *fingerprint;
  }
  return names;
}

// Where signing in is tried.
std::string address_of(const SnowflakeOptions& options) {
  return options.host.starts_with("http://") ? "http://" + host_of(options)
                                             : "https://" + host_of(options);
}

Finding check_clock(UtcTime here, UtcTime there) {
  const auto off = std::chrono::duration_cast<seconds>(here - there);
  Finding item{"clock", Kind::kGood,
               fmt::format("{} s away from Snowflake's", std::abs(off.count())), "", 0};
  if (std::chrono::abs(off) <= kClockOffMax) return item;
  item.kind = Kind::kFailure;
  item.detail = fmt::format(
      "this machine's clock is {} s {} Snowflake's, so that it refuses what "
      "a key pair signs",
      std::abs(off.count()), off.count() > 0 ? "ahead of" : "behind");
  item.remedy = "let the clock be set, as root: timedatectl set-ntp true";
  item.exit_status = exit_code(ErrorKind::kInvalidConfig);
  return item;
}

Finding failed(const char* name, const Error& error, const RemedyNames& names) {
  Finding item{name, Kind::kFailure, error.to_text(), remedy(error, names),
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
void ask(Session& session, const SnowflakeOptions& options, const TimeAtHost& time_at,
         const std::string& how, const RemedyNames& names, std::vector<Finding>& items) {
  session.tag_statements({.task = "check"});
  const auto now = session.query("SELECT CAST(CURRENT_TIMESTAMP AS TIMESTAMP_NTZ)");
  if (!now.ok()) {
    items.push_back(failed("snowflake", now.error(), names));
    if (now.error().vendor_code != kBadToken) return;
    if (const auto there = time_at(address_of(options))) {
      items.push_back(check_clock(options.clock->now(), *there));
    }
    return;
  }
  items.push_back({"snowflake", Kind::kGood,
                   fmt::format("{} signs in to {} by {}", options.user, names.host, how), "", 0});
  if (!now->rows.empty()) {
    if (const auto there = parse_time(now->rows[0][0].value_or(""))) {
      items.push_back(check_clock(options.clock->now(), *there));
    }
  }
  const auto tables = session.query(
      "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA IN ('BRONZE', 'SILVER', "
      "'GOLD', 'OPS')");
  if (!tables.ok()) {
    items.push_back(failed("warehouse", tables.error(), names));
    return;
  }
  items.push_back({"warehouse", Kind::kGood,
                   fmt::format("{} in Snowflake account {}, {} tables", options.database,
                               options.account, tables->scalar_int()),
                   "", 0});
}

}  // namespace

std::vector<Finding> check_account(SnowflakeOptions options, const TimeAtHost& time_at) {
  std::vector<Finding> items;
  options.tag = {.dag = "check"};
  const auto names = names_of(options);
  const auto driver = driver_options(options);
  if (!driver.ok()) {
    items.push_back(failed("snowflake", driver.error(), names));
    return items;
  }
  for (const auto& warning : driver->warnings) {
    items.push_back({"snowflake", Kind::kWarning, warning, "", 0});
  }
  const auto opened = open_snowflake(options);
  if (!opened.ok()) {
    items.push_back(failed("snowflake", opened.error(), names));
    return items;
  }
  const auto session = (*opened)->open_session();
  if (!session.ok()) {
    items.push_back(failed("snowflake", session.error(), names));
    return items;
  }
  ask(**session, options, time_at, driver->authentication, names, items);
  return items;
}

}  // namespace falaj::warehouse
