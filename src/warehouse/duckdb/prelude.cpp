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

std::string_view console_prelude() {
  return R"sql(
CREATE TEMP TYPE number AS DECIMAL(38, 0);
CREATE TEMP MACRO "current_timestamp"() AS get_current_timestamp(), (digits) AS get_current_timestamp();
CREATE TEMP MACRO sysdate() AS CAST(get_current_timestamp() AS TIMESTAMP);
CREATE TEMP MACRO getdate() AS get_current_timestamp();
CREATE TEMP MACRO systimestamp() AS get_current_timestamp();
CREATE TEMP MACRO "localtimestamp"() AS get_current_timestamp(), (digits) AS get_current_timestamp();
CREATE TEMP MACRO "current_date"() AS CAST(get_current_timestamp() AS DATE);
CREATE TEMP MACRO "current_time"() AS CAST(CAST(get_current_timestamp() AS TIMESTAMP) AS TIME);
CREATE OR REPLACE TEMP MACRO dateadd(part, n, t) AS CAST(t AS TIMESTAMP) + CASE lower(part)
  WHEN 'year' THEN to_years(CAST(n AS INTEGER))
  WHEN 'quarter' THEN to_months(CAST(3 * n AS INTEGER))
  WHEN 'month' THEN to_months(CAST(n AS INTEGER))
  WHEN 'week' THEN to_days(CAST(7 * n AS INTEGER))
  WHEN 'day' THEN to_days(CAST(n AS INTEGER))
  WHEN 'hour' THEN to_hours(CAST(n AS BIGINT))
  WHEN 'minute' THEN to_minutes(CAST(n AS BIGINT))
  WHEN 'second' THEN to_seconds(n)
  WHEN 'millisecond' THEN to_milliseconds(n)
  WHEN 'microsecond' THEN to_microseconds(CAST(n AS BIGINT))
  WHEN 'nanosecond' THEN to_microseconds(CAST(n // 1000 AS BIGINT))
  ELSE error('unknown part of a date: ' || part) END;
CREATE TEMP MACRO timestampadd(part, n, t) AS dateadd(part, n, t);
CREATE TEMP MACRO timeadd(part, n, t) AS dateadd(part, n, t);
CREATE TEMP MACRO datediff(part, a, b) AS date_diff(part, CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP));
CREATE TEMP MACRO timestampdiff(part, a, b) AS date_diff(part, CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP));
CREATE TEMP MACRO timediff(part, a, b) AS date_diff(part, CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP));
CREATE TEMP MACRO last_day(d) AS CAST(date_trunc('month', CAST(d AS DATE)) + to_months(1) - to_days(1) AS DATE),
  (d, part) AS CAST(date_trunc(part, CAST(d AS DATE)) + CASE part WHEN 'year' THEN to_years(1)
    WHEN 'quarter' THEN to_months(3) WHEN 'month' THEN to_months(1) WHEN 'week' THEN to_days(7)
    ELSE error('LAST_DAY takes year, quarter, month or week, not ' || part) END - to_days(1) AS DATE);
CREATE TEMP MACRO add_months(d, n) AS CASE
  WHEN CAST(d AS DATE) = CAST(date_trunc('month', CAST(d AS DATE)) + to_months(1) - to_days(1) AS DATE)
  THEN CAST(date_trunc('month', CAST(d AS DATE)) + to_months(CAST(n AS INTEGER) + 1) - to_days(1) AS DATE)
    + (CAST(d AS TIMESTAMP) - CAST(CAST(d AS DATE) AS TIMESTAMP))
  ELSE CAST(d AS TIMESTAMP) + to_months(CAST(n AS INTEGER)) END;
CREATE TEMP MACRO try_to_date(x) AS TRY_CAST(x AS DATE);
CREATE TEMP MACRO to_timestamp(x) AS CAST(x AS TIMESTAMP);
CREATE TEMP MACRO to_timestamp_ntz(x) AS CAST(x AS TIMESTAMP);
CREATE TEMP MACRO to_timestamp_tz(x) AS CAST(x AS TIMESTAMPTZ);
CREATE TEMP MACRO to_timestamp_ltz(x) AS CAST(x AS TIMESTAMPTZ);
CREATE TEMP MACRO try_to_timestamp(x) AS TRY_CAST(x AS TIMESTAMP);
CREATE TEMP MACRO to_time(x) AS CAST(x AS TIME);
CREATE TEMP MACRO to_char(x) AS CAST(x AS VARCHAR);
CREATE TEMP MACRO to_number(x) AS CAST(x AS DECIMAL(38, 0));
CREATE TEMP MACRO to_decimal(x) AS CAST(x AS DECIMAL(38, 0));
CREATE TEMP MACRO try_to_number(x) AS TRY_CAST(x AS DECIMAL(38, 0));
CREATE TEMP MACRO to_double(x) AS CAST(x AS DOUBLE);
CREATE TEMP MACRO to_boolean(x) AS CAST(x AS BOOLEAN);
CREATE TEMP MACRO nvl2(x, a, b) AS CASE WHEN x IS NOT NULL THEN a ELSE b END;
CREATE TEMP MACRO nullifzero(a) AS NULLIF(a, 0);
CREATE TEMP MACRO div0null(a, b) AS CASE WHEN b = 0 OR b IS NULL THEN 0 ELSE a / b END;
CREATE TEMP MACRO square(x) AS x * x;
CREATE TEMP MACRO initcap(text) AS array_to_string(
  list_transform(string_split(lower(text), ' '), lambda word: upper(word[1]) || word[2:]), ' ');
CREATE TEMP MACRO charindex(part, text) AS strpos(text, part);
CREATE TEMP MACRO startswith(text, part) AS starts_with(text, part);
CREATE TEMP MACRO endswith(text, part) AS ends_with(text, part);
CREATE TEMP MACRO regexp_like(text, pattern) AS regexp_full_match(text, pattern);
CREATE TEMP MACRO regexp_substr(text, pattern) AS NULLIF(regexp_extract(text, pattern), '');
CREATE TEMP MACRO array_size(x) AS length(x);
CREATE TEMP MACRO parse_json(x) AS CAST(x AS JSON);
CREATE TEMP MACRO yearofweekiso(d) AS isoyear(d);
)sql";
}

}  // namespace falaj::warehouse
