-- silver_order_status_history: what happened to orders: changes of status and comments.
-- grain: one row an event of an order
-- keys: store_id, order_history_id
-- materialisation: merge
-- scope: store_id BIGINT, order_history_id BIGINT
-- changes: SELECT store_id, order_history_id FROM BRONZE.bronze_order_histories WHERE load_seq > {seq}
-- columns: store_id BIGINT, order_history_id BIGINT, order_id BIGINT, status_slug VARCHAR, status_id BIGINT, status_name VARCHAR, event_type VARCHAR,
-- columns: note VARCHAR, changed_by VARCHAR, changed_at TIMESTAMP, processed_at TIMESTAMP, change_seq BIGINT
-- checks: unique(store_id, order_history_id)
-- Empty unless the stream order_histories is switched on: it takes a call for each order.
WITH newest AS (
  SELECT b.store_id, b.order_history_id, b.order_id, b.status_slug, b.status_id, b.status_custom_name, b.type, b.note, b.created_by_name,
         b.created_at, b.extracted_at
  FROM BRONZE.bronze_order_histories b {{changed(b.store_id, b.order_history_id)}}
  QUALIFY ROW_NUMBER() OVER (PARTITION BY b.store_id, b.order_history_id
                             ORDER BY {{newest(b)}}) = 1
)
SELECT n.store_id, n.order_history_id, n.order_id, n.status_slug, n.status_id, n.status_custom_name AS status_name, n.type AS event_type,
       n.note, n.created_by_name AS changed_by, n.created_at AS changed_at
FROM newest n
