#include "config/property.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace falaj::config {
namespace {

using Type = PropertyType;

std::function<void(Settings&, const std::string&)> text(std::string Settings::*member) {
  return [member](Settings& settings, const std::string& value) { settings.*member = value; };
}

std::function<void(Settings&, const std::string&)> integer(int64_t Settings::*member) {
  return [member](Settings& settings, const std::string& value) {
    settings.*member = std::strtoll(value.c_str(), nullptr, 10);
  };
}

size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

}  // namespace

const std::vector<Property>& properties() {
  static const std::vector<Property> table = {
      {"salla.api_base_url",
       "SALLA_API_BASE_URL",
       Type::kText,
       "https://api.salla.dev/admin/v2",
       "where the store's API is; plain http only to this machine",
       false,
       0,
       0,
       {},
       text(&Settings::api_base_url)},
      {"salla.accounts_url",
       "SALLA_ACCOUNTS_URL",
       Type::kText,
       "https://accounts.salla.sa",
       "where tokens are issued and refreshed",
       false,
       0,
       0,
       {},
       text(&Settings::accounts_url)},
      {"",
       "SALLA_API_TOKEN",
       Type::kText,
       "",
       "the merchant's access token; environment or .env only, so that no file in a repository has "
       "it",
       true,
       0,
       0,
       {},
       [](Settings& settings, const std::string& value) { settings.api_token = Secret(value); }},
      {"extract.page_size",
       "API_BATCH_SIZE",
       Type::kInteger,
       "60",
       "rows a list page; the API gives 60 at most",
       false,
       1,
       100'000,
       {},
       integer(&Settings::page_size)},
      {"extract.max_in_flight",
       "",
       Type::kInteger,
       "8",
       "requests under way at once; the quota decides how many a minute",
       false,
       1,
       64,
       {},
       integer(&Settings::max_in_flight)},
      {"extract.max_retries",
       "API_MAX_RETRIES",
       Type::kInteger,
       "5",
       "how often a failed request is tried again",
       false,
       0,
       100,
       {},
       integer(&Settings::max_retries)},
      {"extract.retry_delay_secs",
       "API_RETRY_DELAY",
       Type::kInteger,
       "1",
       "wait before the first new try, doubled each time",
       false,
       0,
       3600,
       {},
       integer(&Settings::retry_delay_secs)},
      {"extract.rate_limit_delay_secs",
       "API_RATE_LIMIT_DELAY",
       Type::kInteger,
       "60",
       "wait after a 429 that does not say how long",
       false,
       0,
       3600,
       {},
       integer(&Settings::rate_limit_delay_secs)},
      {"landing.package_mb_max",
       "",
       Type::kInteger,
       "32",
       "raw text of one landing package; what is loaded in one piece",
       false,
       1,
       64,
       {},
       integer(&Settings::package_mb_max)},
      {"landing.retention_hours",
       "",
       Type::kInteger,
       "24",
       "landing packages that are loaded and older than this are removed",
       false,
       0,
       24 * 3650,
       {},
       integer(&Settings::retention_hours)},
      {"warehouse.type",
       "",
       Type::kText,
       "ducklake",
       "ducklake: Parquet files and a catalog, with time travel; duckdb: one database file",
       false,
       0,
       0,
       {"ducklake", "duckdb"},
       text(&Settings::warehouse_type)},
      {"warehouse.memory_mb",
       "",
       Type::kInteger,
       "0",
       "memory that the embedded warehouse may use; 0: chosen by falaj",
       false,
       0,
       1'000'000,
       {},
       integer(&Settings::warehouse_memory_mb)},
      {"warehouse.threads",
       "",
       Type::kInteger,
       "0",
       "threads of the embedded warehouse; 0: one a processor",
       false,
       0,
       256,
       {},
       integer(&Settings::warehouse_threads)},
      {"log.level",
       "LOG_LEVEL",
       Type::kText,
       "warn",
       "what is written to standard error",
       false,
       0,
       0,
       {"debug", "info", "warn", "warning", "error", "off"},
       text(&Settings::log_level)},
      {"test.time_scale",
       "FALAJ_TIME_SCALE",
       Type::kNumber,
       "1",
       "divides every wait; only for a store whose clock runs that much faster",
       false,
       0.001,
       1e6,
       {},
       [](Settings& settings, const std::string& value) {
         settings.time_scale = std::strtod(value.c_str(), nullptr);
       }},
  };
  return table;
}

Status check_value(const Property& property, const std::string& value) {
  const auto bad = [&](const std::string& accepted) {
    return Error(ErrorKind::kInvalidConfig,
                 fmt::format("found {}, accepted: {}",
                             property.is_secret ? std::string("a bad value")
                                                : "\"" + excerpt(value, 60) + "\"",
                             accepted));
  };
  if (property.type == Type::kText) {
    if (property.accepted.empty()) return {};
    std::string list;
    for (const auto& one : property.accepted) {
      if (one == value) return {};
      list += (list.empty() ? "" : ", ") + one;
    }
    return bad(list);
  }
  char* end = nullptr;
  const double number = std::strtod(value.c_str(), &end);
  const bool whole =
      property.type == Type::kNumber || value.find_first_not_of("-0123456789") == std::string::npos;
  if (value.empty() || *end != '\0' || !whole || number < property.least ||
      number > property.greatest) {
    return bad(fmt::format("a {} from {} to {}",
                           property.type == Type::kInteger ? "whole number" : "number",
                           property.least, property.greatest));
  }
  return {};
}

std::string nearest_name(const std::string& name) {
  std::string best;
  size_t least = name.size();
  for (const auto& property : properties()) {
    const std::string known = property.name;
    if (known.empty()) continue;
    const size_t distance = edit_distance(name, known);
    if (distance < least) {
      least = distance;
      best = known;
    }
  }
  return best;
}

}  // namespace falaj::config
