-- mv_daily_sales: revenue and orders by day, as the operations guide asks for it, kept fresh by each run.
-- grain: one row a store, currency and day with orders
-- keys: store_id, currency, full_date
-- materialisation: merge
-- scope: store_id BIGINT, full_date DATE
-- changes: SELECT o.store_id, d.full_date FROM SILVER.silver_orders o LEFT JOIN GOLD.gold_dim_date d ON d.full_date = o.order_date WHERE o.change_seq > {seq}
-- changes: SELECT b.store_id, d.full_date FROM SILVER.silver_orders o JOIN BRONZE.bronze_orders b ON b.store_id = o.store_id AND b.order_id = o.order_id LEFT JOIN GOLD.gold_dim_date d ON d.full_date = CAST(DATEADD('hour', 3, b.created_at) AS DATE) WHERE o.change_seq > {seq} AND b.created_at IS NOT NULL
-- changes: SELECT b.store_id, d.full_date FROM SILVER.quarantine q JOIN BRONZE.bronze_orders b ON b.store_id = q.store_id AND b.order_id = q.entity_id LEFT JOIN GOLD.gold_dim_date d ON d.full_date = CAST(DATEADD('hour', 3, b.created_at) AS DATE) WHERE q.model = 'silver_orders' AND q.change_seq > {seq} AND b.created_at IS NOT NULL
-- columns: store_id BIGINT, currency VARCHAR, full_date DATE, daily_revenue DECIMAL(18,4), order_count BIGINT, change_seq BIGINT
-- checks: unique(store_id, currency, full_date)
-- An order may move to another day, since answers and events can differ in its time: each day that any payload of a changed
-- order has named is computed anew.
-- Every live order counts, cancelled ones too: filter on gold_fact_orders where they must not.
-- The day comes from the fact's date_key, so that a run joins the changed days with the facts at once. Orders whose day is
-- not in gold_dim_date have a row of their own, without a day.
SELECT f.store_id, f.currency, f.full_date, SUM(f.total_amount) AS daily_revenue, COUNT(DISTINCT f.order_id) AS order_count
FROM (
  SELECT g.store_id, g.currency, g.total_amount, g.order_id, d.full_date
  FROM GOLD.gold_fact_orders g
  LEFT JOIN GOLD.gold_dim_date d ON d.date_key = g.order_date_key
) f {{changed(f.store_id, f.full_date)}}
GROUP BY f.store_id, f.currency, f.full_date
