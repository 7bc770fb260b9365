-- gold_dim_payment_method: the ways in which orders were paid.
-- grain: one row a payment method (slug), for all stores
-- keys: payment_method_name
-- surrogate: payment_method_key
-- materialisation: merge
-- scope: payment_method_name VARCHAR
-- changes: SELECT payment_method FROM SILVER.silver_orders WHERE payment_method IS NOT NULL AND change_seq > {seq}
-- changes: SELECT d.payment_method_name FROM GOLD.gold_dim_payment_method d LEFT JOIN SILVER.silver_orders o ON o.payment_method = d.payment_method_name WHERE o.store_id IS NULL AND EXISTS (SELECT 1 FROM SILVER.silver_orders n WHERE n.change_seq > {seq})
-- changes: SELECT d.payment_method_name FROM GOLD.gold_dim_payment_method d LEFT JOIN SILVER.silver_orders o ON o.payment_method = d.payment_method_name WHERE o.store_id IS NULL AND EXISTS (SELECT 1 FROM SILVER.quarantine q WHERE q.model = 'silver_orders' AND q.change_seq > {seq})
-- columns: payment_method_key BIGINT, payment_method_name VARCHAR, payment_family VARCHAR, is_active BOOLEAN, change_seq BIGINT
-- checks: unique(payment_method_key)
SELECT surrogate_key('gold_dim_payment_method', o.payment_method) AS payment_method_key, o.payment_method AS payment_method_name,
       MIN(o.payment_family) AS payment_family, TRUE AS is_active
FROM SILVER.silver_orders o {{changed(o.payment_method)}}
WHERE o.payment_method IS NOT NULL
GROUP BY o.payment_method
