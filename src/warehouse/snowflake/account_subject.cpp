#include "warehouse/snowflake/account_subject.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "warehouse/snowflake/ddl.hpp"
#include "warehouse/snowflake/snowflake_warehouse.hpp"

namespace falaj::warehouse {

bool is_fakesnow(const SnowflakeOptions& options) {
  return options.account == "fakesnow" && options.host.starts_with("http://");
}

SnowflakeSubject::SnowflakeSubject(SnowflakeOptions options, std::string database)
    : options_(std::move(options)),
      is_emulated_(is_fakesnow(options_)),
      quirks_(is_emulated_ ? contract::fakesnow_quirks() : contract::snowflake_quirks()) {
  options_.database = std::move(database);
  // fakesnow answers what it cannot do with HTTP 500, which the driver then tries again so long.
  if (is_emulated_) options_.request_timeout = std::chrono::seconds(2);
}

SnowflakeSubject::~SnowflakeSubject() {
  const Status dropped = drop();
  if (!dropped.ok()) log_error("{}", dropped.error().to_text());
}

std::string SnowflakeSubject::name() const {
  return is_emulated_ ? "fakesnow" : "Snowflake " + options_.account;
}

Status SnowflakeSubject::reset() {
  if (!is_made_) return {};
  FALAJ_ASSIGN(auto opened, open_snowflake(options_));
  FALAJ_ASSIGN(auto session, opened->open_session());
  session->tag_statements({.run = "", .task = "accept", .model = ""});
  for (const char* schema : {"BRONZE", "SILVER", "GOLD", "OPS"}) {
    FALAJ_TRY(session->execute(fmt::format("DROP SCHEMA IF EXISTS {}.{} CASCADE",
                                           snowflake::quoted(options_.database),
                                           snowflake::quoted(schema))));
  }
  return {};
}

Result<std::unique_ptr<Warehouse>> SnowflakeSubject::open(const contract::OpenMode& mode) {
  auto options = options_;
  options.is_read_only = mode.is_read_only;
  is_made_ = true;
  return open_snowflake(options);
}

std::string SnowflakeSubject::slow_query() const {
  // fakesnow goes on with what was cancelled: seconds are long enough there.
  const int64_t rows = is_emulated_ ? 60'000 : 1'000'000;
  const auto numbers =
      fmt::format("(SELECT SEQ8() AS n FROM TABLE(GENERATOR(ROWCOUNT => {})))", rows);
  return fmt::format("SELECT SUM(a.n * b.n) FROM {0} a CROSS JOIN {0} b", numbers);
}

Status SnowflakeSubject::drop() {
  if (!is_made_) return {};
  const auto statement =
      fmt::format("DROP DATABASE IF EXISTS {}", snowflake::quoted(options_.database));
  Status done = [&]() -> Status {
    if (is_emulated_) return reset();  // it has no DROP DATABASE
    FALAJ_ASSIGN(auto opened, open_snowflake(options_));
    FALAJ_ASSIGN(auto session, opened->open_session());
    FALAJ_TRY(session->execute(statement));
    return {};
  }();
  is_made_ = false;
  if (done.ok()) return {};
  return std::move(done).error().while_doing(
      fmt::format("removing the scratch database; it may still be there: {};", statement));
}

}  // namespace falaj::warehouse
