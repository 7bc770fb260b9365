-- gold_dim_customers: customers with their history.
-- grain: one row a version of a customer; the first one holds from 1900 on
-- keys: store_id, customer_id
-- surrogate: customer_key
-- materialisation: scd2
-- scope: store_id BIGINT, customer_id BIGINT
-- changes: SELECT store_id, customer_id FROM SILVER.silver_customers WHERE change_seq > {seq}
-- columns: customer_key BIGINT, store_id BIGINT, customer_id BIGINT, full_name VARCHAR, email VARCHAR, mobile VARCHAR, country VARCHAR, city VARCHAR,
-- columns: gender VARCHAR, age_group VARCHAR, customer_status VARCHAR, customer_segment VARCHAR, effective_date TIMESTAMP, expiration_date TIMESTAMP,
-- columns: is_current BOOLEAN, change_seq BIGINT
-- checks: unique(customer_key); one_current(store_id, customer_id)
-- customer_segment tells members of a customer group from the rest.
-- A deletion does not move the source's time of change: that version starts when the run saw it.
SELECT s.store_id, s.customer_id, s.full_name, s.email, s.mobile_e164 AS mobile, s.country, s.city, s.gender, s.age_group,
       CASE WHEN s.is_deleted THEN 'deleted' ELSE s.customer_status END AS customer_status,
       CASE WHEN s.groups IS NULL OR s.groups IN ('[]', '{}', 'null', '') THEN 'regular' ELSE 'group' END AS customer_segment,
       CASE WHEN s.is_deleted THEN NULL ELSE s.last_updated END AS changed_at
FROM SILVER.silver_customers s {{changed(s.store_id, s.customer_id)}}
