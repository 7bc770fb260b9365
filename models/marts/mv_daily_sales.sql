-- mv_daily_sales: revenue and orders by day, as the operations guide asks for it, kept fresh by each run.
-- grain: one row a store, currency and day with orders
-- keys: store_id, currency, full_date
-- materialisation: merge
-- scope: store_id BIGINT, full_date DATE
-- changes: SELECT store_id, order_date FROM SILVER.silver_orders WHERE change_seq > {seq}
-- columns: store_id BIGINT, currency VARCHAR, full_date DATE, daily_revenue DECIMAL(18,4), order_count BIGINT, change_seq BIGINT
-- checks: unique(store_id, currency, full_date)
-- Every live order counts, cancelled ones too: filter on gold_fact_orders where they must not.
SELECT f.store_id, f.currency, d.full_date, SUM(f.total_amount) AS daily_revenue, COUNT(DISTINCT f.order_id) AS order_count
FROM GOLD.gold_fact_orders f
JOIN GOLD.gold_dim_date d ON f.order_date_key = d.date_key {{changed(f.store_id, d.full_date)}}
GROUP BY f.store_id, f.currency, d.full_date
