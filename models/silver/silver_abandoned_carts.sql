-- silver_abandoned_carts: each abandoned cart as last seen.
-- grain: one row a cart, those that are gone included (is_deleted)
-- keys: store_id, abandoned_cart_id
-- materialisation: merge
-- scope: store_id BIGINT, abandoned_cart_id BIGINT
-- changes: SELECT store_id, abandoned_cart_id FROM BRONZE.bronze_abandoned_carts WHERE load_seq > {seq}
-- changes: SELECT store_id, deletion_id FROM BRONZE.bronze_deletions WHERE entity = 'abandoned_carts' AND load_seq > {seq}
-- columns: store_id BIGINT, abandoned_cart_id BIGINT, status VARCHAR, customer_id BIGINT, customer_name VARCHAR, customer_mobile VARCHAR,
-- columns: customer_email VARCHAR, total_amount DECIMAL(18,4), sub_total_amount DECIMAL(18,4), discount_amount DECIMAL(18,4), currency VARCHAR,
-- columns: coupon_code VARCHAR, items_count BIGINT, created_at TIMESTAMP, updated_at TIMESTAMP, is_deleted BOOLEAN, deleted_at TIMESTAMP,
-- columns: processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, abandoned_cart_id)
-- A cart is gone when it was bought or has expired; which of the two, the API does not say.
WITH newest AS (
  SELECT * FROM {{known(BRONZE.bronze_abandoned_carts, abandoned_cart_id, status, customer_id, customer_name, customer_mobile,
    customer_email, total_amount, sub_total_amount, discount_amount, currency, coupon_code, items_count, created_at, updated_at)}} k
),
gone AS (
  SELECT * FROM {{gone(abandoned_carts)}} d
)
SELECT n.store_id, n.abandoned_cart_id, n.status, n.customer_id, n.customer_name, n.customer_mobile, n.customer_email, n.total_amount,
       n.sub_total_amount, n.discount_amount, n.currency, n.coupon_code, n.items_count, n.created_at, n.updated_at,
       CASE WHEN {{is_gone(g, n)}} THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN {{is_gone(g, n)}} THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.abandoned_cart_id
