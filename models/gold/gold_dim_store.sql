-- gold_dim_store: the stores in this warehouse.
-- grain: one row a store
-- keys: store_id
-- surrogate: store_key
-- materialisation: merge
-- scope: store_id BIGINT
-- changes: SELECT store_id FROM BRONZE.bronze_store_info WHERE load_seq > {seq}
-- columns: store_key BIGINT, store_id BIGINT, store_name VARCHAR, domain VARCHAR, plan VARCHAR, store_type VARCHAR, currency VARCHAR, status VARCHAR,
-- columns: is_active BOOLEAN, change_seq BIGINT
-- checks: unique(store_id)
SELECT surrogate_key('gold_dim_store', b.store_id) AS store_key, b.store_id, b.name AS store_name, b.domain, b.plan, b.type AS store_type,
       b.currency, b.status, CASE WHEN b.status IS NULL OR b.status = 'active' THEN TRUE ELSE FALSE END AS is_active
FROM BRONZE.bronze_store_info b {{changed(b.store_id)}}
QUALIFY ROW_NUMBER() OVER (PARTITION BY b.store_id ORDER BY {{newest(b)}}) = 1
