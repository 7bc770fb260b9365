-- silver_coupons: each coupon as last seen.
-- grain: one row a coupon, deleted ones included (is_deleted)
-- keys: store_id, coupon_id
-- materialisation: merge
-- scope: store_id BIGINT, coupon_id BIGINT
-- changes: SELECT store_id, coupon_id FROM BRONZE.bronze_coupons WHERE load_seq > {seq}
-- changes: SELECT store_id, deletion_id FROM BRONZE.bronze_deletions WHERE entity = 'coupons' AND load_seq > {seq}
-- columns: store_id BIGINT, coupon_id BIGINT, code VARCHAR, status VARCHAR, amount DECIMAL(18,4), currency VARCHAR, minimum_amount DECIMAL(18,4),
-- columns: maximum_amount DECIMAL(18,4), is_free_shipping BOOLEAN, applied_in VARCHAR, usage_limit BIGINT, usage_limit_per_user BIGINT,
-- columns: is_group BOOLEAN, group_name VARCHAR, usage_count BIGINT, customers_count BIGINT, sales_amount DECIMAL(18,4), starts_at TIMESTAMP,
-- columns: expires_at TIMESTAMP, created_at TIMESTAMP, updated_at TIMESTAMP, coupon_type VARCHAR, is_deleted BOOLEAN, deleted_at TIMESTAMP,
-- columns: processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, coupon_id)
-- coupon_type: Salla spells it percentage, Percentage, p, fixed, Fixed and f.
WITH newest AS (
  SELECT * FROM {{known(BRONZE.bronze_coupons, coupon_id, code, status, amount, currency, minimum_amount, maximum_amount, is_free_shipping,
    applied_in, usage_limit, usage_limit_per_user, is_group, group_name, usage_count, customers_count, sales_amount, starts_at, expires_at,
    created_at, updated_at, type)}} k
),
gone AS (
  SELECT * FROM {{gone(coupons)}} d
)
SELECT n.store_id, n.coupon_id, n.code, n.status, n.amount, n.currency, n.minimum_amount, n.maximum_amount, n.is_free_shipping, n.applied_in,
       n.usage_limit, n.usage_limit_per_user, n.is_group, n.group_name, n.usage_count, n.customers_count, n.sales_amount, n.starts_at,
       n.expires_at, n.created_at, n.updated_at,
       CASE WHEN LOWER(n.type) IN ('p', 'percentage') THEN 'percentage' WHEN LOWER(n.type) IN ('f', 'fixed') THEN 'fixed' ELSE LOWER(n.type) END AS coupon_type,
       CASE WHEN {{is_gone(g, n)}} THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN {{is_gone(g, n)}} THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.coupon_id
