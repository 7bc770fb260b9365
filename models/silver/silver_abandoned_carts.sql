-- silver_abandoned_carts: each abandoned cart as last seen.
-- grain: one row a cart, those that are gone included (is_deleted)
-- keys: store_id, abandoned_cart_id
-- materialisation: merge
-- scope: store_id BIGINT, abandoned_cart_id BIGINT
-- changes: SELECT store_id, abandoned_cart_id FROM BRONZE.bronze_abandoned_carts WHERE load_seq > {seq}
-- changes: SELECT store_id, deletion_id FROM BRONZE.bronze_deletions WHERE entity = 'abandoned_carts' AND load_seq > {seq}
-- changes: SELECT store_id, entity_id FROM BRONZE.bronze_webhooks WHERE entity = 'abandoned_carts' AND entity_id IS NOT NULL AND load_seq > {seq}
-- columns: store_id BIGINT, abandoned_cart_id BIGINT, status VARCHAR, customer_id BIGINT, customer_name VARCHAR, customer_mobile VARCHAR,
-- columns: customer_email VARCHAR, total_amount DECIMAL(18,4), sub_total_amount DECIMAL(18,4), discount_amount DECIMAL(18,4), currency VARCHAR,
-- columns: coupon_code VARCHAR, items_count BIGINT, created_at TIMESTAMP, updated_at TIMESTAMP, is_deleted BOOLEAN, deleted_at TIMESTAMP,
-- columns: processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, abandoned_cart_id)
-- status is what was said last: by a payload that has one, or by an event, whose body may be the id and
-- the status alone. A cart that was bought is no deleted one, though its list has it no longer.
WITH newest AS (
  SELECT * FROM {{known(BRONZE.bronze_abandoned_carts, abandoned_cart_id, status, customer_id, customer_name, customer_mobile_e164,
    customer_email, total_amount, sub_total_amount, discount_amount, currency, coupon_code, items_count, created_at, updated_at)}} k
),
told AS (
  SELECT s.store_id, s.cart_id, s.status
  FROM (
    SELECT b.store_id, b.abandoned_cart_id AS cart_id, b.status, b.load_seq, b.extracted_at AS told_at
    FROM BRONZE.bronze_abandoned_carts b WHERE b.status <> ''
    UNION ALL
    SELECT w.store_id, w.entity_id, CASE WHEN w.event = 'abandoned.cart.purchased' THEN 'purchased' ELSE w.entity_status END, w.load_seq,
           CASE WHEN w.event_created_at < w.received_at THEN w.event_created_at ELSE w.received_at END
    FROM BRONZE.bronze_webhooks w
    WHERE w.entity = 'abandoned_carts' AND w.entity_id IS NOT NULL AND (w.event = 'abandoned.cart.purchased' OR w.entity_status <> '')
  ) s {{changed(s.store_id, s.cart_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY s.store_id, s.cart_id ORDER BY s.load_seq DESC NULLS LAST, s.told_at DESC, s.status DESC) = 1
),
gone AS (
  SELECT * FROM {{gone(abandoned_carts)}} d
)
SELECT n.store_id, n.abandoned_cart_id, COALESCE(t.status, n.status) AS status, n.customer_id, n.customer_name, n.customer_mobile_e164 AS customer_mobile,
       n.customer_email, n.total_amount,
       n.sub_total_amount, n.discount_amount, n.currency, n.coupon_code, n.items_count, n.created_at, n.updated_at,
       CASE WHEN {{is_gone(g, n)}} AND COALESCE(t.status, '') <> 'purchased' THEN TRUE ELSE FALSE END AS is_deleted,
       CASE WHEN {{is_gone(g, n)}} AND COALESCE(t.status, '') <> 'purchased' THEN g.gone_at END AS deleted_at
FROM newest n
LEFT JOIN told t ON t.store_id = n.store_id AND t.cart_id = n.abandoned_cart_id
LEFT JOIN gone g ON g.store_id = n.store_id AND g.deletion_id = n.abandoned_cart_id
