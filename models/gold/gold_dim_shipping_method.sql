-- gold_dim_shipping_method: the companies that carried orders.
-- grain: one row a shipping method, for all stores
-- keys: shipping_method_name
-- surrogate: shipping_method_key
-- materialisation: merge
-- scope: shipping_method_name VARCHAR
-- changes: SELECT shipping_method FROM SILVER.silver_orders WHERE shipping_method IS NOT NULL AND change_seq > {seq}
-- changes: SELECT d.shipping_method_name FROM GOLD.gold_dim_shipping_method d LEFT JOIN SILVER.silver_orders o ON o.shipping_method = d.shipping_method_name WHERE o.store_id IS NULL AND EXISTS (SELECT 1 FROM SILVER.silver_orders n WHERE n.change_seq > {seq})
-- changes: SELECT d.shipping_method_name FROM GOLD.gold_dim_shipping_method d LEFT JOIN SILVER.silver_orders o ON o.shipping_method = d.shipping_method_name WHERE o.store_id IS NULL AND EXISTS (SELECT 1 FROM SILVER.quarantine q WHERE q.model = 'silver_orders' AND q.change_seq > {seq})
-- columns: shipping_method_key BIGINT, shipping_method_name VARCHAR, shipping_type VARCHAR, is_active BOOLEAN, change_seq BIGINT
-- checks: unique(shipping_method_key)
SELECT surrogate_key('gold_dim_shipping_method', o.shipping_method) AS shipping_method_key, o.shipping_method AS shipping_method_name,
       'courier' AS shipping_type, TRUE AS is_active
FROM SILVER.silver_orders o {{changed(o.shipping_method)}}
WHERE o.shipping_method IS NOT NULL
GROUP BY o.shipping_method
