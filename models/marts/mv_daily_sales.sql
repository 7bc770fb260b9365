-- mv_daily_sales: revenue and orders by day, as the operations guide asks for it, kept fresh by each run.
-- grain: one row a store, currency and day with orders
-- keys: store_id, currency, full_date
-- materialisation: merge
-- scope: store_id BIGINT, full_date DATE
-- changes: SELECT o.store_id, d.full_date FROM SILVER.silver_orders o LEFT JOIN GOLD.gold_dim_date d ON d.full_date = o.order_date WHERE o.change_seq > {seq}
-- changes: SELECT b.store_id, d.full_date FROM SILVER.silver_orders o JOIN BRONZE.bronze_orders b ON b.store_id = o.store_id AND b.order_id = o.order_id LEFT JOIN GOLD.gold_dim_date d ON d.full_date = CAST(DATEADD('hour', 3, b.created_at) AS DATE) WHERE o.change_seq > {seq} AND b.created_at IS NOT NULL
-- changes: SELECT b.store_id, d.full_date FROM SILVER.quarantine q JOIN BRONZE.bronze_orders b ON b.store_id = q.store_id AND b.order_id = q.entity_id LEFT JOIN GOLD.gold_dim_date d ON d.full_date = CAST(DATEADD('hour', 3, b.created_at) AS DATE) WHERE q.model = 'silver_orders' AND q.change_seq > {seq} AND b.created_at IS NOT NULL
-- changes: SELECT o.store_id, o.order_date FROM SILVER.silver_orders o JOIN OPS.known_days k ON k.store_id = o.store_id AND o.order_date BETWEEN k.first_day AND k.last_day WHERE k.load_seq > {seq}
-- columns: store_id BIGINT, currency VARCHAR, full_date DATE, daily_revenue DECIMAL(18,4), order_count BIGINT, is_complete BOOLEAN, change_seq BIGINT
-- checks: unique(store_id, currency, full_date)
-- An order may move to another day, since answers and events can differ in its time: each day that any payload of a changed
-- order has named is computed again.
-- Every live order counts, cancelled ones too: filter on gold_fact_orders where they must not.
-- is_complete: all orders of the day are known; else the sums are of a part of them (a day that is not over, or was never
-- read whole).
-- The day comes from the fact's date_key, so that a run joins the changed days with the facts at once. Orders whose day is
-- not in gold_dim_date have a row of their own, without a day.
WITH days AS (
  SELECT f.store_id, f.currency, f.full_date, SUM(f.total_amount) AS daily_revenue, COUNT(DISTINCT f.order_id) AS order_count
  FROM (
    SELECT g.store_id, g.currency, g.total_amount, g.order_id, d.full_date
    FROM GOLD.gold_fact_orders g
    LEFT JOIN GOLD.gold_dim_date d ON d.date_key = g.order_date_key
  ) f {{changed(f.store_id, f.full_date)}}
  GROUP BY f.store_id, f.currency, f.full_date
)
SELECT d.store_id, d.currency, d.full_date, d.daily_revenue, d.order_count,
       CASE WHEN COUNT(k.store_id) > 0 THEN TRUE ELSE FALSE END AS is_complete
FROM days d
LEFT JOIN OPS.known_days k ON k.store_id = d.store_id AND d.full_date BETWEEN k.first_day AND k.last_day
GROUP BY d.store_id, d.currency, d.full_date, d.daily_revenue, d.order_count
