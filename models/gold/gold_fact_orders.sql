-- gold_fact_orders: live orders, joined to the versions of their dimensions that held at order time.
-- grain: one row an order that is not deleted
-- keys: store_id, order_id
-- materialisation: merge
-- scope: store_id BIGINT, order_id BIGINT
-- changes: SELECT store_id, order_id FROM SILVER.silver_orders WHERE change_seq > {seq}
-- changes: SELECT store_id, entity_id FROM SILVER.quarantine WHERE model = 'silver_orders' AND change_seq > {seq}
-- changes: SELECT o.store_id, o.order_id FROM GOLD.gold_dim_customers d JOIN SILVER.silver_orders o ON o.store_id = d.store_id AND o.customer_id = d.customer_id WHERE d.change_seq > {seq} AND d.is_current AND o.order_at >= d.effective_date
-- columns: order_key BIGINT, store_id BIGINT, order_id BIGINT, reference_id VARCHAR, customer_key BIGINT, order_date_key BIGINT, payment_method_key BIGINT,
-- columns: shipping_method_key BIGINT, order_status VARCHAR, is_cancelled BOOLEAN, is_paid BOOLEAN, is_delivered BOOLEAN, items_count BIGINT,
-- columns: subtotal_amount DECIMAL(18,4), discount_amount DECIMAL(18,4), tax_amount DECIMAL(18,4), shipping_cost DECIMAL(18,4), cod_cost DECIMAL(18,4),
-- columns: total_amount DECIMAL(18,4), currency VARCHAR, total_amount_sar DECIMAL(18,4), coupon_code VARCHAR, shipping_country VARCHAR, shipping_city VARCHAR,
-- columns: detail_depth VARCHAR, order_created_at TIMESTAMP, order_updated_at TIMESTAMP, loaded_at TIMESTAMP, change_seq BIGINT
-- checks: unique(order_key)
-- rules: not_null(order_date_key); not_null(customer_key)
SELECT surrogate_key('gold_fact_orders', o.store_id, o.order_id) AS order_key, o.store_id, o.order_id, o.reference_id,
       COALESCE(c.customer_key, -1) AS customer_key,
       COALESCE(d.date_key, -1) AS order_date_key,
       CASE WHEN o.payment_method IS NULL THEN -1 ELSE surrogate_key('gold_dim_payment_method', o.payment_method) END AS payment_method_key,
       CASE WHEN o.shipping_method IS NULL THEN -1 ELSE surrogate_key('gold_dim_shipping_method', o.shipping_method) END AS shipping_method_key,
       o.order_status, CASE WHEN o.order_status = 'canceled' THEN TRUE ELSE FALSE END AS is_cancelled,
       CASE WHEN o.is_pending_payment THEN FALSE
            WHEN o.order_status IN ('payment_pending', 'waiting_for_payment_confirmation', 'payment_failed', 'canceled') THEN FALSE ELSE TRUE END AS is_paid,
       CASE WHEN o.order_status IN ('delivered', 'completed') THEN TRUE ELSE FALSE END AS is_delivered,
       o.items_count, o.subtotal_amount, o.discount_amount, o.tax_amount, o.shipping_cost, o.cod_cost, o.total_amount, o.currency,
       o.total_amount_sar, o.coupon_code, o.shipping_country, o.shipping_city, o.detail_depth, o.created_at AS order_created_at,
       o.updated_at AS order_updated_at
FROM SILVER.silver_orders o {{changed(o.store_id, o.order_id)}}
LEFT JOIN GOLD.gold_dim_customers c
  ON c.store_id = o.store_id AND c.customer_id = o.customer_id AND o.order_at >= c.effective_date AND o.order_at < c.expiration_date
LEFT JOIN GOLD.gold_dim_date d ON d.full_date = o.order_date
WHERE NOT o.is_deleted
