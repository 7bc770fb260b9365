-- gold_fact_order_items: the lines of live orders, joined to the product versions that held at order time.
-- grain: one row a line of an order that is not deleted
-- keys: store_id, order_item_key
-- materialisation: merge
-- scope: store_id BIGINT, order_id BIGINT
-- changes: SELECT store_id, order_id FROM SILVER.silver_orders WHERE change_seq > {seq}
-- changes: SELECT store_id, order_id FROM SILVER.silver_order_items WHERE change_seq > {seq}
-- changes: SELECT store_id, entity_id FROM SILVER.quarantine WHERE model = 'silver_orders' AND change_seq > {seq}
-- changes: SELECT i.store_id, i.order_id FROM GOLD.gold_dim_products d JOIN SILVER.silver_order_items i ON i.store_id = d.store_id AND i.product_id = d.product_id JOIN SILVER.silver_orders o ON o.store_id = i.store_id AND o.order_id = i.order_id WHERE d.change_seq > {seq} AND d.is_current AND o.order_at >= d.effective_date
-- columns: order_item_key BIGINT, order_key BIGINT, product_key BIGINT, store_id BIGINT, order_id BIGINT, order_date_key BIGINT, quantity DECIMAL(18,4),
-- columns: unit_price DECIMAL(18,4), discount_amount DECIMAL(18,4), tax_amount DECIMAL(18,4), total_amount DECIMAL(18,4), cost_amount DECIMAL(18,4),
-- columns: margin_amount DECIMAL(18,4), loaded_at TIMESTAMP, change_seq BIGINT
-- checks: unique(order_item_key)
-- rules: not_null(order_item_key); not_null(product_key)
-- total_amount is the line as Salla gives it: without tax. The margin is it less discount and cost.
-- The key of a line's further payload (silver_order_items: line_place) has that place as well.
SELECT CASE WHEN i.line_place = 0 THEN surrogate_key('gold_fact_order_items', i.store_id, i.order_id, i.order_item_id)
            ELSE surrogate_key('gold_fact_order_items', i.store_id, i.order_id, i.order_item_id, i.line_place) END AS order_item_key,
       surrogate_key('gold_fact_orders', i.store_id, i.order_id) AS order_key, COALESCE(p.product_key, -1) AS product_key,
       i.store_id, i.order_id, COALESCE(d.date_key, -1) AS order_date_key, i.quantity,
       i.unit_price, i.discount_amount, i.tax_amount, i.total_amount,
       ROUND(CAST(p.cost_price AS DECIMAL(38,4)) * i.quantity, 4) AS cost_amount,
       CAST(i.total_amount AS DECIMAL(38,4)) - COALESCE(i.discount_amount, 0) - ROUND(CAST(p.cost_price AS DECIMAL(38,4)) * i.quantity, 4) AS margin_amount
FROM SILVER.silver_order_items i {{changed(i.store_id, i.order_id)}}
JOIN SILVER.silver_orders o ON o.store_id = i.store_id AND o.order_id = i.order_id
LEFT JOIN GOLD.gold_dim_products p
  ON p.store_id = i.store_id AND p.product_id = i.product_id AND o.order_at >= p.effective_date AND o.order_at < p.expiration_date
LEFT JOIN GOLD.gold_dim_date d ON d.full_date = o.order_date
WHERE NOT o.is_deleted
