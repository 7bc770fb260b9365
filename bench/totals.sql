SELECT (SELECT count(*) FROM GOLD.gold_fact_orders) AS orders,
  (SELECT CAST(sum(total_amount) AS VARCHAR) FROM GOLD.gold_fact_orders) AS order_total,
  (SELECT count(*) FROM GOLD.gold_fact_order_items) AS items,
  (SELECT CAST(sum(quantity) AS BIGINT) FROM GOLD.gold_fact_order_items) AS pieces,
  (SELECT count(*) FROM GOLD.gold_dim_customers WHERE customer_key <> -1 AND is_current) AS customers,
  (SELECT count(*) FROM GOLD.gold_dim_products WHERE product_key <> -1 AND is_current) AS products
