#include "warehouse/duckdb/prelude.hpp"

namespace falaj::warehouse {

std::string_view session_prelude() {
  return R"sql(
SET TimeZone = 'UTC';
SET default_null_order = 'nulls_last_on_asc_first_on_desc';
CREATE TEMP TYPE timestamp_ntz AS TIMESTAMP;
CREATE TEMP TYPE timestamp_tz AS TIMESTAMPTZ;
CREATE TEMP TYPE timestamp_ltz AS TIMESTAMPTZ;
CREATE TEMP MACRO iff(c, a, b) AS CASE WHEN c THEN a ELSE b END;
CREATE TEMP MACRO nvl(a, b) AS COALESCE(a, b);
CREATE TEMP MACRO zeroifnull(a) AS COALESCE(a, 0);
CREATE TEMP MACRO equal_null(a, b) AS a IS NOT DISTINCT FROM b;
CREATE TEMP MACRO div0(a, b) AS CASE WHEN b = 0 THEN 0 ELSE a / b END;
CREATE TEMP MACRO decimal_ratio(a, b) AS CASE WHEN b <> 0 THEN SIGN(a) * SIGN(b) * CAST(
  (2 * CAST(ABS(CAST(a AS DECIMAL(38, 4))) * 10000 AS HUGEINT) * 100000000
     + CAST(ABS(CAST(b AS DECIMAL(38, 8))) * 100000000 AS HUGEINT))
  // (2 * CAST(ABS(CAST(b AS DECIMAL(38, 8))) * 100000000 AS HUGEINT)) AS DECIMAL(38, 0)) * 0.0001 END;
CREATE TEMP MACRO sha2(text, bits := 256) AS sha256(text);
CREATE TEMP MACRO to_date(x) AS CAST(x AS DATE);
CREATE TEMP MACRO to_varchar(x) AS CAST(x AS VARCHAR);
CREATE TEMP MACRO date_from_parts(y, m, d) AS make_date(y, m, d);
CREATE TEMP MACRO dayofweekiso(d) AS isodow(d);
CREATE TEMP MACRO weekiso(d) AS weekofyear(d);
CREATE TEMP MACRO booland_agg(x) AS bool_and(x);
CREATE TEMP MACRO boolor_agg(x) AS bool_or(x);
CREATE TEMP MACRO dateadd(part, n, t) AS CAST(t AS TIMESTAMP) + CASE lower(part)
  WHEN 'year' THEN to_years(CAST(n AS INTEGER))
  WHEN 'quarter' THEN to_months(CAST(3 * n AS INTEGER))
  WHEN 'month' THEN to_months(CAST(n AS INTEGER))
  WHEN 'week' THEN to_days(CAST(7 * n AS INTEGER))
  WHEN 'day' THEN to_days(CAST(n AS INTEGER))
  WHEN 'hour' THEN to_hours(CAST(n AS BIGINT))
  WHEN 'minute' THEN to_minutes(CAST(n AS BIGINT))
  WHEN 'second' THEN to_seconds(n)
  ELSE error('dateadd: unknown part ' || part) END;
CREATE TEMP MACRO convert_timezone
  (from_zone, to_zone, t) AS timezone(to_zone, timezone(from_zone, CAST(t AS TIMESTAMP))),
  (to_zone, t) AS timezone(to_zone, CAST(t AS TIMESTAMPTZ));
)sql";
}

}  // namespace falaj::warehouse
