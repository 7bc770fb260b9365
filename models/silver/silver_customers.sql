-- silver_customers: each customer as last seen, cleaned.
-- grain: one row a customer, deleted ones included (is_deleted)
-- keys: store_id, customer_id
-- materialisation: merge
-- scope: store_id BIGINT, customer_id BIGINT
-- changes: SELECT store_id, customer_id FROM BRONZE.bronze_customers WHERE load_seq > {seq}
-- changes: SELECT store_id, deletion_id FROM BRONZE.bronze_deletions WHERE entity = 'customers' AND load_seq > {seq}
-- columns: store_id BIGINT, customer_id BIGINT, full_name VARCHAR, first_name VARCHAR, last_name VARCHAR, email VARCHAR, mobile VARCHAR, mobile_e164 VARCHAR,
-- columns: country VARCHAR, city VARCHAR, gender VARCHAR, birthday DATE, age_group VARCHAR, customer_status VARCHAR, groups VARCHAR, registration_date DATE,
-- columns: last_updated TIMESTAMP, name_search_key VARCHAR, is_deleted BOOLEAN, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, customer_id)
-- 1970-01-01 is Salla's filler for an unknown birthday, "null" its text for no value. The age group
-- is that of the year in which the payload was seen.
WITH newest AS (
  SELECT * FROM {{known(BRONZE.bronze_customers, customer_id, full_name, first_name, last_name, email, mobile, mobile_e164, country, city,
    gender, birthday, is_blocked, groups, created_at, updated_at)}} k
),
gone AS (
  SELECT * FROM {{gone(customers)}} d
),
cleaned AS (
  SELECT n.*, CASE WHEN {{is_gone(g, n)}} THEN TRUE ELSE FALSE END AS is_deleted,
         NULLIF(TRIM(COALESCE(n.full_name, COALESCE(n.first_name, '') || ' ' || COALESCE(n.last_name, ''))), '') AS whole_name,
         CASE WHEN n.birthday = CAST('1970-01-01' AS DATE) THEN NULL ELSE n.birthday END AS real_birthday
  FROM newest n
  LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.customer_id
)
SELECT store_id, customer_id, whole_name AS full_name, NULLIF(first_name, '') AS first_name, NULLIF(last_name, '') AS last_name,
       LOWER(NULLIF(NULLIF(TRIM(email), ''), 'null')) AS email, NULLIF(mobile, '') AS mobile, mobile_e164,
       NULLIF(NULLIF(TRIM(country), ''), 'null') AS country, NULLIF(NULLIF(TRIM(city), ''), 'null') AS city,
       NULLIF(gender, '') AS gender, real_birthday AS birthday,
       CASE WHEN real_birthday IS NULL THEN NULL
            WHEN YEAR(extracted_at) - YEAR(real_birthday) < 18 THEN '0-17'
            WHEN YEAR(extracted_at) - YEAR(real_birthday) < 25 THEN '18-24'
            WHEN YEAR(extracted_at) - YEAR(real_birthday) < 35 THEN '25-34'
            WHEN YEAR(extracted_at) - YEAR(real_birthday) < 45 THEN '35-44'
            WHEN YEAR(extracted_at) - YEAR(real_birthday) < 55 THEN '45-54'
            ELSE '55+' END AS age_group,
       CASE WHEN is_blocked THEN 'blocked' ELSE 'active' END AS customer_status, groups,
       CAST(DATEADD('hour', 3, created_at) AS DATE) AS registration_date, updated_at AS last_updated,
       LOWER(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(whole_name, 'أ', 'ا'), 'إ', 'ا'), 'آ', 'ا'), 'ى', 'ي'), 'ة', 'ه'), 'ـ', '')) AS name_search_key,
       is_deleted
FROM cleaned
