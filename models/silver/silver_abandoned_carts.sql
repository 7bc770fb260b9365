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
  SELECT b.store_id, b.abandoned_cart_id, b.status, b.customer_id, b.customer_name, b.customer_mobile, b.customer_email, b.total_amount,
         b.sub_total_amount, b.discount_amount, b.currency, b.coupon_code, b.items_count, b.created_at, b.updated_at, b.extracted_at
  FROM BRONZE.bronze_abandoned_carts b {{changed(b.store_id, b.abandoned_cart_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY b.store_id, b.abandoned_cart_id
                             ORDER BY b.extracted_at DESC NULLS LAST, b.package_id DESC NULLS LAST, b.package_row DESC NULLS LAST) = 1
),
gone AS (
  SELECT store_id, deletion_id, MAX(extracted_at) AS gone_at
  FROM BRONZE.bronze_deletions WHERE entity = 'abandoned_carts' GROUP BY store_id, deletion_id
)
SELECT n.store_id, n.abandoned_cart_id, n.status, n.customer_id, n.customer_name, n.customer_mobile, n.customer_email, n.total_amount,
       n.sub_total_amount, n.discount_amount, n.currency, n.coupon_code, n.items_count, n.created_at, n.updated_at,
       CASE WHEN g.gone_at >= n.extracted_at THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN g.gone_at >= n.extracted_at THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.abandoned_cart_id
