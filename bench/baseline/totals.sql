SELECT (SELECT count(*) FROM gold_fact_orders) AS orders,
  (SELECT sum(total_amount)::VARCHAR FROM gold_fact_orders) AS order_total,
  (SELECT count(*) FROM gold_fact_order_items) AS items,
  (SELECT sum(quantity)::BIGINT FROM gold_fact_order_items) AS pieces,
  (SELECT sum(total_amount)::VARCHAR FROM gold_fact_order_items) AS item_total,
  (SELECT count(*) FROM gold_dim_customers) AS customers,
  (SELECT count(*) FROM gold_dim_products) AS products
